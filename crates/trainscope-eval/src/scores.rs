//! What the probabilities of rows add up to: log-loss, confidences, and the rows that hold no probabilities.

use trainscope_schema::Calibration;

use crate::calibration::Confidences;
use crate::sum::CompensatedSum;

/// How far a softmax in 32-bit floats may leave [0, 1] by rounding alone.
const ROUNDING: f64 = 1e-6;

/// Sums over the rows that came with probabilities.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Scores {
    /// Rows whose probabilities held NaN, ±Inf or values outside [0, 1] by more than [`ROUNDING`]; they are in no
    /// other sum.
    pub bad_rows: u64,
    rows: u64,
    log_loss: CompensatedSum,
    confidences: Confidences,
}

impl Scores {
    /// Counts a row. Its confidence is the largest probability; it is a hit when the first class that has it is the
    /// label, whatever was predicted, so that confidence and hit speak of the same class.
    pub fn add(&mut self, label: usize, probabilities: impl Iterator<Item = f64>) {
        let (mut top, mut confidence, mut of_label) = (0, -1.0, 0.0);
        for (class, probability) in probabilities.enumerate() {
            // NaN fails this comparison too.
            if !(-ROUNDING..=1.0 + ROUNDING).contains(&probability) {
                self.bad_rows = self.bad_rows.saturating_add(1);
                return;
            }
            let probability = probability.clamp(0.0, 1.0);
            if probability > confidence {
                (top, confidence) = (class, probability);
            }
            if class == label {
                of_label = probability;
            }
        }
        self.rows = self.rows.saturating_add(1);
        // Clipped as scikit-learn does: a probability of 0 costs 36 nats, not infinity. Rows are not renormalised.
        self.log_loss.add(-of_label.clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln());
        self.confidences.add(confidence.max(0.0), top == label);
    }

    /// Adds the rows of another.
    pub fn merge(&mut self, other: &Self) {
        self.bad_rows = self.bad_rows.saturating_add(other.bad_rows);
        self.rows = self.rows.saturating_add(other.rows);
        self.log_loss.merge(other.log_loss);
        self.confidences.merge(&other.confidences);
    }

    /// Mean of -ln p(true class), nats; `None` without rows of sound probabilities.
    pub fn log_loss(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.log_loss.value() / self.rows as f64)
    }

    /// Calibration of the confidence; `None` without rows of sound probabilities.
    pub fn calibration(&self) -> Option<Calibration> {
        self.confidences.calibration()
    }
}
