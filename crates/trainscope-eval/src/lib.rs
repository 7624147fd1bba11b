//! Predictions to metrics, intervals and calibration. Pure.
//!
//! [`evaluate`] takes one batch. For many, [`Tally::add`] each into a [`Tally`]; tallies made apart can be merged, and
//! their memory grows with classes, not with rows.
//!
//! ```
//! use trainscope_eval::Tally;
//! use trainscope_schema::{Epoch, Step};
//!
//! let mut tally = Tally::new(vec!["cat".into(), "dog".into()]);
//! tally.add_row(0, 0, Some(&[0.9, 0.1]))?;
//! tally.add_row(1, 0, Some(&[0.6, 0.4]))?;
//! let evaluation = tally.evaluation("test", Step(100), Epoch(1));
//! assert_eq!(evaluation.accuracy.map(|rate| (rate.value, rate.n)), Some((0.5, 2)));
//! # Ok::<(), trainscope_eval::AddPredictionsError>(())
//! ```

mod calibration;
mod classes;
mod confusion;
mod evaluation;
mod interval;
mod mean;
mod scores;
mod sum;
mod tally;

pub use calibration::CALIBRATION_BINS;
pub use classes::ClassListMismatch;
pub use confusion::{Share, confusion_shares, matthews};
pub use evaluation::evaluate;
pub use interval::{Z_95, wilson};
pub use tally::{AddPredictionsError, MAX_CLASSES, MergeTalliesError, Tally};
