//! Buckets over buckets: the extremes of any stretch of a growing array in logarithmic time.

use crate::bucket::Bucket;

/// Values in a bucket of the lowest level, and buckets in one of the next.
const FAN_OUT: usize = 16;

/// Values by position, with buckets over every 16, 16², 16³ … of them.
///
/// Only whole buckets are kept: level `l` holds `len / 16^(l + 1)` of them, rounded down. About 1.6 bytes a value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels {
    values: Vec<f64>,
    levels: Vec<Vec<Bucket>>,
}

impl Levels {
    /// All values, in order of arrival.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Appends a value: O(1) on average.
    pub fn push(&mut self, value: f64) {
        self.values.push(value);
        if !self.values.len().is_multiple_of(FAN_OUT) {
            return;
        }
        let mut whole = Bucket::of_values(&self.values[self.values.len() - FAN_OUT..]);
        for level in 0.. {
            if level == self.levels.len() {
                self.levels.push(Vec::new());
            }
            let buckets = &mut self.levels[level];
            buckets.push(whole);
            if !buckets.len().is_multiple_of(FAN_OUT) {
                return;
            }
            whole = Bucket::of_buckets(&buckets[buckets.len() - FAN_OUT..]);
        }
    }

    /// Extremes of the positions `from..to`, which must lie within the values.
    pub fn bucket(&self, from: usize, to: usize) -> Bucket {
        let Some((mut from_bucket, mut to_bucket)) = whole_groups(from, to) else {
            return Bucket::of_values(&self.values[from..to]);
        };
        let mut sum = Bucket::of_values(&self.values[from..from_bucket * FAN_OUT]);
        sum.merge(&Bucket::of_values(&self.values[to_bucket * FAN_OUT..to]));
        for buckets in &self.levels {
            let Some((from_next, to_next)) = whole_groups(from_bucket, to_bucket) else {
                sum.merge(&Bucket::of_buckets(&buckets[from_bucket..to_bucket]));
                return sum;
            };
            sum.merge(&Bucket::of_buckets(&buckets[from_bucket..from_next * FAN_OUT]));
            sum.merge(&Bucket::of_buckets(&buckets[to_next * FAN_OUT..to_bucket]));
            (from_bucket, to_bucket) = (from_next, to_next);
        }
        sum
    }

    /// First position of `from..to` with a finite value.
    pub fn first_finite(&self, mut from: usize, to: usize) -> Option<usize> {
        while from < to {
            if self.values[from].is_finite() {
                return Some(from);
            }
            from += self.widest_without_finite(|len| from.is_multiple_of(len).then(|| from / len));
        }
        None
    }

    /// Last position of `from..to` with a finite value.
    pub fn last_finite(&self, from: usize, mut to: usize) -> Option<usize> {
        while from < to {
            if self.values[to - 1].is_finite() {
                return Some(to - 1);
            }
            to -= self.widest_without_finite(|len| to.is_multiple_of(len).then(|| to / len - 1));
        }
        None
    }

    /// Length of the widest bucket, of those that `index` names for their length, that holds no finite value; 1 when
    /// none does. A long stretch of NaN is crossed in logarithmic time.
    fn widest_without_finite(&self, index: impl Fn(usize) -> Option<usize>) -> usize {
        let (mut widest, mut len) = (1, 1usize);
        for buckets in &self.levels {
            len = len.saturating_mul(FAN_OUT);
            let bucket = index(len).and_then(|index| buckets.get(index));
            if bucket.is_none_or(|bucket| bucket.nonfinite != len as u64) {
                break;
            }
            widest = len;
        }
        widest
    }
}

/// The whole groups of `FAN_OUT` within `from..to`, by their numbers; `None` when there is none.
fn whole_groups(from: usize, to: usize) -> Option<(usize, usize)> {
    let (first, last) = (from.div_ceil(FAN_OUT), to / FAN_OUT);
    (first < last).then_some((first, last))
}
