//! The run's folder: a readable, unique name from the run's name and the time.

use std::io;
use std::path::{Path, PathBuf};

/// Creates `runs_dir/name-YYYYMMDD-HHMMSS` (UTC), with `-2`, `-3`… when that is taken.
pub(crate) fn create(runs_dir: &Path, name: &str, unix_secs: u64) -> io::Result<PathBuf> {
    std::fs::create_dir_all(runs_dir)?;
    let stem = format!("{}-{}", file_name_from(name), stamp(unix_secs));
    let mut dir = runs_dir.join(&stem);
    for attempt in 2.. {
        match std::fs::create_dir(&dir) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 10_000 => {
                dir = runs_dir.join(format!("{stem}-{attempt}"));
            }
            result => return result.map(|()| dir),
        }
    }
    Ok(dir)
}

/// Letters, digits, `.`, `_` and `-` stay; the rest becomes `-`. Never empty, never a hidden file, at most 80 bytes.
fn file_name_from(name: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let cleaned: String = name.chars().map(keep).take(80).collect();
    match cleaned.trim_start_matches('.') {
        "" => "run".to_owned(),
        rest => rest.to_owned(),
    }
}

/// `YYYYMMDD-HHMMSS` in UTC. The date is Howard Hinnant's `civil_from_days`, for days since 1970.
fn stamp(unix_secs: u64) -> String {
    let (days, secs) = (unix_secs / 86_400, unix_secs % 86_400);
    let shifted = days + 719_468; // days since 0000-03-01
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}{month:02}{day:02}-{:02}{:02}{:02}", secs / 3600, secs / 60 % 60, secs % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_utc_dates() {
        assert_eq!(stamp(0), "19700101-000000");
        assert_eq!(stamp(951_782_399), "20000228-235959");
        assert_eq!(stamp(951_782_400), "20000229-000000");
        assert_eq!(stamp(1_700_000_000), "20231114-221320");
    }

    #[test]
    fn names_never_leave_their_folder() {
        assert_eq!(file_name_from("digits"), "digits");
        assert_eq!(file_name_from("../../etc/passwd"), "-..-etc-passwd");
        assert_eq!(file_name_from(".."), "run");
        assert_eq!(file_name_from("a b/ü"), "a-b--");
        assert_eq!(file_name_from(&"x".repeat(500)).len(), 80);
    }

    #[test]
    fn a_taken_name_is_counted_up() {
        let runs = tempfile::tempdir().unwrap();
        let names: Vec<_> = (0..3).map(|_| create(runs.path(), "digits", 0).unwrap()).collect();
        assert!(names[2].ends_with("digits-19700101-000000-3"), "{names:?}");
    }
}
