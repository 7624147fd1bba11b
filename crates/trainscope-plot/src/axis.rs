//! An axis: its range, where a value lies on it, and its labelled ticks.

use crate::number::{fixed, scientific};

/// Values beyond this are treated as infinite: differences of them overflow.
pub const MOST: f64 = 1e300;

/// A linear or logarithmic axis.
#[derive(Debug)]
pub struct Axis {
    low: f64,
    high: f64,
    log: bool,
    /// Ticks within the range, ascending, with their labels.
    pub ticks: Vec<(f64, String)>,
}

impl Axis {
    /// A linear axis over `low..=high`, widened to whole ticks, about `count` of them.
    pub fn linear(low: f64, high: f64, count: usize) -> Self {
        let (low, high) = apart(low, high);
        let step = nice_step((high - low) / count as f64);
        let (first, last) = ((low / step + 1e-9).floor() as i64, (high / step - 1e-9).ceil() as i64);
        let ends = (first as f64 * step, last as f64 * step);
        let ticks = (first..=last.min(first + 40))
            .map(|i| i as f64 * step)
            .map(|at| (at, label(at, step, ends)))
            .collect();
        Self { low: ends.0, high: ends.1, log: false, ticks }
    }

    /// A linear axis over exactly `low..=high`, with ticks at both ends and round ones between them; `whole` keeps them
    /// whole numbers.
    pub fn exact(low: f64, high: f64, count: usize, whole: bool) -> Self {
        if low == high {
            let step = if whole { 1.0 } else { 10f64.powf(low.abs().max(1e-300).log10().floor()) / 1000.0 };
            let pad = if low == 0.0 { 0.5 } else { low.abs() / 2.0 };
            return Self {
                low: low - pad,
                high: low + pad,
                log: false,
                ticks: vec![(low, label(low, step, (low, low)))],
            };
        }
        let rough = nice_step((high - low) / count as f64);
        let step = if whole { rough.max(1.0) } else { rough };
        let fine = if whole { 1.0 } else { step / 100.0 };
        let inner = (low / step).floor() as i64 + 1..=(high / step).ceil() as i64 - 1;
        let mut ticks = vec![(low, label(low, fine, (low, high)))];
        ticks.extend(inner.take(40).map(|i| i as f64 * step).map(|at| (at, label(at, step, (low, high)))));
        ticks.push((high, label(high, fine, (low, high))));
        Self { low, high, log: false, ticks }
    }

    /// A logarithmic axis over `low..=high`, both positive, with a little room at both ends.
    pub fn log(low: f64, high: f64, count: usize) -> Self {
        let (bottom, top) = (low.ln(), high.ln());
        let pad = if top - bottom < 1e-9 { 0.5 } else { (top - bottom) * 0.03 };
        let (bottom, top) = (bottom - pad, top + pad);
        let ticks = log_ticks(bottom, top, count);
        Self { low: bottom, high: top, log: true, ticks }
    }

    /// Where `value` lies, 0 at the low end and 1 at the high one.
    pub fn share(&self, value: f64) -> f64 {
        let value = if self.log { value.ln() } else { value };
        (value - self.low) / (self.high - self.low)
    }

    /// Lower end of a linear axis that does not hold zero; `None` when it does, or is logarithmic.
    pub fn cut(&self) -> Option<String> {
        let (first, last) = (self.ticks.first()?, self.ticks.last()?);
        match self {
            _ if self.log => None,
            _ if self.low > 0.0 => Some(format!("axis starts at {}", first.1)),
            _ if self.high < 0.0 => Some(format!("axis ends at {}", last.1)),
            _ => None,
        }
    }
}

/// Ends that differ by enough to be told apart.
fn apart(low: f64, high: f64) -> (f64, f64) {
    let size = low.abs().max(high.abs());
    if high - low > size * 1e-9 && high - low > 1e-290 {
        return (low, high);
    }
    let pad = if size < 1e-280 { 1.0 } else { size * 0.1 };
    (low - pad, high + pad)
}

/// The smallest of 1, 2, 5 × a power of ten that is not below `least`.
fn nice_step(least: f64) -> f64 {
    let power = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0]
        .map(|digit| digit * power)
        .into_iter()
        .find(|step| *step >= least * 0.999)
        .unwrap_or(power * 10.0)
}

/// `at` with the digits that tell ticks of `step` apart.
fn label(at: f64, step: f64, ends: (f64, f64)) -> String {
    let size = ends.0.abs().max(ends.1.abs());
    let digits = |unit: f64| (-(unit.log10() + 1e-9).floor()).clamp(0.0, 15.0) as usize;
    if at == 0.0 || at.abs() < step * 1e-6 {
        return "0".into();
    }
    if (1e-3..1e7).contains(&size) { fixed(at, digits(step)) } else { scientific(at, places(at, step)) }
}

/// Digits after the point of `at`, written with an exponent, that show differences of `step`.
fn places(at: f64, step: f64) -> usize {
    let power = |value: f64| (value.log10() + 1e-9).floor();
    (power(at.abs()) - power(step)).clamp(0.0, 9.0) as usize
}

fn log_ticks(bottom: f64, top: f64, count: usize) -> Vec<(f64, String)> {
    let ten = std::f64::consts::LN_10;
    let decades = (bottom / ten).floor() as i32..=(top / ten).ceil() as i32;
    let inside = |at: &f64| *at > 0.0 && at.is_finite() && (bottom..=top).contains(&at.ln());
    let fine: Vec<f64> = decades
        .clone()
        .flat_map(|power| [1, 2, 5].map(|digit| decimal(digit, power)))
        .filter(inside)
        .collect();
    let mut ticks = fine.clone();
    if fine.len() > count {
        ticks = decades.map(|power| decimal(1, power)).filter(inside).collect();
        let keep = ticks.len().div_ceil(count).max(1);
        ticks = ticks.into_iter().step_by(keep).collect();
    }
    if ticks.len() >= 2 {
        return ticks.into_iter().map(|at| (at, plain(at))).collect();
    }
    let linear = Axis::linear(bottom.exp(), top.exp(), count.min(5)).ticks;
    linear.into_iter().filter(|(at, _)| inside(at)).collect()
}

/// `digit × 10^power` as the float nearest to it.
fn decimal(digit: i32, power: i32) -> f64 {
    format!("{digit}e{power}").parse().unwrap_or(f64::NAN)
}

fn plain(at: f64) -> String {
    match at {
        _ if !(1e-4..1e6).contains(&at) => scientific(at, 0),
        _ if at < 1.0 => at.to_string(),
        _ => fixed(at, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(axis: &Axis, expected: &str) {
        let labels: Vec<String> = axis.ticks.iter().map(|(_, label)| label.replace('\u{a0}', "_")).collect();
        assert_eq!(labels.join(" "), expected);
        assert!(axis.ticks.iter().all(|(at, _)| (-0.001..=1.001).contains(&axis.share(*at))), "{axis:?}");
    }

    #[test]
    fn linear_ticks_are_round() {
        check(&Axis::linear(0.0, 1.0, 5), "0 0.2 0.4 0.6 0.8 1.0");
        check(&Axis::linear(63.0, 93.0, 5), "60 70 80 90 100");
        check(&Axis::linear(-3.0, 7.0, 5), "−4 −2 0 2 4 6 8");
        check(&Axis::linear(0.0, 11_256.0, 4), "0 5_000 10_000 15_000");
    }

    #[test]
    fn huge_and_tiny_values_are_scientific() {
        check(&Axis::linear(0.0, 3e20, 4), "0 1e20 2e20 3e20");
        check(&Axis::linear(1e-9, 5e-9, 4), "1e−9 2e−9 3e−9 4e−9 5e−9");
        check(
            &Axis::linear(1e9, 1e9 + 4.0, 4),
            "1.000000000e9 1.000000001e9 1.000000002e9 1.000000003e9 1.000000004e9",
        );
        check(&Axis::linear(-1e300, 1e300, 2), "−1e300 0 1e300");
    }

    #[test]
    fn equal_ends_are_spread() {
        check(&Axis::linear(5.0, 5.0, 4), "4.5 5.0 5.5");
        check(&Axis::linear(0.0, 0.0, 2), "−1 0 1");
        check(&Axis::exact(3.0, 3.0, 5, true), "3");
    }

    #[test]
    fn exact_axes_keep_their_ends() {
        check(&Axis::exact(1.0, 24.0, 6, true), "1 5 10 15 20 24");
        check(&Axis::exact(1.0, 2.0, 6, true), "1 2");
        check(&Axis::exact(0.0, 11_256.0, 5, true), "0 5_000 10_000 11_256");
    }

    #[test]
    fn log_ticks_are_1_2_5_or_decades() {
        check(&Axis::log(0.03, 3.2, 8), "0.05 0.1 0.2 0.5 1 2");
        check(&Axis::log(1e-7, 10.0, 6), "1e−7 1e−5 0.001 0.1 10");
        check(&Axis::log(2.1, 2.4, 6), "2.1 2.2 2.3 2.4");
        assert!(Axis::log(5e-324, 1e300, 6).ticks.len() >= 2);
    }

    #[test]
    fn a_cut_axis_says_so() {
        assert_eq!(Axis::linear(63.0, 93.0, 5).cut().as_deref(), Some("axis starts at 60"));
        assert_eq!(Axis::linear(0.0, 93.0, 5).cut(), None);
        assert_eq!(Axis::log(1.0, 93.0, 5).cut(), None);
    }
}
