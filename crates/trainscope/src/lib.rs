//! Chrome DevTools for model training: record a run, watch it live in the visor, report on it in CI.
//!
//! ```no_run
//! use trainscope::Visor;
//!
//! let visor = Visor::open()?; // prints the link, opens the browser outside CI
//! let run = visor.run("digits").config("learning_rate", 0.001).start()?;
//! let loss = run.scalar("train/loss");
//! for step in 1..=1000 {
//!     loss.log(step, 1.0 / step as f64); // nanoseconds; never waits
//! }
//! run.finish();
//! trainscope::write_report(run.dir(), "report")?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "report")]
mod report;
#[cfg(feature = "visor")]
mod visor;

#[cfg(feature = "report")]
pub use report::{ReportError, write_report};
pub use trainscope_hook::{Evaluate, EvaluateError, Losses, Run, RunOptions, Scalar, StartRunError, schema};
#[cfg(feature = "visor")]
pub use trainscope_visor::BindError;
#[cfg(feature = "visor")]
pub use visor::{OpenVisorError, Visor, VisorOptions};
