//! A sum of finite f64 that keeps what rounding would lose.

/// Neumaier's compensated sum (A. Neumaier, ZAMM 54, 1974): the error stays at a few units in the last place of the
/// result, however many terms and in whatever order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct CompensatedSum {
    sum: f64,
    lost: f64,
}

impl CompensatedSum {
    /// Adds a finite term.
    pub fn add(&mut self, term: f64) {
        let sum = self.sum + term;
        self.lost +=
            if self.sum.abs() >= term.abs() { (self.sum - sum) + term } else { (term - sum) + self.sum };
        self.sum = sum;
    }

    /// Adds the terms of another sum.
    pub fn merge(&mut self, other: Self) {
        self.add(other.sum);
        self.lost += other.lost;
    }

    /// The sum so far.
    pub fn value(self) -> f64 {
        self.sum + self.lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(terms: &[f64]) -> CompensatedSum {
        let mut sum = CompensatedSum::default();
        terms.iter().for_each(|term| sum.add(*term));
        sum
    }

    #[test]
    fn small_terms_beside_a_large_one_are_not_lost() {
        assert_eq!(sum(&[1.0, 1e100, 1.0, -1e100]).value(), 2.0);
    }

    #[test]
    fn merging_keeps_what_each_part_kept() {
        let mut left = sum(&[1e16, 1.0]);
        left.merge(sum(&[1.0, -1e16]));
        assert_eq!(left.value(), 2.0);
    }
}
