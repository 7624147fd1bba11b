//! The mean of the values that are defined.

/// Mean over the `Some`s, or `None` when there are none.
pub(crate) fn mean_of_defined(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let (sum, n) = values.flatten().fold((0.0, 0u64), |(sum, n), value| (sum + value, n + 1));
    (n > 0).then(|| sum / n as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_undefined_does_not_count_as_zero() {
        assert_eq!(mean_of_defined([Some(1.0), None, Some(0.5)].into_iter()), Some(0.75));
        assert_eq!(mean_of_defined([None, None].into_iter()), None);
    }
}
