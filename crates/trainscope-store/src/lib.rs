//! Run folders: reading and following their logs, answering queries about them. No HTTP, no clock.

mod blob;
mod chart;
mod facts;
mod library;
mod log_reader;
mod run;
mod series;

pub use blob::{ReadBlobError, StoredPredictions, StoredTensor};
pub use chart::{MAX_CHART_COLUMNS, MAX_CHART_SERIES, answer_chart};
pub use library::{Library, OpenLibraryError, Survey};
pub use log_reader::{Damage, LogReader, Place};
pub use run::{OpenRunError, Run};
pub use series::Series;
