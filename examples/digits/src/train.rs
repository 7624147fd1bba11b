//! The model, and its training with a run that records it.

use trainscope_burn::{
    Conv2d, Dense, Dropout, Fit, FitError, Flatten, History, MaxPool2d, PredictError, ProgressBar, RunExt,
    Scores, Sequential,
};
use trainscope_hook::{EvaluateError, Run};

use crate::data::Digits;

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Passes over the training images.
    pub epochs: u32,
    /// Images of a batch.
    pub batch: usize,
    /// Size of Adam's steps.
    pub learning_rate: f64,
    /// Seed of weights, order and dropout.
    pub seed: u64,
    /// Whether to show a progress bar on standard error.
    pub progress: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { epochs: 100, batch: 32, learning_rate: 1e-3, seed: 7, progress: true }
    }
}

/// A trained model and how good it is on images it has never seen.
#[derive(Debug)]
pub struct Trained {
    /// The model.
    pub model: Sequential,
    /// Losses and accuracies of each epoch.
    pub history: History,
    /// Scores, predictions and probabilities on the test images.
    pub test: Scores,
}

/// Why training failed.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// It did not start, or could not go on.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// The test images could not be scored.
    #[error(transparent)]
    Predict(#[from] PredictError),
    /// The scores could not be recorded.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
}

/// Two convolutions, 9,930 parameters.
pub fn model() -> Sequential {
    Sequential::new([
        Conv2d::new(16, 3).same().relu(),
        MaxPool2d::new(2),
        Conv2d::new(32, 3).same().relu(),
        Flatten::new(),
        Dropout::new(0.3),
        Dense::new(10),
    ])
}

/// Trains on the training images, watching the validation images; scores the test images at the end. Everything is
/// recorded in `run`, which the caller finishes; without one nothing is.
pub fn train(digits: &Digits, settings: &Settings, run: Option<&Run>) -> Result<Trained, TrainError> {
    let mut model = model();
    let mut fit = Fit::epochs(settings.epochs)
        .batch(settings.batch)
        .learning_rate(settings.learning_rate)
        .seed(settings.seed)
        .validate(&digits.validation);
    if let Some(run) = run {
        fit = fit.callback(run.callback());
    }
    if settings.progress {
        fit = fit.callback(ProgressBar::new());
    }
    let history = model.fit(&digits.train, fit)?;

    let test = model.evaluate(&digits.test)?;
    if let Some(run) = run {
        run.evaluate("test", digits.test.labels(), &test.probabilities)
            .classes(digits.test.classes())
            .at(history.epochs.len() as u32, history.steps)
            .log()?;
    }
    Ok(Trained { model, history, test })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_epochs_tell_most_digits_apart_and_the_same_seed_repeats_them() {
        let digits = Digits::embedded().unwrap();
        let settings = Settings { epochs: 5, progress: false, ..Settings::default() };
        let first = train(&digits, &settings, None).unwrap();
        assert!(first.test.accuracy > 0.85, "{}", first.test.accuracy);
        let parameters: u64 = first.model.model_summary().unwrap().layers.iter().map(|l| l.parameters).sum();
        assert_eq!(parameters, 9_930);
        let second = train(&digits, &settings, None).unwrap();
        assert_eq!((first.history, first.test), (second.history, second.test));
    }
}
