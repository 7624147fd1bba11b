//! The confusion matrix: its counts, its margins, its shares, and what follows from them alone.

use trainscope_schema::{ConfusedPair, Evaluation};

use crate::interval::wilson;

/// How many of the most confused pairs are listed.
const LISTED_PAIRS: usize = 10;

/// What the cells of a confusion matrix are shares of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// Of the rows of the cell's true class: each matrix row sums to 1, its diagonal is recall.
    OfTrue,
    /// Of the rows predicted as the cell's predicted class: each matrix column sums to 1, its diagonal is precision.
    OfPredicted,
    /// Of all rows: the whole matrix sums to 1.
    OfAll,
}

/// The confusion matrix as shares, K × K, row-major like [`Evaluation::confusion`]; a cell is `None` where there is
/// nothing to be a share of (an absent class, one never predicted, no rows).
pub fn confusion_shares(evaluation: &Evaluation, of: Share) -> Vec<Option<f64>> {
    let classes = evaluation.classes.len();
    let margins = Margins::new(&evaluation.confusion, classes);
    let totals = |truth: usize, predicted: usize| match of {
        Share::OfTrue => margins.support.get(truth).copied().unwrap_or(0),
        Share::OfPredicted => margins.predicted.get(predicted).copied().unwrap_or(0),
        Share::OfAll => margins.n,
    };
    let cells = evaluation.confusion.iter().enumerate();
    cells
        .map(|(cell, count)| {
            let total = totals(cell / classes.max(1), cell % classes.max(1));
            (total > 0).then(|| *count as f64 / total as f64)
        })
        .collect()
}

/// Matthews correlation coefficient for K classes, R_K (J. Gorodkin, Comput. Biol. Chem. 28, 2004), of K × K counts,
/// row-major; `None` when its denominator is 0: without rows, or when one class only was present or predicted.
pub fn matthews(confusion: &[u64], classes: usize) -> Option<f64> {
    Margins::new(confusion, classes).matthews()
}

/// Sums along the rows and columns of a confusion matrix, with its diagonal.
pub(crate) struct Margins {
    /// Rows.
    pub n: u64,
    /// Rows of each true class.
    pub support: Vec<u64>,
    /// Rows predicted as each class.
    pub predicted: Vec<u64>,
    /// Rows of each class predicted right.
    pub hits: Vec<u64>,
}

impl Margins {
    /// Margins of K × K counts, row-major. Sums stop at `u64::MAX`.
    pub fn new(confusion: &[u64], classes: usize) -> Self {
        let mut margins =
            Self { n: 0, support: vec![0; classes], predicted: vec![0; classes], hits: vec![0; classes] };
        for (truth, row) in confusion.chunks_exact(classes.max(1)).take(classes).enumerate() {
            margins.support[truth] = row.iter().fold(0, |sum: u64, count| sum.saturating_add(*count));
            margins.n = margins.n.saturating_add(margins.support[truth]);
            margins.hits[truth] = row[truth];
            for (sum, count) in margins.predicted.iter_mut().zip(row) {
                *sum = sum.saturating_add(*count);
            }
        }
        margins
    }

    /// Rows predicted right.
    pub fn all_hits(&self) -> u64 {
        self.hits.iter().fold(0, |sum, hits| sum.saturating_add(*hits))
    }

    /// R_K. The covariances are integers: exact in 128 bits, so a denominator of 0 is found by comparison with 0.
    pub fn matthews(&self) -> Option<f64> {
        let product_sum = |a: &[u64], b: &[u64]| {
            a.iter().zip(b).fold(0u128, |sum, (a, b)| sum.saturating_add(u128::from(*a) * u128::from(*b)))
        };
        let square = u128::from(self.n) * u128::from(self.n);
        let agreeing = u128::from(self.all_hits()) * u128::from(self.n);
        let by_chance = product_sum(&self.support, &self.predicted);
        let of_truth = square.saturating_sub(product_sum(&self.support, &self.support));
        let of_predicted = square.saturating_sub(product_sum(&self.predicted, &self.predicted));
        if of_truth == 0 || of_predicted == 0 {
            return None;
        }
        let covariance = match agreeing.checked_sub(by_chance) {
            Some(more) => more as f64,
            None => -((by_chance - agreeing) as f64),
        };
        let scale = (of_truth as f64 * of_predicted as f64).sqrt();
        Some((covariance / scale).clamp(-1.0, 1.0))
    }
}

/// The most confused pairs: largest count first, then by true class, then by predicted class; at most 10, none empty.
pub(crate) fn most_confused(confusion: &[u64], margins: &Margins) -> Vec<ConfusedPair> {
    let classes = margins.support.len();
    let mut listed: Vec<(u64, usize)> = Vec::with_capacity(LISTED_PAIRS + 1);
    for (cell, count) in confusion.iter().enumerate() {
        if *count == 0 || cell / classes == cell % classes {
            continue;
        }
        // Cells come in the order of true, then predicted class, so equals go behind those already listed.
        let place = listed.partition_point(|(listed, _)| listed >= count);
        if place < LISTED_PAIRS {
            listed.truncate(LISTED_PAIRS - 1);
            listed.insert(place, (*count, cell));
        }
    }
    let pair = |(count, cell): (u64, usize)| {
        let (truth, predicted) = (cell / classes, cell % classes);
        let rate = wilson(count, margins.support[truth])?;
        Some(ConfusedPair { truth: truth as u32, predicted: predicted as u32, rate })
    };
    listed.into_iter().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(confusion: &[u64], classes: usize) -> Vec<(u32, u32, u64)> {
        let margins = Margins::new(confusion, classes);
        most_confused(confusion, &margins)
            .iter()
            .map(|pair| (pair.truth, pair.predicted, pair.rate.hits))
            .collect()
    }

    #[test]
    fn pairs_of_one_count_come_in_class_order() {
        assert_eq!(pairs(&[9, 1, 2, 1, 9, 2, 0, 0, 9], 3), [(0, 2, 2), (1, 2, 2), (0, 1, 1), (1, 0, 1)]);
    }

    #[test]
    fn ten_pairs_at_most_and_the_largest_among_them() {
        let mut confusion = vec![1; 25];
        confusion[23] = 7;
        let pairs = pairs(&confusion, 5);
        assert_eq!(pairs.len(), 10);
        assert_eq!(pairs[..3], [(4, 3, 7), (0, 1, 1), (0, 2, 1)]);
        assert_eq!(pairs[9], (2, 0, 1));
    }

    #[test]
    fn no_errors_no_pairs() {
        assert_eq!(pairs(&[3, 0, 0, 4], 2), []);
        assert_eq!(pairs(&[5], 1), []);
        assert_eq!(pairs(&[], 0), []);
    }

    #[test]
    fn matthews_of_the_extremes() {
        assert_eq!(matthews(&[5, 0, 0, 5], 2), Some(1.0));
        assert_eq!(matthews(&[0, 5, 5, 0], 2), Some(-1.0));
        assert_eq!(matthews(&[5, 5, 5, 5], 2), Some(0.0));
    }

    #[test]
    fn matthews_of_one_class_is_undefined() {
        assert_eq!(matthews(&[5], 1), None);
        assert_eq!(matthews(&[5, 0, 5, 0], 2), None, "all predicted as one class");
        assert_eq!(matthews(&[5, 5, 0, 0], 2), None, "only one class present");
        assert_eq!(matthews(&[0; 4], 2), None);
        assert_eq!(matthews(&[], 0), None);
    }

    #[test]
    fn matthews_of_huge_counts_neither_overflows_nor_drifts() {
        let half = u64::MAX / 2;
        assert_eq!(matthews(&[half, 0, 0, half], 2), Some(1.0));
        assert!(matthews(&[u64::MAX; 9], 3).is_none_or(f64::is_finite));
        assert!(matthews(&[u64::MAX / 9; 9], 3).is_some_and(f64::is_finite));
    }
}
