//! What callbacks are told.

use trainscope_schema::{ModelSummary, Tensor};

use crate::history::{EpochScores, History};
use crate::optimizer::Optimizer;

/// What is known before the first epoch.
#[derive(Clone, Copy, Debug)]
pub struct TrainContext<'a> {
    /// The layers.
    pub model: &'a ModelSummary,
    /// Epochs planned.
    pub epochs: u32,
    /// Rows of a batch.
    pub batch: usize,
    /// Steps planned, over all epochs.
    pub steps: u64,
    /// Rows of the training set.
    pub train_rows: usize,
    /// Rows of the validation set, if there is one.
    pub validation_rows: Option<usize>,
    /// Names of the classes.
    pub classes: &'a [String],
    /// Size of the steps.
    pub learning_rate: f64,
    /// The optimizer.
    pub optimizer: Optimizer,
    /// The seed of `fit`.
    pub seed: u64,
}

/// An epoch begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochBegin {
    /// The epoch, from 1.
    pub epoch: u32,
    /// Epochs planned.
    pub epochs: u32,
    /// Steps done.
    pub step: u64,
    /// Steps planned, over all epochs.
    pub steps: u64,
}

/// A batch was learned from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchEnd {
    /// The epoch, from 1.
    pub epoch: u32,
    /// Epochs planned.
    pub epochs: u32,
    /// Steps done, this one included: the first batch is step 1.
    pub step: u64,
    /// Steps planned, over all epochs.
    pub steps: u64,
    /// Rows of the batch.
    pub rows: usize,
    /// Mean cross-entropy over the batch, in nats, before the step was taken; NaN and ±Inf when the model diverged.
    pub loss: f64,
    /// Share of the batch's rows predicted right, 0 to 1.
    pub accuracy: f64,
}

/// An epoch ended and was validated.
#[derive(Clone, Copy, Debug)]
pub struct EpochEnd<'a> {
    /// Epoch, step, losses and accuracies.
    pub scores: EpochScores,
    /// Epochs planned.
    pub epochs: u32,
    /// Steps planned, over all epochs.
    pub steps: u64,
    /// The validation set and what the model says about it; `None` without one, or with an empty one.
    pub validation: Option<ValidationEnd<'a>>,
    /// The probe image and the feature maps of each convolution; empty unless a callback wants them.
    pub probe: &'a [Tensor],
}

/// What the model says about the validation set.
#[derive(Clone, Copy, Debug)]
pub struct ValidationEnd<'a> {
    /// True class of each row.
    pub labels: &'a [u32],
    /// Predicted class of each row.
    pub predicted: &'a [u32],
    /// Probabilities, rows × classes, row-major.
    pub probabilities: &'a [f32],
    /// Names of the classes.
    pub classes: &'a [String],
}

/// Training is over.
#[derive(Clone, Copy, Debug)]
pub struct TrainEnd<'a> {
    /// All epochs, and why training stopped early if it did.
    pub history: &'a History,
    /// What the device said, when it failed.
    pub error: Option<&'a str>,
}
