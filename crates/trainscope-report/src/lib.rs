//! Runs to verdicts: what a run recorded, as figures (SVG, PNG), Markdown for people and JSON for programs.
//!
//! [`report`] is pure: the same input gives the same bytes, without dates of now and paths of the machine.
//! [`write_report`] puts the files into a folder.

mod class_names;
mod curves;
mod evaluation_figures;
mod from_run;
mod markdown;
mod report_files;
mod report_input;
mod report_json;
mod report_markdown;
#[cfg(test)]
mod report_tests;
mod verdict;
mod write;

pub use from_run::{ReportRunError, report_run};
pub use report_files::{ReportError, ReportFile, report};
pub use report_input::{ReportInput, ReportSeries};
pub use report_json::REPORT_SCHEMA;
pub use write::{WriteReportError, write_report};
