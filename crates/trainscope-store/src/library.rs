//! The runs below a folder, found, followed and named by opaque ids.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use trainscope_schema::{RunKey, RunState, RunSummary, WallTime};

use crate::run::Run;

/// Folders between the root and a run at most.
const DEPTH: usize = 3;

/// All runs below a folder.
pub struct Library {
    root: PathBuf,
    runs: Vec<(String, Run)>,
    /// Folders that hold logs which cannot be read; tried again at each scan.
    unreadable: Vec<(PathBuf, String)>,
}

/// Why a folder of runs could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenLibraryError {
    /// The folder cannot be listed.
    #[error("cannot read the folder {}: {source}. Name a folder that holds runs", dir.display())]
    Read {
        /// The folder.
        dir: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Library {
    /// Opens a folder: a run itself, or runs below it, at most three folders down.
    pub fn open(root: &Path) -> Result<Self, OpenLibraryError> {
        std::fs::read_dir(root).map_err(|source| OpenLibraryError::Read { dir: root.to_owned(), source })?;
        let mut library = Self { root: root.to_owned(), runs: Vec::new(), unreadable: Vec::new() };
        library.scan();
        Ok(library)
    }

    /// Looks for new runs and new writers, forgets runs whose folders are gone; whether anything changed.
    pub fn scan(&mut self) -> bool {
        let mut dirs = Vec::new();
        find_runs(&self.root, DEPTH, &mut dirs);
        let before = self.runs.len();
        self.runs.retain(|(_, run)| dirs.iter().any(|dir| dir == run.dir()));
        let mut changed = self.runs.len() != before;
        self.unreadable.clear();
        let known: HashSet<PathBuf> = self.runs.iter().map(|(_, run)| run.dir().to_owned()).collect();
        for dir in dirs.into_iter().filter(|dir| !known.contains(dir)) {
            match Run::open(&dir) {
                Ok(run) => match run.key() {
                    Some(key) => {
                        self.runs.push((self.free_id(key), run));
                        changed = true;
                    }
                    None => self.unreadable.push((dir, "it holds no whole frame yet".to_owned())),
                },
                Err(error) => self.unreadable.push((dir, error.to_string())),
            }
        }
        for (_, run) in &mut self.runs {
            // A folder that cannot be listed now is listed at the next scan.
            let _ = run.find_logs();
        }
        changed
    }

    /// Reads what was written since. `all` also looks at runs that have ended; whether anything changed.
    pub fn follow(&mut self, now: WallTime, all: bool) -> bool {
        let mut changed = false;
        for (_, run) in &mut self.runs {
            if all || run.state(now) == RunState::Live {
                changed |= run.follow().unwrap_or(false);
            }
        }
        changed
    }

    /// The runs, newest first.
    pub fn summaries(&self, now: WallTime) -> Vec<RunSummary> {
        let mut summaries: Vec<_> = self.runs.iter().map(|(id, run)| run.summary(id, now)).collect();
        summaries.sort_by(|a, b| {
            let start = |s: &RunSummary| s.started.unwrap_or_default().secs();
            start(b).total_cmp(&start(a)).then_with(|| a.name.cmp(&b.name))
        });
        summaries
    }

    /// The run of that id.
    pub fn run(&self, id: &str) -> Option<&Run> {
        self.runs.iter().find(|(known, _)| known == id).map(|(_, run)| run)
    }

    /// Ids and runs, in the order they were found.
    pub fn runs(&self) -> impl Iterator<Item = (&str, &Run)> {
        self.runs.iter().map(|(id, run)| (id.as_str(), run))
    }

    /// Folders that look like runs and cannot be read, with the reason.
    pub fn unreadable(&self) -> &[(PathBuf, String)] {
        &self.unreadable
    }

    /// The run's key; a copied folder has the same, so it gets a number.
    fn free_id(&self, key: RunKey) -> String {
        let mut id = key.to_string();
        let mut copy = 2;
        while self.run(&id).is_some() {
            id = format!("{key}-{copy}");
            copy += 1;
        }
        id
    }
}

fn find_runs(dir: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    if Run::is_run_dir(dir) {
        found.push(dir.to_owned());
        return;
    }
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    if depth == 0 {
        return;
    }
    // `file_type` does not follow links, so a link to a parent is no endless road.
    let folders = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut folders: Vec<PathBuf> = folders.map(|entry| entry.path()).collect();
    folders.sort();
    for folder in folders {
        find_runs(&folder, depth - 1, found);
    }
}
