//! A number that must stand in JSON: finite numbers as numbers, the rest as words.

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An `f64` whose JSON form is a number, `"NaN"`, `"Infinity"` or `"-Infinity"` (JSON itself has no such numbers).
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Num(pub f64);

impl From<f64> for Num {
    fn from(value: f64) -> Self {
        Self(value)
    }
}

impl Serialize for Num {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            value if value.is_finite() => serializer.serialize_f64(value),
            value if value.is_nan() => serializer.serialize_str("NaN"),
            value if value > 0.0 => serializer.serialize_str("Infinity"),
            _ => serializer.serialize_str("-Infinity"),
        }
    }
}

impl<'de> Deserialize<'de> for Num {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumVisitor)
    }
}

struct NumVisitor;

impl Visitor<'_> for NumVisitor {
    type Value = Num;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number, \"NaN\", \"Infinity\" or \"-Infinity\"")
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Num, E> {
        Ok(Num(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Num, E> {
        Ok(Num(value as f64))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Num, E> {
        Ok(Num(value as f64))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Num, E> {
        match text {
            "NaN" => Ok(Num(f64::NAN)),
            "Infinity" => Ok(Num(f64::INFINITY)),
            "-Infinity" => Ok(Num(f64::NEG_INFINITY)),
            _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
        }
    }
}

#[cfg(test)]
impl ts_rs::TS for Num {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &ts_rs::Config) -> String {
        "Num".into()
    }

    fn inline(_: &ts_rs::Config) -> String {
        "number | \"NaN\" | \"Infinity\" | \"-Infinity\"".into()
    }

    fn decl(config: &ts_rs::Config) -> String {
        format!("type Num = {};", Self::inline(config))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: f64, json: &str) {
        assert_eq!(serde_json::to_string(&Num(value)).unwrap(), json);
        let back: Num = serde_json::from_str(json).unwrap();
        assert!(back.0 == value || (back.0.is_nan() && value.is_nan()), "{json} came back as {back:?}");
    }

    #[test]
    fn finite_numbers_are_json_numbers() {
        check(0.1, "0.1");
        check(-2.5, "-2.5");
    }

    #[test]
    fn the_rest_are_words() {
        check(f64::NAN, "\"NaN\"");
        check(f64::INFINITY, "\"Infinity\"");
        check(f64::NEG_INFINITY, "\"-Infinity\"");
    }

    #[test]
    fn other_words_are_refused() {
        assert!(serde_json::from_str::<Num>("\"nan\"").is_err());
        assert!(serde_json::from_str::<Num>("null").is_err());
    }
}
