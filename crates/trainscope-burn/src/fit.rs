//! How to train: everything that `fit` can be told.

use crate::build_error::BuildError;
use crate::callback::{BatchEnd, Callback, Control, EpochEnd, OnBatchEnd, OnEpochEnd};
use crate::dataset::Dataset;
use crate::metric::Metric;
use crate::optimizer::Optimizer;
use crate::predict::PredictError;

/// How to train. Made by [`Fit::epochs`]; everything else has a default.
pub struct Fit<'a> {
    pub(crate) epochs: u32,
    pub(crate) batch: usize,
    pub(crate) learning_rate: f64,
    pub(crate) optimizer: Optimizer,
    pub(crate) seed: u64,
    pub(crate) shuffle: bool,
    pub(crate) validation: Option<&'a Dataset>,
    pub(crate) probe: Option<usize>,
    pub(crate) callbacks: Vec<Box<dyn Callback + 'a>>,
}

impl<'a> Fit<'a> {
    /// Trains for so many passes over the training set; 0 builds the model and trains nothing.
    pub fn epochs(epochs: u32) -> Self {
        Self {
            epochs,
            batch: 32,
            learning_rate: 1e-3,
            optimizer: Optimizer::Adam,
            seed: 0,
            shuffle: true,
            validation: None,
            probe: None,
            callbacks: Vec::new(),
        }
    }

    /// Rows of a batch, 32 unless told; the last batch of an epoch may be smaller.
    pub fn batch(mut self, rows: usize) -> Self {
        self.batch = rows;
        self
    }

    /// Size of the steps, 0.001 unless told.
    pub fn learning_rate(mut self, learning_rate: f64) -> Self {
        self.learning_rate = learning_rate;
        self
    }

    /// Adam unless told.
    pub fn optimizer(mut self, optimizer: Optimizer) -> Self {
        self.optimizer = optimizer;
        self
    }

    /// Seed of the order of rows, of dropout, and of the weights when the model has no seed of its own; 0 unless told.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Takes the rows in their order instead of a new random one each epoch.
    pub fn in_order(mut self) -> Self {
        self.shuffle = false;
        self
    }

    /// Scores the model on this set after each epoch.
    pub fn validate(mut self, set: &'a Dataset) -> Self {
        self.validation = Some(set);
        self
    }

    /// The row whose feature maps are recorded after each epoch: of the validation set, or of the training set when
    /// there is no validation set (or an empty one). Row 0 unless told.
    pub fn probe(mut self, row: usize) -> Self {
        self.probe = Some(row);
        self
    }

    /// Adds a callback; they are called in the order they were added. `&mut callback` works too.
    pub fn callback(mut self, callback: impl Callback + 'a) -> Self {
        self.callbacks.push(Box::new(callback));
        self
    }

    /// Calls a closure after each batch.
    pub fn on_batch_end(self, call: impl FnMut(&BatchEnd) -> Control + 'a) -> Self {
        self.callback(OnBatchEnd(call))
    }

    /// Calls a closure after each epoch.
    pub fn on_epoch_end(self, call: impl FnMut(&EpochEnd<'_>) -> Control + 'a) -> Self {
        self.callback(OnEpochEnd(call))
    }
}

/// Why training did not start, or could not go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// The layers do not fit the data.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// There is nothing to learn from.
    #[error("the training set is empty: fit needs at least one row")]
    EmptyTrainingSet,
    /// A setting has an impossible value.
    #[error("{setting} is {found}, but it must be {allowed}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// Its value.
        found: String,
        /// What is possible.
        allowed: &'static str,
    },
    /// The model was built for other data.
    #[error(
        "the model was built for rows of shape {built:?}, the training set has {found:?}: build a new model"
    )]
    ShapeChanged {
        /// Shape that the model takes.
        built: Vec<usize>,
        /// Shape of the training set's rows.
        found: Vec<usize>,
    },
    /// The validation set is of another kind.
    #[error(
        "the validation set must look like the training set: its {what} should be {expected}, but is {found}"
    )]
    ValidationSet {
        /// What differs.
        what: &'static str,
        /// The training set's.
        expected: String,
        /// The validation set's.
        found: String,
    },
    /// A callback watches something that does not exist.
    #[error("a callback watches {name:?}, which no epoch ends with; known are {}", Metric::known())]
    UnknownMetric {
        /// The name.
        name: String,
    },
    /// A callback watches the validation, and there is none.
    #[error("a callback watches {name:?}, but there is no validation set: add .validate(&set)")]
    NoValidation {
        /// The name.
        name: String,
    },
    /// The probe is no row.
    #[error("the probe is row {row} of the {split} set, which has {rows} rows, from 0")]
    Probe {
        /// The row asked for.
        row: usize,
        /// The set.
        split: &'static str,
        /// Its rows.
        rows: usize,
    },
    /// The device did not give a result back.
    #[error(transparent)]
    Device(#[from] PredictError),
}
