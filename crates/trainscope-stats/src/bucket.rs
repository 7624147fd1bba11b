//! The extremes of a stretch of points.

/// Minimum and maximum over the finite values of a stretch, and the number of the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bucket {
    /// Smallest finite value; +Inf when there is none.
    pub min: f64,
    /// Largest finite value; -Inf when there is none.
    pub max: f64,
    /// NaN and ±Inf.
    pub nonfinite: u64,
}

impl Bucket {
    /// The bucket of no points.
    pub const EMPTY: Self = Self { min: f64::INFINITY, max: f64::NEG_INFINITY, nonfinite: 0 };

    /// The bucket of these values.
    pub fn of_values(values: &[f64]) -> Self {
        let mut bucket = Self::EMPTY;
        for value in values {
            bucket.add(*value);
        }
        bucket
    }

    /// The bucket of all these buckets' points.
    pub fn of_buckets(buckets: &[Self]) -> Self {
        let mut bucket = Self::EMPTY;
        for part in buckets {
            bucket.merge(part);
        }
        bucket
    }

    /// Adds one value.
    pub fn add(&mut self, value: f64) {
        if !value.is_finite() {
            self.nonfinite += 1;
            return;
        }
        // Comparisons, not f64::min: of -0.0 and 0.0 the one that came first stays.
        if value < self.min {
            self.min = value;
        }
        if value > self.max {
            self.max = value;
        }
    }

    /// Adds another bucket's points.
    pub fn merge(&mut self, other: &Self) {
        if other.min < self.min {
            self.min = other.min;
        }
        if other.max > self.max {
            self.max = other.max;
        }
        self.nonfinite += other.nonfinite;
    }
}
