//! Numbers as figures and reports write them: `−` for minus, a no-break space between groups, words for NaN and ∞.

/// A count with its thousands apart: `11 256` (no-break spaces).
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    out
}

/// A value for reading, about three digits: `0.346`, `12.35`, `11 256`, `8.10e−5`, `NaN`, `−∞`.
pub fn value(value: f64) -> String {
    let size = value.abs();
    match size {
        _ if value.is_nan() => "NaN".into(),
        _ if value.is_infinite() => if value > 0.0 { "∞" } else { "−∞" }.into(),
        0.0 => "0".into(),
        _ if !(1e-3..1e6).contains(&size) => scientific(value, 2),
        _ if size < 10.0 => fixed(value, 3),
        _ if size < 100.0 => fixed(value, 2),
        _ if size < 1000.0 => fixed(value, 1),
        _ => fixed(value, 0),
    }
}

/// A share in percent without the sign: `percent(0.0957, 1)` is `9.6`.
pub fn percent(share: f64, decimals: usize) -> String {
    value_or_word(share, |share| fixed(share * 100.0, decimals))
}

/// A value with `decimals` digits after the point and its thousands apart.
pub fn fixed(value: f64, decimals: usize) -> String {
    value_or_word(value, |value| {
        let plain = format!("{:.*}", decimals, value.abs());
        let (whole, rest) = plain.find('.').map_or((plain.as_str(), ""), |dot| plain.split_at(dot));
        let whole = whole.parse().map_or_else(|_| whole.to_owned(), grouped);
        let zero = plain.bytes().all(|digit| matches!(digit, b'0' | b'.'));
        format!("{}{whole}{rest}", if value < 0.0 && !zero { "−" } else { "" })
    })
}

/// A value as `1.2e−5` with `decimals` digits after the point.
pub fn scientific(value: f64, decimals: usize) -> String {
    value_or_word(value, |value| format!("{value:.decimals$e}").replace('-', "−"))
}

fn value_or_word(number: f64, format: impl Fn(f64) -> String) -> String {
    if number.is_finite() { format(number) } else { value(number) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(number: f64, expected: &str) {
        assert_eq!(value(number).replace('\u{a0}', " "), expected);
    }

    #[test]
    fn values_are_read_at_a_glance() {
        check(0.3456, "0.346");
        check(12.345, "12.35");
        check(-123.45, "−123.5");
        check(11_256.4, "11 256");
        check(8.1e-5, "8.10e−5");
        check(-1.5e300, "−1.50e300");
        check(0.0, "0");
        check(-0.0, "0");
    }

    #[test]
    fn nan_and_infinity_are_words() {
        check(f64::NAN, "NaN");
        check(f64::INFINITY, "∞");
        check(f64::NEG_INFINITY, "−∞");
        assert_eq!(percent(f64::NAN, 1), "NaN");
    }

    #[test]
    fn rounding_to_zero_loses_the_minus() {
        assert_eq!(fixed(-0.0001, 1), "0.0");
        assert_eq!(percent(0.0957, 1), "9.6");
        assert_eq!(grouped(1_234_567), "1\u{a0}234\u{a0}567");
        assert_eq!(grouped(12), "12");
    }
}
