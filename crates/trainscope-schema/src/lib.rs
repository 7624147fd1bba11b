//! The contract of Trainscope: what is written to a run log, sent over the wire and drawn.
//!
//! Pure data and its encoding. No files, no sockets, no clocks, no threads.

pub mod colour;
mod column;
mod evaluation;
pub mod figure;
mod frame;
mod ids;
mod message;
mod num;
mod record;

#[cfg(test)]
mod generated;

pub use column::{Column, ColumnData, DType};
pub use evaluation::{Averages, Calibration, CalibrationBin, ClassRow, ConfusedPair, Evaluation, Rate};
pub use frame::{
    DecodeFrameError, EncodeFrameError, FRAME_HEADER_LEN_BYTES, FRAME_VERSION, Frame, FrameKind, MAGIC,
    MAX_FRAME_LEN_BYTES, decode_frame, encode_frame, find_magic,
};
pub use ids::{Epoch, FrameAddress, Rank, RunKey, SeriesId, Step, WallTime};
pub use message::{
    ChartBody, ChartQuery, ChartSeries, ClientMessage, EvaluationInfo, Extreme, PROTOCOL_VERSION, RunDetails,
    RunState, RunSummary, SeriesInfo, SeriesRef, ServerMessage, TensorInfo,
};
pub use num::Num;
pub use record::{
    DecodeRecordError, Health, LayerSummary, ModelSummary, Note, NoteLevel, Outcome, Predictions, Progress,
    Record, RunEnd, RunStart, Scalars, SeriesDef, SeriesIndex, Tensor, TensorRole,
};
