//! Messages between the visor and its browser tabs: JSON text; bulk numbers travel as frames.
//!
//! A tab opens `/ws`, gets [`ServerMessage::Hello`] and [`ServerMessage::Runs`], asks with [`ClientMessage`]s, and
//! from then on gets a message or a `Chart` frame whenever what it asked for changes, at most once per tick.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{Epoch, Step, WallTime};
use crate::num::Num;
use crate::record::{Health, ModelSummary, Note, Progress, SeriesIndex, TensorRole};

/// Version of the messages; a tab of another version reloads itself.
pub const PROTOCOL_VERSION: u32 = 1;

/// From a tab to the visor.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientMessage {
    /// Send this run's details now and when they change. Replaces the run watched before.
    Watch {
        /// Id of the run.
        run: String,
    },
    /// Answer this query now and when its answer changes. Replaces the query of the same chart number.
    Chart(ChartQuery),
    /// Stop answering that chart.
    CloseChart {
        /// The chart's number.
        chart: u32,
    },
}

/// What a chart wants to draw.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChartQuery {
    /// Number that the tab gave the chart; comes back in the answer.
    pub chart: u32,
    /// The series, at most 100.
    pub series: Vec<SeriesRef>,
    /// First and last index (step or epoch) wanted; `None` is everything there is.
    pub range: Option<(Num, Num)>,
    /// Pixel columns of the plot, 1 to 8192: no more grid columns are answered.
    pub columns: u32,
}

/// A series of a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SeriesRef {
    /// Id of the run.
    pub run: String,
    /// Name of the series.
    pub name: String,
}

/// JSON body of a `Chart` frame. Its columns: `x` (f64: first index of each grid column), then for each series `i`
/// `first.i`, `min.i`, `max.i`, `last.i` (f64: over the finite values of the column, NaN when there are none),
/// `last_step.i` (f64: index at which `last.i` was logged, NaN when there is none), `count.i` and `nonfinite.i` (u32:
/// all points; NaN and ±Inf among them). All have the length of `x`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChartBody {
    /// The chart's number.
    pub chart: u32,
    /// Indexes per grid column: 1 means that every raw point is there.
    #[cfg_attr(test, ts(type = "number"))]
    pub stride: u64,
    /// First index of all series, whatever the range; `None` without points.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub first: Option<u64>,
    /// Last index of all series, whatever the range; `None` without points.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub last: Option<u64>,
    /// One entry per series of the query, in its order.
    pub series: Vec<ChartSeries>,
}

/// A series in a chart's answer.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChartSeries {
    /// Id of the run.
    pub run: String,
    /// Name of the series.
    pub name: String,
    /// Points stored.
    #[cfg_attr(test, ts(type = "number"))]
    pub points: u64,
    /// Points within the range.
    #[cfg_attr(test, ts(type = "number"))]
    pub points_in_range: u64,
    /// NaN and ±Inf among the points within the range.
    #[cfg_attr(test, ts(type = "number"))]
    pub nonfinite_in_range: u64,
    /// The lowest finite value of the whole series, whatever the range.
    pub lowest: Option<Extreme>,
    /// The highest finite value of the whole series, whatever the range.
    pub highest: Option<Extreme>,
}

/// A value that no other of its series beats, and where it was logged first.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Extreme {
    /// Step or epoch.
    pub step: Step,
    /// The value.
    pub value: Num,
}

/// From the visor to a tab.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// First message of a connection.
    Hello {
        /// [`PROTOCOL_VERSION`] of the visor.
        protocol: u32,
        /// Version of the program.
        version: String,
        /// The folder of runs that is served, to be read by people.
        folder: String,
    },
    /// All runs, newest first.
    Runs {
        /// The runs.
        runs: Vec<RunSummary>,
    },
    /// The watched run.
    Run {
        /// Its details.
        run: Box<RunDetails>,
    },
    /// A message was refused; what was expected and found.
    Refused {
        /// A sentence, plain text.
        reason: String,
    },
}

/// Whether a run is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Its writer gave a sign of life within the last 10 s.
    Live,
    /// It ended as it should.
    Finished,
    /// Its program said that it failed.
    Failed,
    /// It has no end, and its writer is silent: it was killed, or its disk is gone.
    Interrupted,
}

/// A run in the list.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RunSummary {
    /// Opaque id.
    pub id: String,
    /// Name of its folder: unique among the runs shown.
    pub name: String,
    /// Whether it is being written.
    pub state: RunState,
    /// When it started; `None` while its first frame is not there yet.
    pub started: Option<WallTime>,
    /// Last value of the series that best tells how the run does (validation accuracy, or a loss), with its name.
    pub headline: Option<(String, Num)>,
}

/// A run, whole but for its bulk.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RunDetails {
    /// The run as it stands in the list.
    pub summary: RunSummary,
    /// The user's configuration.
    #[cfg_attr(test, ts(type = "Record<string, unknown>"))]
    pub config: BTreeMap<String, serde_json::Value>,
    /// Time from the start to the last sign of life, seconds.
    pub duration_secs: Option<f64>,
    /// Where training is.
    pub progress: Option<Progress>,
    /// The series, by name.
    pub series: Vec<SeriesInfo>,
    /// The model's layers.
    pub model: Option<ModelSummary>,
    /// The tensors, in the order they were captured; their numbers are fetched from `/api/runs/{run}/tensors/{id}`.
    pub tensors: Vec<TensorInfo>,
    /// The evaluations, in the order of their epochs; fetched from `/api/runs/{run}/evaluations/{id}`.
    pub evaluations: Vec<EvaluationInfo>,
    /// Notes of the writer.
    pub notes: Vec<Note>,
    /// What the writer wrote and could not keep.
    pub health: Health,
    /// Stretches of the log that are damaged or gone, and whole records that cannot be read.
    pub damaged_stretches: u32,
    /// Bytes of the log that were skipped in them.
    #[cfg_attr(test, ts(type = "number"))]
    pub damaged_bytes: u64,
    /// Frames that are missing in those stretches, by the sequence numbers of the frames around them.
    #[cfg_attr(test, ts(type = "number"))]
    pub missing_frames: u64,
    /// Points in the log whose series is unknown, as when the frame that defines it is damaged.
    #[cfg_attr(test, ts(type = "number"))]
    pub unreadable_points: u64,
    /// Points in the log.
    #[cfg_attr(test, ts(type = "number"))]
    pub points: u64,
}

/// A series without its points.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SeriesInfo {
    /// Name, such as `train/loss`.
    pub name: String,
    /// What its index counts.
    pub index: SeriesIndex,
    /// Points stored.
    #[cfg_attr(test, ts(type = "number"))]
    pub points: u64,
    /// NaN and ±Inf among them.
    #[cfg_attr(test, ts(type = "number"))]
    pub nonfinite: u64,
    /// Index of the last point.
    pub last_step: Step,
    /// Value of the last point.
    pub last: Num,
    /// About 40 values over the whole range (the last of each stretch), for a sparkline.
    pub sparkline: Vec<Num>,
}

/// A tensor without its numbers.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TensorInfo {
    /// Opaque id.
    pub id: String,
    /// Layer name.
    pub name: String,
    /// What it shows.
    pub role: TensorRole,
    /// Position among the tensors of its snapshot.
    pub order: u32,
    /// `[channels, height, width]` or `[features]`.
    pub shape: Vec<u32>,
    /// Step of the capture.
    pub step: Step,
    /// Epoch of the capture.
    pub epoch: Epoch,
    /// A word about it.
    pub caption: Option<String>,
}

/// An evaluation without its figures.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EvaluationInfo {
    /// Opaque id.
    pub id: String,
    /// Split of the data.
    pub split: String,
    /// Epoch after which the model predicted.
    pub epoch: Epoch,
    /// Step after which the model predicted.
    pub step: Step,
    /// Rows.
    #[cfg_attr(test, ts(type = "number"))]
    pub n: u64,
}
