//! How a run is started: its name, its configuration, where its folder goes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::run::Run;

/// Options of a run; [`RunOptions::start`] creates its folder and its writer.
#[derive(Clone, Debug)]
pub struct RunOptions {
    pub(crate) name: String,
    pub(crate) runs_dir: PathBuf,
    pub(crate) config: BTreeMap<String, serde_json::Value>,
}

/// Why a run could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartRunError {
    /// The run's folder could not be made.
    #[error("cannot create a run folder in {}: {source}. Make the folder writable, or choose another", dir.display())]
    CreateFolder {
        /// The folder of all runs.
        dir: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The log file could not be made or written.
    #[error("cannot write the run log {}: {source}. Free some space, or choose another folder", path.display())]
    CreateLog {
        /// The log file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The writer thread could not be started.
    #[error("cannot start the writer thread: {0}")]
    StartThread(std::io::Error),
    /// The configuration does not fit into a frame.
    #[error("cannot record the configuration: {0}")]
    Config(#[from] trainscope_schema::EncodeFrameError),
}

impl RunOptions {
    /// Options for a run of that name, in the folder `runs`.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), runs_dir: PathBuf::from("runs"), config: BTreeMap::new() }
    }

    /// The folder in which the run's own folder is made.
    pub fn runs_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.runs_dir = dir.into();
        self
    }

    /// One entry of the run's configuration: a hyper-parameter, a file name, a commit.
    pub fn config(mut self, key: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
        self.config.insert(key.into(), value.into());
        self
    }

    /// Creates the run's folder, writes its first frame and starts its writer.
    pub fn start(self) -> Result<Run, StartRunError> {
        Run::start(self)
    }
}
