//! Using a model: probabilities for rows, scores for a labelled set.

use burn::tensor::{Device, Tensor, TensorReadError};

use crate::dataset::Dataset;
use crate::network::{Network, Signal};
use crate::plan::Plan;

/// Rows per forward pass when nothing is learned: large enough to keep a CPU busy, small enough for its caches.
const ROWS_PER_BATCH: usize = 256;

/// Why a model cannot predict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PredictError {
    /// The model has no weights yet.
    #[error("the model has no weights yet: call fit, or build with the input's shape (and load)")]
    NotBuilt,
    /// The numbers are not whole rows.
    #[error("rows of shape {shape:?} have {width} features each, {found} features are no whole rows")]
    Features {
        /// Shape of a row.
        shape: Vec<usize>,
        /// Features of a row.
        width: usize,
        /// Features given.
        found: usize,
    },
    /// The set's rows have another shape.
    #[error("the model was built for rows of shape {expected:?}, the data has {found:?}")]
    Shape {
        /// Shape that the model takes.
        expected: Vec<usize>,
        /// Shape of the set's rows.
        found: Vec<usize>,
    },
    /// The set has another count of classes.
    #[error("the model gives {expected} numbers a row, the data has {found} classes")]
    Classes {
        /// Numbers that the model gives.
        expected: usize,
        /// Classes of the set.
        found: usize,
    },
    /// Nothing to score.
    #[error("a mean over no rows has no value: evaluate needs at least one row")]
    Empty,
    /// The device did not give the numbers back.
    #[error("the device could not give back its results: {0}")]
    Read(String),
}

impl From<TensorReadError> for PredictError {
    fn from(error: TensorReadError) -> Self {
        Self::Read(error.to_string())
    }
}

/// What a model says about some rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predicted {
    /// Count of classes.
    pub classes: usize,
    /// Class with the largest probability, for each row; the first of equals, class 0 for a row of NaN.
    pub predicted: Vec<u32>,
    /// Probabilities, rows × classes, row-major; each row sums to 1, or is NaN when the model diverged.
    pub probabilities: Vec<f32>,
}

/// What a model says about a labelled set, and how good it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// Mean cross-entropy, in nats.
    pub loss: f64,
    /// Share of rows predicted right, 0 to 1.
    pub accuracy: f64,
    /// Count of rows.
    pub rows: usize,
    /// Class with the largest probability, for each row.
    pub predicted: Vec<u32>,
    /// Probabilities, rows × classes, row-major.
    pub probabilities: Vec<f32>,
}

/// Logits of all rows in `features`, rows × classes. `network` is used as it is: give it `valid()`.
pub(crate) fn logits(
    network: &Network,
    plan: &Plan,
    features: &[f32],
    device: &Device,
) -> Result<Vec<f32>, TensorReadError> {
    let width: usize = plan.input.iter().product();
    let mut out = Vec::with_capacity(features.len() / width.max(1) * plan.output().iter().product::<usize>());
    for part in features.chunks(ROWS_PER_BATCH * width) {
        let input = Signal::new(part.to_vec(), &plan.input, device);
        let logits: Tensor<2> = network.forward(plan, input, None, |_, _| {});
        out.extend(logits.try_into_vec_as::<f32>()?);
    }
    Ok(out)
}

/// Predictions from logits.
pub(crate) fn predicted_from_logits(logits: &[f32], classes: usize) -> Predicted {
    let rows = logits.chunks_exact(classes);
    let mut out = Predicted { classes, ..Predicted::default() };
    out.probabilities.reserve(logits.len());
    for row in rows {
        out.predicted.push(largest(row));
        let (max, sum) = exponential_sum(row);
        out.probabilities.extend(row.iter().map(|logit| ((f64::from(*logit) - max).exp() / sum) as f32));
    }
    out
}

/// Scores from logits; at least one row.
pub(crate) fn scores_from_logits(logits: &[f32], set: &Dataset) -> Scores {
    let classes = set.classes().len();
    let Predicted { predicted, probabilities, .. } = predicted_from_logits(logits, classes);
    let rows = set.len();
    let loss: f64 =
        logits.chunks_exact(classes).zip(set.labels()).map(|(row, label)| surprise(row, *label)).sum();
    let right = predicted.iter().zip(set.labels()).filter(|(a, b)| a == b).count();
    let n = rows as f64;
    Scores { loss: loss / n, accuracy: right as f64 / n, rows, predicted, probabilities }
}

/// Index of the first largest number; NaN is never larger.
pub(crate) fn largest(row: &[f32]) -> u32 {
    let mut best = 0;
    for (index, value) in row.iter().enumerate() {
        if *value > row[best] || row[best].is_nan() && !value.is_nan() {
            best = index;
        }
    }
    best as u32
}

/// Rows whose largest logit is their label's.
pub(crate) fn count_right(logits: &[f32], labels: &[u32], classes: usize) -> usize {
    logits.chunks_exact(classes).zip(labels).filter(|(row, label)| largest(row) == **label).count()
}

/// −ln p of the label, by the log-sum-exp identity.
fn surprise(row: &[f32], label: u32) -> f64 {
    let (max, sum) = exponential_sum(row);
    max + sum.ln() - f64::from(row[label as usize])
}

/// The largest logit m, and Σ e^(logit − m): no overflow.
fn exponential_sum(row: &[f32]) -> (f64, f64) {
    let max = row.iter().copied().fold(f64::NEG_INFINITY, |max, value| max.max(f64::from(value)));
    (max, row.iter().map(|value| (f64::from(*value) - max).exp()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_is_stable_and_exact() {
        let out = predicted_from_logits(&[1000.0, 1000.0, 0.0, 0.0, (3.0f32).ln(), f32::NEG_INFINITY], 3);
        assert_eq!(out.predicted, [0, 1]);
        assert_eq!(out.probabilities[..3], [0.5, 0.5, 0.0]);
        assert!((out.probabilities[3] - 0.25).abs() < 1e-7 && (out.probabilities[4] - 0.75).abs() < 1e-7);
    }

    #[test]
    fn a_row_of_nan_stays_nan_and_predicts_class_0() {
        let out = predicted_from_logits(&[f32::NAN; 3], 3);
        assert_eq!(out.predicted, [0]);
        assert!(out.probabilities.iter().all(|p| p.is_nan()));
        assert_eq!(largest(&[f32::NAN, -1.0, -2.0]), 1);
        let some = predicted_from_logits(&[f32::NAN, 1.0], 2);
        assert!(some.probabilities.iter().all(|p| p.is_nan()), "{some:?}");
    }

    #[test]
    fn scores_are_means() {
        let set = Dataset::new([1], vec![0.0; 2], vec![0, 0], vec!["a".into(), "b".into()]).unwrap();
        let scores = scores_from_logits(&[0.0, 0.0, 0.0, 3.0f32.ln()], &set);
        assert_eq!((scores.accuracy, scores.rows), (0.5, 2));
        assert!((scores.loss - (2f64.ln() + 4f64.ln()) / 2.0).abs() < 1e-6, "{}", scores.loss);
    }
}
