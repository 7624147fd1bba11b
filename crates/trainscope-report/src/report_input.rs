//! What a report is made from: everything a run recorded, without its tensors.

use std::collections::BTreeMap;

use trainscope_schema::{Epoch, Evaluation, Health, ModelSummary, Note, RunState, SeriesIndex, Step};

/// A run, read whole.
#[derive(Clone, Debug)]
pub struct ReportInput {
    /// Name of the run.
    pub run_name: String,
    /// Its opaque id.
    pub run_id: String,
    /// The user's configuration.
    pub config: BTreeMap<String, serde_json::Value>,
    /// How it ended, or that it goes on.
    pub state: RunState,
    /// Its series.
    pub series: Vec<ReportSeries>,
    /// Its evaluations, in the order of their epochs; several splits.
    pub evaluations: Vec<Evaluation>,
    /// The model's layers.
    pub model: Option<ModelSummary>,
    /// Notes of the writer.
    pub notes: Vec<Note>,
    /// What the writer wrote and could not keep.
    pub health: Health,
    /// Stretches of the log that are damaged or gone, and whole records that cannot be read.
    pub damaged_stretches: u32,
    /// Bytes of the log that were skipped in them.
    pub damaged_bytes: u64,
    /// Frames that are missing in those stretches, by the sequence numbers of the frames around them.
    pub missing_frames: u64,
    /// Points in the log whose series is unknown, as when the frame that defines it is damaged.
    pub unreadable_points: u64,
    /// Steps done.
    pub step: Step,
    /// The last epoch that something was recorded after; the one being trained where nothing was.
    pub epoch: Epoch,
}

/// A series with all its points.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportSeries {
    /// `split/metric`, such as `validation/epoch_loss`.
    pub name: String,
    /// What the points' index counts.
    pub index: SeriesIndex,
    /// Index and value, the latest attempt of each index, ascending.
    pub points: Vec<(u64, f64)>,
}

impl ReportInput {
    /// The evaluation that the report is about: the latest on the test split, else on validation, else the latest.
    pub fn subject(&self) -> Option<&Evaluation> {
        let latest = |split: &str| self.evaluations.iter().rev().find(|evaluation| evaluation.split == split);
        latest("test").or_else(|| latest("validation")).or_else(|| self.evaluations.last())
    }
}

impl ReportSeries {
    /// The part before the last slash: `validation`.
    pub fn split(&self) -> &str {
        self.name.rsplit_once('/').map_or("", |(split, _)| split)
    }

    /// The part after the last slash, without `epoch_`: `loss`.
    pub fn metric(&self) -> &str {
        let metric = self.name.rsplit_once('/').map_or(self.name.as_str(), |(_, metric)| metric);
        metric.strip_prefix("epoch_").unwrap_or(metric)
    }
}
