//! The evaluation of one set of predictions: what the visor shows, the report prints and CI reads.
//!
//! Rates are shares from 0 to 1. What is undefined (0/0, an absent class) is `None`, never 0.

use serde::{Deserialize, Serialize};

use crate::ids::{Epoch, Step};

/// A share with its 95 % Wilson score interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Rate {
    /// The estimate, `hits / n`.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Hits.
    #[cfg_attr(test, ts(type = "number"))]
    pub hits: u64,
    /// Trials.
    #[cfg_attr(test, ts(type = "number"))]
    pub n: u64,
}

/// Everything about the predictions of one split after one epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Evaluation {
    /// `train`, `validation`, `test`, or a name of the user's.
    pub split: String,
    /// Step after which the model predicted.
    pub step: Step,
    /// Epoch after which the model predicted.
    pub epoch: Epoch,
    /// Rows.
    #[cfg_attr(test, ts(type = "number"))]
    pub n: u64,
    /// Class names; their count is K.
    pub classes: Vec<String>,
    /// Confusion matrix, K × K counts, row-major: rows are true classes, columns predicted ones.
    #[cfg_attr(test, ts(type = "number[]"))]
    pub confusion: Vec<u64>,
    /// Share of rows predicted right.
    pub accuracy: Option<Rate>,
    /// Mean of -ln p(true class), nats, p clipped to [2.2e-16, 1 - 2.2e-16]; `None` without probabilities.
    pub log_loss: Option<f64>,
    /// Averages over classes.
    pub averages: Averages,
    /// One row per class, in class order.
    pub per_class: Vec<ClassRow>,
    /// The most confused pairs, largest count first, at most 10.
    pub confused: Vec<ConfusedPair>,
    /// Calibration of the top-class confidence; `None` without probabilities.
    pub calibration: Option<Calibration>,
    /// Rows whose probabilities held NaN, ±Inf or values outside [0, 1] (by more than 1e-6: 32-bit rounding is
    /// forgiven); they count in the confusion matrix, and neither in log-loss nor in calibration.
    #[cfg_attr(test, ts(type = "number"))]
    pub bad_probability_rows: u64,
}

/// Averages over the classes in which the figure is defined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Averages {
    /// Mean precision over classes that were predicted at least once.
    pub macro_precision: Option<f64>,
    /// Mean recall over classes present among the true labels: balanced accuracy.
    pub macro_recall: Option<f64>,
    /// Mean F1 over classes that are present or predicted.
    pub macro_f1: Option<f64>,
    /// Matthews correlation coefficient for K classes (R_K); `None` when its denominator is 0: only one class was
    /// present, or only one predicted.
    pub mcc: Option<f64>,
}

/// One class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ClassRow {
    /// The class's name.
    pub name: String,
    /// Rows whose true class it is (support).
    #[cfg_attr(test, ts(type = "number"))]
    pub support: u64,
    /// Rows predicted as it.
    #[cfg_attr(test, ts(type = "number"))]
    pub predicted: u64,
    /// TP / (TP + FP); `None` when never predicted.
    pub precision: Option<Rate>,
    /// TP / (TP + FN); `None` when absent.
    pub recall: Option<Rate>,
    /// 2 TP / (2 TP + FP + FN); `None` when neither present nor predicted.
    pub f1: Option<f64>,
    /// Predicted count over true count; 1 is unbiased; `None` when absent.
    pub predicted_true_ratio: Option<f64>,
}

/// Rows of one true class that were predicted as another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ConfusedPair {
    /// True class.
    pub truth: u32,
    /// Predicted class.
    pub predicted: u32,
    /// Count over the true class's support.
    pub rate: Rate,
}

/// Calibration of the confidence in the predicted class, in equal-width bins `(a, b]`; 0 falls in the first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Calibration {
    /// The bins, from confidence 0 to 1.
    pub bins: Vec<CalibrationBin>,
    /// Expected calibration error, l1: mean over rows of |accuracy - confidence| of their bin.
    pub ece: f64,
    /// Largest |accuracy - confidence| of a bin with rows.
    pub mce: f64,
    /// Mean confidence minus accuracy: positive is overconfident.
    pub overconfidence: f64,
}

/// One bin of confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CalibrationBin {
    /// Lower edge, excluded (but for the first bin).
    pub low: f64,
    /// Upper edge, included.
    pub high: f64,
    /// Mean confidence of its rows; `None` when empty.
    pub confidence: Option<f64>,
    /// Share predicted right; `None` when empty.
    pub accuracy: Option<Rate>,
}
