//! A report of a run, written where the program says.

use std::path::Path;

pub use trainscope_report::ReportRunError as ReportError;

/// Writes the report of the run in `run_dir` into the folder `out`: PNG, SVG, report.md and report.json. The same run
/// gives the same bytes, here and by `trainscope report`.
pub fn write_report(run_dir: impl AsRef<Path>, out: impl AsRef<Path>) -> Result<(), ReportError> {
    trainscope_report::report_run(run_dir.as_ref(), out.as_ref()).map(|_| ())
}
