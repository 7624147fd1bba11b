//! What training code links: a [`Run`], its [`Scalar`] handles, and a writer thread that turns them into a run log.
//!
//! ```
//! # let runs = tempfile::tempdir()?;
//! use trainscope_hook::RunOptions;
//!
//! let run = RunOptions::new("digits").config("learning_rate", 0.001).runs_dir(runs.path()).start()?;
//! let loss = run.scalar("train/loss");
//! for step in 1..=100 {
//!     loss.log(step, 1.0 / step as f64);
//! }
//! run.finish();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What training may rely on
//! Nothing here panics, waits for a disk or a socket (but [`Run::finish`], which waits at most 5 s), or allocates per
//! scalar. What cannot be recorded is counted in [`Run::losses`] and written into the log.

mod evaluate;
mod folder;
mod log_file;
mod options;
mod queue;
mod ring;
mod run;
mod writer;

pub use evaluate::{Evaluate, EvaluateError};
pub use options::{RunOptions, StartRunError};
pub use ring::Scalar;
pub use run::{Losses, Run};
pub use trainscope_schema as schema;
