//! A report's files on disk: all of them or none, and no figure of an earlier report beside them.

use std::io;
use std::path::{Path, PathBuf};

use crate::report_files::{FIGURE_ENDINGS, FIGURE_NAMES, ReportFile};

/// Why a report is not on disk.
#[derive(Debug, thiserror::Error)]
pub enum WriteReportError {
    /// The folder is not there and cannot be made.
    #[error("the report's folder {} cannot be made: {source}; give a folder in a place that can be written", dir.display())]
    Folder {
        /// The folder.
        dir: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("the report's file {} cannot be written: {source}; give a folder that can be written", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The report is written, and a figure of an earlier one is left beside it.
    #[error("{} is of an earlier report and cannot be removed: {source}; remove it", path.display())]
    Stale {
        /// The figure.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A name would leave the folder.
    #[error("a report's file needs a plain name, found {name:?}")]
    Name {
        /// What was found.
        name: String,
    },
}

/// Writes the files into `dir`, which is made where it is missing, and removes the figures of an earlier report that
/// this one does not have; other files are left alone. Until every file is written beside its place, what was there
/// stays as it was.
pub fn write_report(dir: &Path, files: &[ReportFile]) -> Result<(), WriteReportError> {
    if let Some(file) = files.iter().find(|file| !plain(&file.name)) {
        return Err(WriteReportError::Name { name: file.name.clone() });
    }
    std::fs::create_dir_all(dir)
        .map_err(|source| WriteReportError::Folder { dir: dir.to_owned(), source })?;
    let swapped = write_parts(dir, files).and_then(|()| swap(dir, files));
    if swapped.is_err() {
        for file in files {
            // Part files help nobody; that one was never made or is in its place is no second error.
            let _ = std::fs::remove_file(part(dir, file));
        }
    }
    swapped?;
    remove_stale(dir, files)
}

fn part(dir: &Path, file: &ReportFile) -> PathBuf {
    dir.join(format!(".{}.{}.part", file.name, std::process::id()))
}

fn write_parts(dir: &Path, files: &[ReportFile]) -> Result<(), WriteReportError> {
    for file in files {
        let path = dir.join(&file.name);
        // Found now, before the first file is swapped: a rename onto a folder fails.
        let written = match path.is_dir() {
            true => Err(io::Error::from(io::ErrorKind::IsADirectory)),
            false => std::fs::write(part(dir, file), &file.bytes),
        };
        written.map_err(|source| WriteReportError::File { path, source })?;
    }
    Ok(())
}

fn swap(dir: &Path, files: &[ReportFile]) -> Result<(), WriteReportError> {
    for file in files {
        let path = dir.join(&file.name);
        std::fs::rename(part(dir, file), &path).map_err(|source| WriteReportError::File { path, source })?;
    }
    Ok(())
}

/// Only names that reports give are looked at, and of those only files.
fn remove_stale(dir: &Path, files: &[ReportFile]) -> Result<(), WriteReportError> {
    let names = FIGURE_NAMES.iter().flat_map(|name| FIGURE_ENDINGS.map(|ending| format!("{name}.{ending}")));
    for name in names.filter(|name| files.iter().all(|file| file.name != *name)) {
        let path = dir.join(name);
        if path.is_dir() {
            continue;
        }
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                return Err(WriteReportError::Stale { path, source });
            }
            _ => {}
        }
    }
    Ok(())
}

fn plain(name: &str) -> bool {
    !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\', '\0'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: &[u8]) -> ReportFile {
        ReportFile { name: name.into(), bytes: bytes.into() }
    }

    fn names(dir: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(dir).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn files_are_written_and_replaced_and_nothing_else_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("a/b");
        write_report(&out, &[file("report.md", b"one")]).unwrap();
        write_report(&out, &[file("report.md", b"two"), file("loss.svg", b"<svg/>")]).unwrap();
        assert_eq!(std::fs::read(out.join("report.md")).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(&out).unwrap().count(), 2);
    }

    #[test]
    fn figures_of_another_report_go_and_other_files_stay() {
        let dir = tempfile::tempdir().unwrap();
        let earlier = ["report.md", "loss.svg", "loss.png", "calibration.png", "confusion.svg"];
        write_report(dir.path(), &earlier.map(|name| file(name, b"old"))).unwrap();
        std::fs::write(dir.path().join("lossless.png"), b"mine").unwrap();
        std::fs::write(dir.path().join("loss.csv"), b"mine").unwrap();
        std::fs::create_dir(dir.path().join("accuracy.png")).unwrap();
        write_report(dir.path(), &[file("report.md", b"new"), file("loss.svg", b"new")]).unwrap();
        assert_eq!(names(dir.path()), ["accuracy.png", "loss.csv", "loss.svg", "lossless.png", "report.md"]);
    }

    #[test]
    fn a_folder_in_the_way_of_one_file_leaves_every_file_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        write_report(dir.path(), &[file("loss.svg", b"old"), file("calibration.svg", b"old")]).unwrap();
        std::fs::create_dir(dir.path().join("report.md")).unwrap();
        let error =
            write_report(dir.path(), &[file("loss.svg", b"new"), file("report.md", b"new")]).unwrap_err();
        assert!(error.to_string().contains("report.md cannot be written: "), "{error}");
        assert_eq!(std::fs::read(dir.path().join("loss.svg")).unwrap(), b"old");
        assert_eq!(names(dir.path()), ["calibration.svg", "loss.svg", "report.md"]);
    }

    #[test]
    fn an_impossible_folder_gives_one_clear_sentence() {
        let dir = tempfile::tempdir().unwrap();
        let blocked = dir.path().join("file");
        std::fs::write(&blocked, b"").unwrap();
        let error = write_report(&blocked.join("report"), &[]).unwrap_err().to_string();
        assert!(error.starts_with("the report's folder ") && error.contains("cannot be made: "), "{error}");
        std::fs::create_dir(dir.path().join("report.md")).unwrap();
        let error = write_report(dir.path(), &[file("report.md", b"x")]).unwrap_err().to_string();
        assert!(error.contains("report.md cannot be written: "), "{error}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2, "a part file was left");
    }

    #[test]
    fn names_stay_in_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["../x", "a/b", "", "..", "a\\b"] {
            assert!(
                matches!(write_report(dir.path(), &[file(name, b"")]), Err(WriteReportError::Name { .. })),
                "{name}"
            );
        }
    }
}
