//! Records a training in a run log.

use trainscope_hook::{Run, Scalar};
use trainscope_schema::{Epoch, Note, NoteLevel, Predictions, Progress, Step};

use super::{BatchEnd, Callback, Control, EpochBegin, EpochEnd, TrainContext, TrainEnd, ValidationEnd};
use crate::history::EpochScores;
use crate::learner::LearnerRun;
use crate::metric::Metric;

/// What a run offers to Burn.
pub trait RunExt {
    /// A callback for [`Sequential::fit`](crate::Sequential::fit) that records everything in the run.
    fn callback(&self) -> RunCallback;

    /// The bundle for Burn's own `SupervisedTraining`.
    fn learner(&self) -> LearnerRun;
}

impl RunExt for Run {
    fn callback(&self) -> RunCallback {
        RunCallback::new(self)
    }

    fn learner(&self) -> LearnerRun {
        LearnerRun::new(self)
    }
}

/// Records loss and accuracy of each batch and epoch, progress, validation predictions, feature maps and notes.
///
/// After a batch it writes two numbers to the run's rings: no allocation, no waiting.
pub struct RunCallback {
    run: Run,
    loss: Scalar,
    accuracy: Scalar,
    epoch: [(Metric, Scalar); 4],
}

impl RunCallback {
    fn new(run: &Run) -> Self {
        Self {
            loss: run.scalar("train/loss"),
            accuracy: run.scalar("train/accuracy"),
            epoch: Metric::ALL.map(|metric| (metric, run.epoch_scalar(metric.name()))),
            run: run.clone(),
        }
    }

    fn record_validation(&self, scores: &EpochScores, validation: &ValidationEnd<'_>) {
        self.run.predictions(Predictions {
            split: "validation".to_owned(),
            step: Step(scores.step),
            epoch: Epoch(scores.epoch),
            evaluation: 0,
            classes: validation.classes.to_vec(),
            labels: validation.labels.to_vec(),
            predicted: validation.predicted.to_vec(),
            probabilities: validation.probabilities.to_vec(),
        });
    }
}

impl Callback for RunCallback {
    fn wants_probe(&self) -> bool {
        true
    }

    fn on_train_begin(&mut self, context: &TrainContext<'_>) {
        self.run.model(context.model.clone());
        self.run.progress(progress(1.min(context.epochs), context.epochs, 0, context.steps));
    }

    fn on_epoch_begin(&mut self, begin: &EpochBegin) {
        self.run.progress(progress(begin.epoch, begin.epochs, begin.step, begin.steps));
    }

    fn on_batch_end(&mut self, batch: &BatchEnd) -> Control {
        self.loss.log(batch.step, batch.loss);
        self.accuracy.log(batch.step, batch.accuracy);
        // The run's writer looks at it about ten times a second; setting it is a store.
        self.run.progress(progress(batch.epoch, batch.epochs, batch.step, batch.steps));
        Control::Continue
    }

    fn on_epoch_end(&mut self, end: &EpochEnd<'_>) -> Control {
        for (metric, series) in &self.epoch {
            if let Some(value) = end.scores.value(*metric) {
                series.log(u64::from(end.scores.epoch), value);
            }
        }
        if let Some(validation) = &end.validation {
            self.record_validation(&end.scores, validation);
        }
        end.probe.iter().for_each(|tensor| self.run.tensor(tensor.clone()));
        Control::Continue
    }

    fn on_note(&mut self, note: &Note) {
        self.run.note(note.level, note.step, note.text.clone());
    }

    fn on_train_end(&mut self, end: &TrainEnd<'_>) {
        let step = Step(end.history.steps);
        if let Some(reason) = &end.history.stopped {
            self.run.note(NoteLevel::Info, step, format!("training stopped: {reason}"));
        }
        if let Some(error) = end.error {
            self.run.note(NoteLevel::Warning, step, format!("training failed: {error}"));
        }
    }
}

fn progress(epoch: u32, epochs: u32, step: u64, steps: u64) -> Progress {
    Progress { epoch: Epoch(epoch), epochs, step: Step(step), steps }
}
