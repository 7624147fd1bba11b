//! A small seeded random number generator: the only source of chance in this crate.
//!
//! Burn's generator is one for the whole process, so two trainings side by side would disturb each other. Ours
//! belongs to one model or one call of `fit`, and the same seed gives the same losses.

/// SplitMix64 (Steele, Lea, Flood 2014): 64 bits of state, passes BigCrush, one multiplication chain a number.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// The generator of `seed`; `stream` tells the uses of one seed apart (weights, shuffling, dropout).
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut random = Self { state: seed ^ stream.wrapping_mul(0xA24B_AED4_963E_E407) };
        random.next_u64();
        random
    }

    /// The next 64 bits.
    pub(crate) fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 (included) to 1 (excluded).
    pub(crate) fn unit(&mut self) -> f32 {
        (self.next_u64() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// `len` numbers, evenly spread from `-bound` to `bound`.
    pub(crate) fn uniform(&mut self, len: usize, bound: f32) -> Vec<f32> {
        (0..len).map(|_| (self.unit() * 2.0 - 1.0) * bound).collect()
    }

    /// `0..len` in random order (Fisher–Yates).
    pub(crate) fn permutation(&mut self, len: usize) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..len).collect();
        for last in (1..len).rev() {
            // Multiply-shift instead of a remainder: no division, and a bias below 2^-64 · len.
            let pick = ((self.next_u64() as u128 * (last as u128 + 1)) >> 64) as usize;
            rows.swap(last, pick);
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permutation_holds_every_row_once_and_depends_on_seed_and_stream() {
        let order = Random::new(7, 1).permutation(100);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..100).collect::<Vec<_>>());
        assert_eq!(order, Random::new(7, 1).permutation(100));
        assert_ne!(order, Random::new(8, 1).permutation(100));
        assert_ne!(order, Random::new(7, 2).permutation(100));
    }

    #[test]
    fn uniform_numbers_stay_in_bounds_and_average_to_nothing() {
        let values: Vec<f32> = (0..20).flat_map(|seed| Random::new(seed, 0).uniform(5_000, 0.5)).collect();
        assert!(values.iter().all(|v| (-0.5..0.5).contains(v)));
        // Five standard errors of a mean of 100,000 numbers.
        let mean = values.iter().map(|v| f64::from(*v)).sum::<f64>() / 1e5;
        assert!(mean.abs() < 5.0 * 12f64.sqrt().recip() / 1e5f64.sqrt(), "{mean}");
    }

    #[test]
    fn nothing_to_permute_is_fine() {
        assert!(Random::new(0, 0).permutation(0).is_empty());
    }
}
