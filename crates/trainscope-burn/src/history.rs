//! What a training came to, epoch by epoch.

use trainscope_schema::Note;

use crate::metric::Metric;

/// Loss and accuracy of one split.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SplitScores {
    /// Mean cross-entropy, in nats; NaN and infinite when the model diverged.
    pub loss: f64,
    /// Share of rows predicted right, 0 to 1.
    pub accuracy: f64,
}

/// The end of one epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpochScores {
    /// The epoch, from 1.
    pub epoch: u32,
    /// Steps done by its end.
    pub step: u64,
    /// Means over the epoch's batches, while the weights were moving.
    pub train: SplitScores,
    /// After the epoch; `None` without a validation set, or with an empty one.
    pub validation: Option<SplitScores>,
}

impl EpochScores {
    /// One of its numbers; `None` when there was no validation.
    pub fn value(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::TrainLoss => Some(self.train.loss),
            Metric::TrainAccuracy => Some(self.train.accuracy),
            Metric::ValidationLoss => self.validation.map(|scores| scores.loss),
            Metric::ValidationAccuracy => self.validation.map(|scores| scores.accuracy),
        }
    }
}

/// What `fit` returns. The same seed, data and machine give the same history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The epochs, in order.
    pub epochs: Vec<EpochScores>,
    /// Sentences for the reader: an empty validation set, a loss that became NaN.
    pub notes: Vec<Note>,
    /// Why training ended before its last epoch.
    pub stopped: Option<String>,
    /// Steps done.
    pub steps: u64,
}
