//! A renderer that records where training is and leaves the looks to another.

use std::error::Error;
use std::io::Write;
use std::sync::Arc;

use burn::train::LearnerSummary;
use burn::train::logger::{EvaluationProgressLogger, TrainingProgressLogger};
use burn::train::metric::MetricDefinition;
use burn::train::renderer::{
    EvaluationName, MetricState, MetricsRenderer, MetricsRendererEvaluation, MetricsRendererTraining,
};
use trainscope_hook::Run;
use trainscope_schema::{Epoch, NoteLevel, Progress, Step};

use super::place::Place;

/// Records progress; passes every call on to an inner renderer, if there is one.
pub struct RunRenderer {
    run: Run,
    place: Arc<Place>,
    inner: Option<Box<dyn MetricsRenderer>>,
    epochs: u32,
    training: bool,
    /// Steps of one epoch, known when the first one is done.
    steps_per_epoch: Option<u64>,
    epoch_began_at: u64,
}

impl RunRenderer {
    pub(crate) fn new(run: &Run, place: Arc<Place>, inner: Option<Box<dyn MetricsRenderer>>) -> Self {
        Self {
            run: run.clone(),
            place,
            inner,
            epochs: 0,
            training: false,
            steps_per_epoch: None,
            epoch_began_at: 0,
        }
    }

    fn record_progress(&self) {
        self.run.progress(Progress {
            epoch: Epoch(self.place.epoch()),
            epochs: self.epochs,
            step: Step(self.place.step()),
            steps: self.steps_per_epoch.map_or(0, |steps| steps * u64::from(self.epochs)),
        });
    }
}

impl TrainingProgressLogger for RunRenderer {
    fn start(
        &mut self,
        total_epochs: usize,
        starting_epoch: usize,
        items: Option<usize>,
        label: Option<&str>,
    ) {
        self.epochs = u32::try_from(total_epochs).unwrap_or(u32::MAX);
        self.place.set_epoch(starting_epoch.max(1));
        self.record_progress();
        if let Some(inner) = &mut self.inner {
            inner.start(total_epochs, starting_epoch, items, label);
        }
    }

    fn start_split(&mut self, split: &str, total_items: usize) {
        self.training = split == "train";
        if self.training {
            self.epoch_began_at = self.place.step();
        }
        if let Some(inner) = &mut self.inner {
            inner.start_split(split, total_items);
        }
    }

    fn update_split(&mut self, items_processed: usize) {
        if self.training {
            self.place.advance();
            self.record_progress();
        }
        if let Some(inner) = &mut self.inner {
            inner.update_split(items_processed);
        }
    }

    fn end_split(&mut self) {
        if std::mem::take(&mut self.training) {
            self.steps_per_epoch.get_or_insert(self.place.step() - self.epoch_began_at);
        }
        if let Some(inner) = &mut self.inner {
            inner.end_split();
        }
    }

    fn update_epoch(&mut self, epoch: usize) {
        // The run's last epoch stays its last: there is no epoch 11 of 10.
        self.place.set_epoch((epoch + 1).min(self.epochs as usize));
        self.record_progress();
        if let Some(inner) = &mut self.inner {
            inner.update_epoch(epoch);
        }
    }

    fn end(&mut self) {
        if let Some(inner) = &mut self.inner {
            inner.end();
        }
    }

    fn log_event_training(&mut self, event: String) {
        // Burn sends one called Iteration for each batch: that is no news.
        if event != "Iteration" {
            self.run.note(NoteLevel::Info, Step(self.place.step()), event.clone());
        }
        if let Some(inner) = &mut self.inner {
            inner.log_event_training(event);
        }
    }
}

impl MetricsRendererTraining for RunRenderer {
    fn update_train(&mut self, state: MetricState) {
        if let Some(inner) = &mut self.inner {
            inner.update_train(state);
        }
    }

    fn update_valid(&mut self, state: MetricState) {
        if let Some(inner) = &mut self.inner {
            inner.update_valid(state);
        }
    }

    fn on_train_end(&mut self, summary: Option<LearnerSummary>) -> Result<(), Box<dyn Error>> {
        match &mut self.inner {
            Some(inner) => inner.on_train_end(summary),
            None => print_summary(summary),
        }
    }
}

impl EvaluationProgressLogger for RunRenderer {
    fn start_global_progress(&mut self, total_tests: usize) {
        if let Some(inner) = &mut self.inner {
            inner.start_global_progress(total_tests);
        }
    }

    fn start_test(&mut self, name: &str, total_items: usize) {
        if let Some(inner) = &mut self.inner {
            inner.start_test(name, total_items);
        }
    }

    fn update_test_progress(&mut self, items_processed: usize) {
        if let Some(inner) = &mut self.inner {
            inner.update_test_progress(items_processed);
        }
    }

    fn end_test(&mut self) {
        if let Some(inner) = &mut self.inner {
            inner.end_test();
        }
    }

    fn end_global_progress(&mut self) {
        if let Some(inner) = &mut self.inner {
            inner.end_global_progress();
        }
    }

    fn log_event_evaluation(&mut self, event: String) {
        if let Some(inner) = &mut self.inner {
            inner.log_event_evaluation(event);
        }
    }
}

impl MetricsRendererEvaluation for RunRenderer {
    fn update_test(&mut self, name: EvaluationName, state: MetricState) {
        if let Some(inner) = &mut self.inner {
            inner.update_test(name, state);
        }
    }

    fn on_test_end(&mut self, summary: Option<LearnerSummary>) -> Result<(), Box<dyn Error>> {
        match &mut self.inner {
            Some(inner) => inner.on_test_end(summary),
            None => print_summary(summary),
        }
    }
}

impl MetricsRenderer for RunRenderer {
    fn manual_close(&mut self) {
        if let Some(inner) = &mut self.inner {
            inner.manual_close();
        }
    }

    fn register_metric(&mut self, definition: MetricDefinition) {
        if let Some(inner) = &mut self.inner {
            inner.register_metric(definition);
        }
    }
}

/// There is a summary only when the user asked for one.
fn print_summary(summary: Option<LearnerSummary>) -> Result<(), Box<dyn Error>> {
    if let Some(summary) = summary {
        writeln!(std::io::stdout(), "{summary}")?;
    }
    Ok(())
}
