//! A report's files on disk: each appears whole or not at all.

use std::io;
use std::path::{Path, PathBuf};

use crate::report_files::ReportFile;

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
    /// A name would leave the folder.
    #[error("a report's file needs a plain name, found {name:?}")]
    Name {
        /// What was found.
        name: String,
    },
}

/// Writes the files into `dir`, which is made where it is missing. A file that is there already is replaced whole.
pub fn write_report(dir: &Path, files: &[ReportFile]) -> Result<(), WriteReportError> {
    if let Some(file) = files.iter().find(|file| !plain(&file.name)) {
        return Err(WriteReportError::Name { name: file.name.clone() });
    }
    std::fs::create_dir_all(dir)
        .map_err(|source| WriteReportError::Folder { dir: dir.to_owned(), source })?;
    for file in files {
        let path = dir.join(&file.name);
        let unfinished = dir.join(format!(".{}.{}.part", file.name, std::process::id()));
        let written =
            std::fs::write(&unfinished, &file.bytes).and_then(|()| std::fs::rename(&unfinished, &path));
        written.map_err(|source| {
            // The part file helps nobody; that it may be gone already is no second error.
            let _ = std::fs::remove_file(&unfinished);
            WriteReportError::File { path, source }
        })?;
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
