//! The 95 % interval of a share.

use trainscope_schema::Rate;

/// Quantile of the standard normal distribution at 0.975: two-sided 95 %.
pub const Z_95: f64 = 1.959963984540054;

/// A share with its 95 % Wilson score interval (E. B. Wilson, JASA 22, 1927), without continuity correction.
///
/// `None` when `n` is 0 or when there are more hits than trials. The lower end is exactly 0 at 0 hits, the upper one
/// exactly 1 at `n` hits, and the estimate always lies between them.
pub fn wilson(hits: u64, n: u64) -> Option<Rate> {
    if n == 0 || hits > n {
        return None;
    }
    let value = hits as f64 / n as f64;
    let low = lower_end(value, n as f64);
    // The upper end of the hits is the mirror of the lower end of the misses.
    let high = 1.0 - lower_end((n - hits) as f64 / n as f64, n as f64);
    Some(Rate { value, low: low.clamp(0.0, value), high: high.clamp(value, 1.0), hits, n })
}

/// The smaller root of (p - value)² = z² p (1 - p) / n, written as the product of the roots over the larger one: the
/// usual difference of two nearly equal numbers loses all digits when hits are few among many.
fn lower_end(value: f64, n: f64) -> f64 {
    let spread = Z_95 * Z_95 / n;
    let root = (spread * value * (1.0 - value) + spread * spread / 4.0).sqrt();
    value * value / (value + spread / 2.0 + root)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(hits: u64, n: u64, low: f64, high: f64) {
        let rate = wilson(hits, n).unwrap();
        assert!((rate.low - low).abs() < 1e-12, "{hits} of {n}: low {} instead of {low}", rate.low);
        assert!((rate.high - high).abs() < 1e-12, "{hits} of {n}: high {} instead of {high}", rate.high);
    }

    // Expected values: statsmodels 0.15, proportion_confint(method="wilson").
    #[test]
    fn twelve_of_eighteen() {
        check(12, 18, 0.43749467295945105, 0.837212252491663);
    }

    #[test]
    fn six_of_six() {
        check(6, 6, 0.6096657120978346, 1.0);
    }

    #[test]
    fn ends_are_exact_at_none_and_at_all() {
        for n in [1, 2, 7, 1_000_003, u64::MAX] {
            assert_eq!(wilson(0, n).map(|rate| (rate.low, rate.value)), Some((0.0, 0.0)));
            assert_eq!(wilson(n, n).map(|rate| (rate.high, rate.value)), Some((1.0, 1.0)));
        }
    }

    #[test]
    fn one_hit_in_a_trillion_keeps_its_digits() {
        // Poisson limit of the lower end: 1 / (1 + z²/2 + z sqrt(1 + z²/4)) hits.
        let hits = wilson(1, 1_000_000_000_000).unwrap().low * 1e12;
        let limit = 1.0 / (1.0 + Z_95 * Z_95 / 2.0 + Z_95 * (1.0 + Z_95 * Z_95 / 4.0).sqrt());
        assert!((hits - limit).abs() < 1e-9, "{hits} instead of {limit}");
    }

    #[test]
    fn no_trials_and_more_hits_than_trials_have_no_rate() {
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(2, 1), None);
    }
}
