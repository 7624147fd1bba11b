//! The log file: appends whole frames, and survives a disk that refuses them.
//!
//! # When the disk refuses
//! Frames wait in memory, at most 64 MiB; what does not fit is refused, and the writer counts it. A frame that was
//! written in part is cut off again, so that the file always ends with a whole frame. One sentence goes to standard
//! error when trouble starts, one when it is over. A file that was deleted is a disk that refuses: the system would
//! take every write to it, and nobody would ever see one.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const PENDING_BYTES: usize = 64 << 20;
const RETRY_AFTER: Duration = Duration::from_millis(500);

pub(crate) struct LogFile {
    file: File,
    path: PathBuf,
    /// Bytes of whole frames in the file.
    len_bytes: u64,
    pending: Vec<u8>,
    retry_at: Option<Instant>,
}

impl LogFile {
    pub fn create(path: &Path) -> io::Result<Self> {
        let file = File::options().write(true).create_new(true).open(path)?;
        Ok(Self { file, path: path.to_owned(), len_bytes: 0, pending: Vec::new(), retry_at: None })
    }

    /// Takes a frame, or refuses it when memory for unwritten frames is full.
    #[must_use]
    pub fn append(&mut self, frame: &[u8]) -> bool {
        let fits = self.fits(frame);
        if fits {
            self.pending.extend_from_slice(frame);
        }
        fits
    }

    /// Whether there is memory for a frame; when not, a flush may make room.
    pub fn fits(&self, frame: &[u8]) -> bool {
        self.pending.len() + frame.len() <= PENDING_BYTES || self.pending.is_empty()
    }

    /// Whether every frame taken is in the file.
    pub fn is_flushed(&self) -> bool {
        self.pending.is_empty()
    }

    /// Writes what is pending; after an error, tries again only half a second later.
    pub fn flush(&mut self) {
        if self.pending.is_empty() || self.retry_at.is_some_and(|at| Instant::now() < at) {
            return;
        }
        match self.write_pending() {
            Ok(()) => {
                if self.retry_at.take().is_some() {
                    self.say("is being written again; nothing that was kept in memory is lost");
                }
            }
            Err(error) => {
                if self.retry_at.is_none() {
                    self.say(&format!(
                        "cannot be written: {error}. Training goes on; up to 64 MiB wait in memory"
                    ));
                }
                self.retry_at = Some(Instant::now() + RETRY_AFTER);
            }
        }
    }

    /// Writes what is pending at once, whatever happened before, and asks the system to bring it to the disk.
    pub fn close(&mut self) -> io::Result<()> {
        self.write_pending()?;
        self.file.sync_data()
    }

    /// Says that the log ends early.
    pub fn say_unfinished(&self, error: &io::Error) {
        self.say(&format!("could not be ended: {error}. What was still in memory is lost"));
    }

    fn write_pending(&mut self) -> io::Result<()> {
        if self.is_deleted()? {
            return Err(io::Error::new(io::ErrorKind::NotFound, "it was deleted"));
        }
        if let Err(error) = self.file.write_all(&self.pending) {
            // Cut off a part of a frame, if the system lets us; else readers step over it as damage.
            let _ = self.file.set_len(self.len_bytes);
            let _ = self.file.seek(SeekFrom::Start(self.len_bytes));
            return Err(error);
        }
        self.len_bytes += self.pending.len() as u64;
        self.pending.clear();
        Ok(())
    }

    /// Whether no folder names the file any more. A folder that was only renamed does no harm.
    #[cfg(unix)]
    fn is_deleted(&self) -> io::Result<bool> {
        use std::os::unix::fs::MetadataExt;
        Ok(self.file.metadata()?.nlink() == 0)
    }

    #[cfg(not(unix))]
    fn is_deleted(&self) -> io::Result<bool> {
        Ok(!self.path.try_exists()?)
    }

    fn say(&self, what: &str) {
        // A closed standard error is no reason to stop anything.
        let _ = writeln!(io::stderr(), "trainscope: the run log {} {what}", self.path.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_keeps_frames_until_there_is_room() {
        // /dev/full refuses every write with "no space left on device".
        let Ok(file) = File::options().write(true).open("/dev/full") else { return };
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        let mut log = LogFile { file, path: path.clone(), len_bytes: 0, pending: Vec::new(), retry_at: None };
        assert!(log.append(b"whole"));
        log.flush();
        assert!(log.retry_at.is_some());
        log.file = File::create(&path).unwrap();
        log.retry_at = Some(Instant::now());
        log.flush();
        assert_eq!(std::fs::read(&path).unwrap(), b"whole");
        assert!(log.retry_at.is_none());
    }

    #[test]
    fn memory_for_unwritten_frames_is_bounded() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        let mut log = LogFile::create(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let chunk = vec![0; PENDING_BYTES / 2];
        assert!(log.append(&chunk) && log.append(&chunk));
        assert!(!log.append(&chunk));
        assert!(log.close().is_err() && !log.is_flushed());
    }
}
