//! The files of a report: figures as SVG and PNG, `report.md`, `report.json`.

use trainscope_plot::{DrawPngError, png, svg};
use trainscope_schema::figure::Figure;

use crate::curves::{Metric, curve};
use crate::evaluation_figures::{calibration, class_intervals, confusion};
use crate::report_input::ReportInput;
use crate::report_json::json;
use crate::report_markdown::markdown;

/// PNG pixels per unit of the figure: sharp on dense screens and in print.
const PNG_SCALE: f32 = 2.0;

/// Names of all figures that a report can have, without ending.
pub const FIGURE_NAMES: [&str; 5] = ["loss", "accuracy", "confusion", "class-intervals", "calibration"];

/// Endings of a figure's files.
pub const FIGURE_ENDINGS: [&str; 2] = ["svg", "png"];

/// One file of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFile {
    /// Its name, without a folder.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A figure could not be drawn as PNG.
    #[error("the figure {name} of the report could not be drawn: {source}")]
    Figure {
        /// The figure's name.
        name: &'static str,
        /// Why.
        source: DrawPngError,
    },
}

/// A figure with the name of its files.
#[derive(Debug)]
pub struct NamedFigure {
    /// Name without ending.
    pub name: &'static str,
    /// The figure.
    pub figure: Figure,
}

/// Figures, and sentences about those that cannot be drawn.
#[derive(Debug, Default)]
pub struct Figures {
    /// Those that are drawn.
    pub drawn: Vec<NamedFigure>,
    /// Why the others are not.
    pub missing: Vec<String>,
}

/// The report of a run: `loss`, `accuracy`, `confusion`, `class-intervals` and `calibration` as `.svg` and `.png` where
/// the run has their numbers, then `report.md` and `report.json`, which say what is missing. Same input, same bytes.
pub fn report(input: &ReportInput) -> Result<Vec<ReportFile>, ReportError> {
    let figures = figures(input);
    let mut files = Vec::new();
    for NamedFigure { name, figure } in &figures.drawn {
        files.push(ReportFile { name: format!("{name}.svg"), bytes: svg(figure).into_bytes() });
        let bytes = png(figure, PNG_SCALE).map_err(|source| ReportError::Figure { name, source })?;
        files.push(ReportFile { name: format!("{name}.png"), bytes });
    }
    files.push(ReportFile { name: "report.md".into(), bytes: markdown(input, &figures).into_bytes() });
    files.push(ReportFile { name: "report.json".into(), bytes: json(input, &figures).into_bytes() });
    Ok(files)
}

/// The figures that the run has numbers for.
pub fn figures(input: &ReportInput) -> Figures {
    let mut figures = Figures::default();
    for metric in [Metric::Loss, Metric::Accuracy] {
        match curve(input, metric) {
            Some(figure) => figures.drawn.push(NamedFigure { name: metric.name(), figure }),
            None => figures.missing.push(format!("{}: the run has no series of it.", metric.name())),
        }
    }
    let Some(evaluation) = input.subject() else {
        figures.missing.push("confusion, class-intervals, calibration: the run has no evaluation.".into());
        return figures;
    };
    figures.drawn.push(NamedFigure { name: "confusion", figure: confusion(input, evaluation) });
    figures.drawn.push(NamedFigure { name: "class-intervals", figure: class_intervals(input, evaluation) });
    match calibration(input, evaluation) {
        Some(figure) => figures.drawn.push(NamedFigure { name: "calibration", figure }),
        None => figures.missing.push("calibration: the evaluation has no probabilities.".into()),
    }
    figures
}
