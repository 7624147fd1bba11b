//! Calibration of the confidence: the bins, and the errors computed from them.

use trainscope_schema::{Calibration, CalibrationBin};

use crate::interval::wilson;
use crate::sum::CompensatedSum;

/// Number of equal-width bins of confidence.
pub const CALIBRATION_BINS: usize = 15;

/// Edges of the bins, from 0 to 1: multiples of the width, as numpy's `linspace` rounds them.
const EDGES: [f64; CALIBRATION_BINS + 1] = {
    let mut edges = [1.0; CALIBRATION_BINS + 1];
    let mut edge = 0;
    while edge < CALIBRATION_BINS {
        edges[edge] = edge as f64 * (1.0 / CALIBRATION_BINS as f64);
        edge += 1;
    }
    edges
};

/// Rows by their confidence, and how many were right.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Confidences {
    bins: [Bin; CALIBRATION_BINS],
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Bin {
    rows: u64,
    hits: u64,
    confidence: CompensatedSum,
}

impl Confidences {
    /// Counts a row of a confidence within [0, 1].
    pub fn add(&mut self, confidence: f64, hit: bool) {
        let bin = &mut self.bins[bin_of(confidence)];
        bin.rows = bin.rows.saturating_add(1);
        bin.hits = bin.hits.saturating_add(u64::from(hit));
        bin.confidence.add(confidence);
    }

    /// Adds the rows of another.
    pub fn merge(&mut self, other: &Self) {
        for (bin, other) in self.bins.iter_mut().zip(&other.bins) {
            bin.rows = bin.rows.saturating_add(other.rows);
            bin.hits = bin.hits.saturating_add(other.hits);
            bin.confidence.merge(other.confidence);
        }
    }

    /// The calibration, or `None` without rows. ECE and MCE as M. P. Naeini et al., AAAI 2015, define them.
    pub fn calibration(&self) -> Option<Calibration> {
        let rows: f64 = self.bins.iter().map(|bin| bin.rows as f64).sum();
        if rows == 0.0 {
            return None;
        }
        let gaps = self.bins.iter().filter(|bin| bin.rows > 0).map(|bin| (bin.rows as f64, bin.gap()));
        let mut ece = CompensatedSum::default();
        let mut overconfidence = CompensatedSum::default();
        let mut mce = 0.0f64;
        for (weight, gap) in gaps {
            ece.add(weight / rows * gap.abs());
            overconfidence.add(weight / rows * gap);
            mce = mce.max(gap.abs());
        }
        let bins = self.bins.iter().zip(EDGES.windows(2));
        Some(Calibration {
            bins: bins.map(|(bin, edges)| bin.shown(edges[0], edges[1])).collect(),
            ece: ece.value(),
            mce,
            overconfidence: overconfidence.value(),
        })
    }
}

impl Bin {
    fn mean(&self) -> f64 {
        self.confidence.value() / self.rows as f64
    }

    /// Mean confidence minus share of hits.
    fn gap(&self) -> f64 {
        self.mean() - self.hits as f64 / self.rows as f64
    }

    fn shown(&self, low: f64, high: f64) -> CalibrationBin {
        let confidence = (self.rows > 0).then(|| self.mean());
        CalibrationBin { low, high, confidence, accuracy: wilson(self.hits, self.rows) }
    }
}

/// The bin `(a, b]` of a confidence; 0 falls in the first.
fn bin_of(confidence: f64) -> usize {
    EDGES[1..CALIBRATION_BINS].partition_point(|edge| *edge < confidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(confidence: f64, bin: usize) {
        assert_eq!(bin_of(confidence), bin, "confidence {confidence}");
    }

    #[test]
    fn an_upper_edge_belongs_to_its_bin() {
        for (bin, edge) in EDGES[1..].iter().enumerate() {
            check(*edge, bin);
            check(edge.next_up(), (bin + 1).min(CALIBRATION_BINS - 1));
        }
    }

    #[test]
    fn the_ends_fall_in_the_end_bins() {
        check(0.0, 0);
        check(f64::MIN_POSITIVE, 0);
        check(1.0, 14);
    }

    #[test]
    fn overconfidence_has_a_sign_and_ece_has_none() {
        let mut confidences = Confidences::default();
        confidences.add(1.0, false);
        confidences.add(0.5, true);
        confidences.add(0.5, true);
        let calibration = confidences.calibration().unwrap();
        assert_eq!(calibration.mce, 1.0);
        assert!((calibration.ece - 2.0 / 3.0).abs() < 1e-15);
        assert!(calibration.overconfidence.abs() < 1e-15);
    }

    #[test]
    fn no_rows_no_calibration() {
        assert_eq!(Confidences::default().calibration(), None);
    }
}
