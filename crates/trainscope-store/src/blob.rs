//! Bulk of a run, found by its id and read later: without the run, from any thread.

use std::io;

use trainscope_eval::{AddPredictionsError, Tally};
use trainscope_schema::{
    DecodeFrameError, DecodeRecordError, Evaluation, EvaluationInfo, Record, decode_frame,
};

use crate::log_reader::StoredFrame;

/// The predictions of one evaluation, to be counted later: without the run, from any thread.
pub struct StoredPredictions {
    pub(crate) info: EvaluationInfo,
    pub(crate) frames: Vec<StoredFrame>,
}

/// A tensor's frame, to be read later: without the run, from any thread.
pub struct StoredTensor(pub(crate) StoredFrame);

/// Why a tensor or an evaluation could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadBlobError {
    /// There is none of that id.
    #[error("this run has nothing with the id {0}")]
    UnknownId(String),
    /// The log cannot be read any more.
    #[error("the run's log can no longer be read: {0}")]
    Read(#[from] io::Error),
    /// The frame has changed since it was first read.
    #[error("the run's log was changed since it was read: {0}")]
    Frame(#[from] DecodeFrameError),
    /// The frame is no such record.
    #[error(transparent)]
    Record(#[from] DecodeRecordError),
    /// The batches do not belong together.
    #[error(transparent)]
    Predictions(#[from] AddPredictionsError),
}

impl StoredTensor {
    /// The bytes of the tensor's frame.
    pub fn frame(&self) -> Result<Vec<u8>, ReadBlobError> {
        Ok(self.0.read()?)
    }
}

impl StoredPredictions {
    /// Counts the predictions: reads all their frames, one at a time.
    pub fn evaluation(&self) -> Result<Evaluation, ReadBlobError> {
        let mut tally: Option<Tally> = None;
        for frame in &self.frames {
            let bytes = frame.read()?;
            if let Record::Predictions(batch) = Record::from_frame(&decode_frame(&bytes)?)? {
                tally.get_or_insert_with(|| Tally::new(batch.classes.clone())).add(&batch)?;
            }
        }
        let tally = tally.unwrap_or_else(|| Tally::new(Vec::new()));
        Ok(tally.evaluation(&self.info.split, self.info.step, self.info.epoch))
    }
}
