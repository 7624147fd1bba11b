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

/// A look at what lies below a library's folder; see [`Library::survey`].
pub struct Survey {
    root: PathBuf,
    known: HashSet<PathBuf>,
    there: HashSet<PathBuf>,
    opened: Vec<(RunKey, Run)>,
    unreadable: Vec<(PathBuf, String)>,
}

impl Survey {
    /// Lists the folders and reads the runs that are not known yet, whole: seconds where they are large.
    pub fn look(mut self) -> Self {
        let mut dirs = Vec::new();
        find_runs(&self.root, DEPTH, &mut dirs);
        for dir in dirs {
            if !self.known.contains(&dir) {
                match Run::open(&dir).map(|run| (run.key(), run)) {
                    Ok((Some(key), run)) => self.opened.push((key, run)),
                    Ok((None, _)) => {
                        self.unreadable.push((dir.clone(), "it holds no whole frame yet".to_owned()));
                    }
                    Err(error) => self.unreadable.push((dir.clone(), error.to_string())),
                }
            }
            self.there.insert(dir);
        }
        self
    }
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
        let mut library = Self::watch(root)?;
        library.scan();
        Ok(library)
    }

    /// The same, without reading any run yet: the first scan does.
    pub fn watch(root: &Path) -> Result<Self, OpenLibraryError> {
        std::fs::read_dir(root).map_err(|source| OpenLibraryError::Read { dir: root.to_owned(), source })?;
        Ok(Self { root: root.to_owned(), runs: Vec::new(), unreadable: Vec::new() })
    }

    /// Looks for new runs and new writers, forgets runs whose folders are gone; whether anything changed.
    pub fn scan(&mut self) -> bool {
        let survey = self.survey().look();
        self.adopt(survey)
    }

    /// The beginning of a scan whose long part, [`Survey::look`], needs no library.
    pub fn survey(&self) -> Survey {
        let known = self.runs.iter().filter(|(_, run)| !run.is_stale()).map(|(_, run)| run.dir().to_owned());
        Survey {
            root: self.root.clone(),
            known: known.collect(),
            there: HashSet::new(),
            opened: Vec::new(),
            unreadable: Vec::new(),
        }
    }

    /// The end of a scan: takes the runs that were found, forgets those that are gone; whether anything changed.
    pub fn adopt(&mut self, survey: Survey) -> bool {
        let before = self.runs.len();
        self.runs.retain(|(_, run)| survey.there.contains(run.dir()));
        let changed = self.runs.len() != before || !survey.opened.is_empty();
        self.unreadable = survey.unreadable;
        for (key, mut run) in survey.opened {
            if let Some(at) = self.runs.iter().position(|(_, known)| known.dir() == run.dir()) {
                // Opened again because its files were replaced.
                run.replaces(&self.runs.remove(at).1);
            }
            if self.runs.iter().any(|(_, known)| known.name() == run.name()) {
                let below = run.dir().strip_prefix(&self.root).unwrap_or(run.dir());
                run.rename(below.display().to_string());
            }
            self.runs.push((self.free_id(key), run));
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
                // A log that cannot be read hides nothing that the run's other logs brought.
                changed |= run.follow().unwrap_or(true);
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

    /// The folder that was opened.
    pub fn root(&self) -> &Path {
        &self.root
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
