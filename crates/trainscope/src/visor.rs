//! The visor inside the program that trains.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use trainscope_hook::RunOptions;
use trainscope_visor::{BindError, Listening, ServeOptions, serve_in_background};

/// A visor that serves a folder of runs from a thread of this process, until the process ends.
pub struct Visor {
    runs_dir: PathBuf,
    listening: Listening,
}

/// How a visor is opened.
#[derive(Clone, Debug)]
pub struct VisorOptions {
    runs_dir: PathBuf,
    port: Option<u16>,
    private: bool,
    open_browser: bool,
}

/// Why a visor could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenVisorError {
    /// The folder of runs could not be made.
    #[error("cannot create the folder {}: {source}. Make its parent writable, or choose another folder", dir.display())]
    CreateFolder {
        /// The folder.
        dir: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The port, or the folder's content.
    #[error(transparent)]
    Serve(#[from] BindError),
}

impl Visor {
    /// Serves `runs` on loopback, prints the link and opens the browser, unless there is none or `CI` is set.
    pub fn open() -> Result<Self, OpenVisorError> {
        VisorOptions::default().open()
    }

    /// Options of a run in this visor's folder; `start` starts it.
    pub fn run(&self, name: impl Into<String>) -> RunOptions {
        RunOptions::new(name).runs_dir(&self.runs_dir)
    }

    /// The link to the visor.
    pub fn link(&self) -> String {
        self.listening.access.link()
    }

    /// Keeps the program, and with it the visor, until Ctrl-C: to look at a run that has ended.
    pub fn wait(&self) -> ! {
        self.listening.wait()
    }

    /// The folder of runs.
    pub fn runs_dir(&self) -> &Path {
        &self.runs_dir
    }
}

impl Default for VisorOptions {
    fn default() -> Self {
        Self { runs_dir: PathBuf::from("runs"), port: None, private: false, open_browser: true }
    }
}

impl VisorOptions {
    /// The folder of runs; `runs` when not given.
    pub fn runs_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.runs_dir = dir.into();
        self
    }

    /// The port; 0 takes any free one. When not given, the first free one from 6860 on.
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Asks for the token in the link even on loopback: for machines with other users.
    pub fn private(mut self, private: bool) -> Self {
        self.private = private;
        self
    }

    /// Whether to open the browser; when not given, yes.
    pub fn open_browser(mut self, open: bool) -> Self {
        self.open_browser = open;
        self
    }

    /// Serves, prints the link to standard error, opens the browser.
    pub fn open(self) -> Result<Visor, OpenVisorError> {
        std::fs::create_dir_all(&self.runs_dir)
            .map_err(|source| OpenVisorError::CreateFolder { dir: self.runs_dir.clone(), source })?;
        let mut options = ServeOptions::new(&self.runs_dir);
        options.port = self.port;
        options.private = self.private;
        let visor = Visor { listening: serve_in_background(&options)?, runs_dir: self.runs_dir };
        // A closed standard error is no reason to stop anything.
        let _ = writeln!(io::stderr(), "visor: {}", visor.link());
        if self.open_browser {
            visor.listening.open_browser();
        }
        Ok(visor)
    }
}
