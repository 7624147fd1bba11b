//! Whether two class lists are the same, and where not.

use thiserror::Error;

/// Two class lists that should be the same differ.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "expected {expected_len} classes with class {index} {expected}, found {found_len} classes with class {index} \
     {found}: tally predictions of different class lists apart"
)]
pub struct ClassListMismatch {
    /// Number of classes expected.
    pub expected_len: usize,
    /// Number of classes found.
    pub found_len: usize,
    /// First class that differs.
    pub index: usize,
    /// Its expected name in quotes, cut when long, or `absent`.
    pub expected: String,
    /// Its found name in quotes, cut when long, or `absent`.
    pub found: String,
}

/// Compares class lists name by name, in order.
pub(crate) fn same_classes(expected: &[String], found: &[String]) -> Result<(), ClassListMismatch> {
    if expected == found {
        return Ok(());
    }
    let index = expected.iter().zip(found).take_while(|(expected, found)| expected == found).count();
    Err(ClassListMismatch {
        expected_len: expected.len(),
        found_len: found.len(),
        index,
        expected: quoted(expected.get(index)),
        found: quoted(found.get(index)),
    })
}

/// The name as one short line: class names are the user's, of any length and with any character.
fn quoted(name: Option<&String>) -> String {
    const SHOWN: usize = 40;
    match name {
        None => "absent".to_owned(),
        Some(name) if name.chars().count() > SHOWN => {
            format!("{:?}…", name.chars().take(SHOWN).collect::<String>())
        }
        Some(name) => format!("{name:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: &[&str], found: &[&str], message: Option<&str>) {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let error = same_classes(&owned(expected), &owned(found)).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), message);
    }

    #[test]
    fn equal_lists_pass() {
        check(&["a", "b"], &["a", "b"], None);
        check(&[], &[], None);
    }

    #[test]
    fn order_counts() {
        check(
            &["a", "b"],
            &["b", "a"],
            Some(
                "expected 2 classes with class 0 \"a\", found 2 classes with class 0 \"b\": \
                 tally predictions of different class lists apart",
            ),
        );
    }

    #[test]
    fn a_missing_class_is_named() {
        check(
            &["a", "b"],
            &["a"],
            Some(
                "expected 2 classes with class 1 \"b\", found 1 classes with class 1 absent: \
                 tally predictions of different class lists apart",
            ),
        );
    }

    #[test]
    fn long_and_hostile_names_stay_one_short_line() {
        let long = "<b>\n".repeat(1000);
        let error = same_classes(&[long], &[]).unwrap_err().to_string();
        assert!(error.len() < 250 && !error.contains('\n'), "{error}");
    }
}
