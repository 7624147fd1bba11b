//! Trainscope for Burn.
//!
//! * [`Sequential`] with [`Fit`] and [`Callback`]: a Keras-style loop over Burn's own layers, autodiff and optimizers.
//! * [`RunExt`]: `run.callback()` for [`Sequential::fit`], `run.learner()` for Burn's own `SupervisedTraining`.
//!
//! ```no_run
//! use trainscope_burn::{Conv2d, Dataset, Dense, Fit, Flatten, MaxPool2d, RunExt, Sequential};
//! use trainscope_hook::RunOptions;
//!
//! fn train(train: &Dataset, test: &Dataset) -> Result<(), Box<dyn std::error::Error>> {
//!     let run = RunOptions::new("digits").start()?;
//!     let mut model =
//!         Sequential::new([Conv2d::new(16, 3).relu(), MaxPool2d::new(2), Flatten::new(), Dense::new(10)]);
//!     model.fit(train, Fit::epochs(10).batch(32).validate(test).callback(run.callback()))?;
//!     run.finish();
//!     Ok(())
//! }
//! ```

mod activation;
mod build_error;
pub mod callback;
mod dataset;
mod fit;
mod history;
mod layer;
pub mod learner;
mod metric;
mod network;
mod optimizer;
mod plan;
mod predict;
mod probe;
mod random;
mod sequential;
mod training;
mod weights;

pub use activation::Activation;
pub use build_error::BuildError;
pub use callback::{
    BatchEnd, Callback, Control, EarlyStopping, EpochBegin, EpochEnd, Mode, ProgressBar, RunCallback, RunExt,
    StopOnNan, TrainContext, TrainEnd, ValidationEnd,
};
pub use dataset::{Dataset, DatasetError};
pub use fit::{Fit, FitError};
pub use history::{EpochScores, History, SplitScores};
pub use layer::{BatchNorm, Conv2d, Dense, Dropout, Flatten, Layer, MaxPool2d};
pub use metric::Metric;
pub use optimizer::Optimizer;
pub use predict::{PredictError, Predicted, Scores};
pub use sequential::Sequential;
pub use weights::{LoadModelError, SaveModelError};

/// The README's code, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
