//! Ends a training that no longer gets better.

use super::{Callback, Control, EpochEnd, TrainContext};
use crate::metric::Metric;

/// Which way is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Smaller losses, larger accuracies.
    #[default]
    Auto,
    /// Smaller.
    Min,
    /// Larger.
    Max,
}

/// Stops when a metric has not got better by more than `min_delta` for `patience` epochs in a row.
///
/// NaN is never better. The weights stay those of the last epoch.
#[derive(Clone, Debug)]
pub struct EarlyStopping {
    name: String,
    patience: u32,
    min_delta: f64,
    mode: Mode,
    best: Option<(u32, f64)>,
    waited: u32,
}

impl EarlyStopping {
    /// Watches a metric by either of its names, such as `val_loss`; patience 3, `min_delta` 0. `fit` refuses a name
    /// that it does not know.
    pub fn monitor(name: impl Into<String>) -> Self {
        Self { name: name.into(), patience: 3, min_delta: 0.0, mode: Mode::Auto, best: None, waited: 0 }
    }

    /// Epochs without getting better before it stops; 0 counts as 1.
    pub fn patience(mut self, epochs: u32) -> Self {
        self.patience = epochs;
        self
    }

    /// What counts as better: a change by more than this. NaN and negative numbers count as 0.
    pub fn min_delta(mut self, min_delta: f64) -> Self {
        self.min_delta = if min_delta > 0.0 { min_delta } else { 0.0 };
        self
    }

    /// Which way is better.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    fn is_better(&self, value: f64, metric: Metric) -> bool {
        let larger = match self.mode {
            Mode::Auto => metric.larger_is_better(),
            Mode::Min => false,
            Mode::Max => true,
        };
        match self.best {
            _ if value.is_nan() => false,
            None => true,
            Some((_, best)) if larger => value > best + self.min_delta,
            Some((_, best)) => value < best - self.min_delta,
        }
    }

    fn see(&mut self, epoch: u32, value: f64, metric: Metric) -> Control {
        if self.is_better(value, metric) {
            self.best = Some((epoch, value));
            self.waited = 0;
            return Control::Continue;
        }
        self.waited += 1;
        if self.waited < self.patience.max(1) {
            return Control::Continue;
        }
        let best = match self.best {
            Some((epoch, best)) => format!("its best was {best:.4} in epoch {epoch}"),
            None => "it never was a number".to_owned(),
        };
        Control::stop(format!("{metric} did not get better for {} epochs: {best}", self.waited))
    }
}

impl Callback for EarlyStopping {
    fn monitors(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn on_train_begin(&mut self, _context: &TrainContext<'_>) {
        (self.best, self.waited) = (None, 0);
    }

    fn on_epoch_end(&mut self, end: &EpochEnd<'_>) -> Control {
        let Ok(metric) = self.name.parse::<Metric>() else { return Control::Continue };
        match end.scores.value(metric) {
            Some(value) => self.see(end.scores.epoch, value, metric),
            None => Control::Continue,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mut stopping: EarlyStopping, metric: Metric, values: &[f64], expected: Option<(usize, &str)>) {
        let mut found = None;
        for (epoch, value) in (1..).zip(values) {
            if let Control::Stop { reason } = stopping.see(epoch, *value, metric) {
                found = Some((epoch as usize, reason));
                break;
            }
        }
        assert_eq!(found.as_ref().map(|(epoch, reason)| (*epoch, reason.as_str())), expected);
    }

    fn stopping() -> EarlyStopping {
        EarlyStopping::monitor("val_loss").patience(2)
    }

    #[test]
    fn stops_after_patience_and_names_the_best() {
        check(
            stopping(),
            Metric::ValidationLoss,
            &[0.5, 0.4, 0.45, 0.41, 0.1],
            Some((
                4,
                "validation/epoch_loss did not get better for 2 epochs: its best was 0.4000 in epoch 2",
            )),
        );
    }

    #[test]
    fn getting_better_starts_the_wait_again() {
        check(stopping(), Metric::ValidationLoss, &[0.5, 0.6, 0.4, 0.5, 0.3, 0.4], None);
    }

    #[test]
    fn accuracy_is_better_when_larger_unless_told_otherwise() {
        check(stopping(), Metric::ValidationAccuracy, &[0.1, 0.2, 0.3, 0.4], None);
        let stopped =
            "validation/epoch_accuracy did not get better for 2 epochs: its best was 0.1000 in epoch 1";
        check(stopping().mode(Mode::Min), Metric::ValidationAccuracy, &[0.1, 0.2, 0.3], Some((3, stopped)));
    }

    #[test]
    fn a_change_within_min_delta_is_no_change() {
        let stopped = "train/epoch_loss did not get better for 2 epochs: its best was 1.0000 in epoch 1";
        check(stopping().min_delta(0.1), Metric::TrainLoss, &[1.0, 0.95, 0.91], Some((3, stopped)));
        check(stopping().min_delta(f64::NAN), Metric::TrainLoss, &[1.0, 0.95, 0.91], None);
    }

    #[test]
    fn nan_is_never_better() {
        let stopped = "train/epoch_loss did not get better for 2 epochs: it never was a number";
        check(stopping(), Metric::TrainLoss, &[f64::NAN, f64::NAN], Some((2, stopped)));
    }
}
