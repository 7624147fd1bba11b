//! The bundle for Burn's own `SupervisedTraining`: everything that records such a training in a run.
//!
//! ```ignore
//! let learner = run.learner();
//! let training = SupervisedTraining::new(dir, learner.gated(train), valid)
//!     .metrics((LossMetric::new(), AccuracyMetric::new()))
//!     .metric_valid(learner.confusion(&classes))
//!     .num_epochs(10);
//! let result = learner.attach(training, dir).launch(Learner::new(model, AdamConfig::new().init(), 1e-3));
//! ```

mod confusion;
mod gate;
mod logger;
mod place;
mod renderer;

use std::path::Path;
use std::sync::Arc;

use burn::data::dataloader::DataLoader;
use burn::train::logger::FileMetricLogger;
use burn::train::renderer::MetricsRenderer;
use burn::train::{Interrupter, LearnerModel, SupervisedTraining};
pub use confusion::ConfusionMetric;
pub use gate::{Gate, GateCallback, GateLoader};
pub use logger::RunMetricLogger;
pub use renderer::RunRenderer;
use trainscope_hook::Run;

use place::Place;

/// Records a `SupervisedTraining` in a run, and can pause, step and stop it. Clones are handles to the same training.
#[derive(Clone)]
pub struct LearnerRun {
    run: Run,
    place: Arc<Place>,
    gate: Gate,
    interrupter: Interrupter,
}

impl LearnerRun {
    /// A bundle for one training; the same as `run.learner()`.
    pub fn new(run: &Run) -> Self {
        Self { run: run.clone(), place: Arc::default(), gate: Gate::new(), interrupter: Interrupter::new() }
    }

    /// Adds our logger, renderer and interrupter to a training, beside Burn's file logger in `dir`.
    ///
    /// Burn's early stopping, best checkpoint and summary read the files of that logger, and adding any logger
    /// leaves it away: so both are added here.
    pub fn attach<M: LearnerModel>(
        &self,
        training: SupervisedTraining<M>,
        dir: impl AsRef<Path>,
    ) -> SupervisedTraining<M> {
        training
            .with_metric_logger(FileMetricLogger::new(dir))
            .with_metric_logger(self.logger())
            .renderer(Box::new(self.renderer()))
            .with_interrupter(self.interrupter.clone())
    }

    /// Records every number of every batch and epoch.
    pub fn logger(&self) -> RunMetricLogger {
        RunMetricLogger::new(&self.run)
    }

    /// Records progress and shows nothing.
    pub fn renderer(&self) -> RunRenderer {
        RunRenderer::new(&self.run, Arc::clone(&self.place), None)
    }

    /// Records progress and passes everything on to another renderer, such as Burn's own.
    pub fn renderer_over(&self, inner: Box<dyn MetricsRenderer>) -> RunRenderer {
        RunRenderer::new(&self.run, Arc::clone(&self.place), Some(inner))
    }

    /// Records labels and predictions of the validation set each epoch: for `metric_valid`.
    pub fn confusion<S: Into<String>>(&self, classes: impl IntoIterator<Item = S>) -> ConfusionMetric {
        let classes = classes.into_iter().map(Into::into).collect();
        ConfusionMetric::new(&self.run, Arc::clone(&self.place), "validation", classes)
    }

    /// The gate that training passes before each batch of a gated loader.
    pub fn gate(&self) -> Gate {
        self.gate.clone()
    }

    /// A loader whose batches wait while the gate is shut.
    pub fn gated<O: 'static>(&self, loader: Arc<dyn DataLoader<O>>) -> Arc<dyn DataLoader<O>> {
        Arc::new(GateLoader::new(loader, &self.gate))
    }

    /// Stops training after the batch it is at, paused or not.
    pub fn stop(&self, reason: &str) {
        self.interrupter.stop(Some(reason));
        self.gate.resume();
    }
}
