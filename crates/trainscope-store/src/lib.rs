//! Run folders: reading and following their logs, answering queries about them. No HTTP, no clock.

mod chart;
mod library;
mod log_reader;
mod run;
mod series;

pub use chart::{MAX_CHART_COLUMNS, MAX_CHART_SERIES, answer_chart};
pub use library::{Library, OpenLibraryError, Survey};
pub use log_reader::{Damage, LogReader, Place};
pub use run::{OpenRunError, ReadBlobError, Run, StoredPredictions, StoredTensor};
pub use series::Series;
