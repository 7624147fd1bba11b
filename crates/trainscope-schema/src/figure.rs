//! Figures: charts as data. `trainscope-report` makes them, `trainscope-plot` draws them as SVG and PNG; the browser
//! draws its own charts and never sees these.
//!
//! A figure holds what is said, never how it looks: no sizes, no pixels, no fonts.

use serde::{Deserialize, Serialize};

use crate::evaluation::{CalibrationBin, ConfusedPair, Rate};
use crate::num::Num;

/// A chart with the sentence it proves and the line that says where its numbers come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The finding in words, with its number. Plain text.
    pub title: String,
    /// What is drawn, and in which unit. Plain text.
    pub subtitle: String,
    /// Run, epoch and step, split, n; then method, seed. Whoever draws adds what was cut or left out. Plain text.
    pub source: String,
    /// What is drawn.
    pub body: FigureBody,
}

/// The kinds of charts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FigureBody {
    /// Values over steps or epochs.
    Line(LineFigure),
    /// A confusion matrix.
    Confusion(ConfusionFigure),
    /// Recall and precision of each class with their intervals.
    ClassIntervals(ClassIntervalsFigure),
    /// Share correct over confidence.
    Calibration(CalibrationFigure),
}

/// Lines over a shared x.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineFigure {
    /// What x counts, such as `epoch`.
    pub x_title: String,
    /// What y is, with its unit, such as `nats` or `% correct`.
    pub y_title: String,
    /// Put after a value where it stands in text: `%`; empty for none.
    pub unit: String,
    /// How y is laid out.
    pub y_scale: Scale,
    /// The lines, in the order they are drawn.
    pub series: Vec<LineSeries>,
    /// One point that the title speaks of.
    pub mark: Option<Mark>,
}

/// How an axis is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Equal distances are equal differences.
    #[default]
    Linear,
    /// Equal distances are equal ratios; values that are not positive are left out, and counted.
    Log,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineSeries {
    /// Its name, written at the line's end with the last value.
    pub name: String,
    /// x and y of its points, in drawing order; a gap where either is NaN or ±Infinity.
    pub points: Vec<(Num, Num)>,
    /// Interval around points, as x, low, high; empty for none.
    pub band: Vec<(Num, Num, Num)>,
    /// Its colour.
    pub tone: Tone,
    /// Dashed instead of solid: the baseline, or what only gives context.
    pub dashed: bool,
}

/// What a colour means, whatever the theme makes of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Hits, shares: blue.
    Blue,
    /// Misses, losses: vermilion.
    Vermilion,
    /// The rest: grey.
    #[default]
    Grey,
}

/// A point that is circled and named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Position of its line in `series`.
    pub series: usize,
    /// Its x.
    pub x: Num,
    /// Its y.
    pub y: Num,
    /// What is written beside it.
    pub text: String,
}

/// A confusion matrix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConfusionFigure {
    /// Class names; their count is K.
    pub classes: Vec<String>,
    /// K × K counts, row-major: rows are true classes, columns predicted ones.
    pub counts: Vec<u64>,
    /// The most confused pairs, largest first: listed where the matrix has no room for numbers.
    pub pairs: Vec<ConfusedPair>,
}

/// Recall and precision of each class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassIntervalsFigure {
    /// The classes, in the order they are drawn.
    pub rows: Vec<ClassInterval>,
}

/// One class's row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassInterval {
    /// The class's name.
    pub name: String,
    /// Rows whose true class it is.
    pub n: u64,
    /// Recall; `None` when the class is absent.
    pub recall: Option<Rate>,
    /// Precision; `None` when it was never predicted.
    pub precision: Option<Rate>,
}

/// Share correct over mean confidence, bin by bin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationFigure {
    /// The bins, from confidence 0 to 1.
    pub bins: Vec<CalibrationBin>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_survives_json_with_nan_and_infinity() {
        let series = LineSeries {
            name: "validation".into(),
            points: vec![(Num(1.0), Num(f64::INFINITY)), (Num(2.0), Num(0.5))],
            band: Vec::new(),
            tone: Tone::Vermilion,
            dashed: false,
        };
        let figure = Figure {
            title: "Loss".into(),
            subtitle: "nats".into(),
            source: "digits".into(),
            body: FigureBody::Line(LineFigure {
                x_title: "epoch".into(),
                y_title: "nats".into(),
                unit: String::new(),
                y_scale: Scale::Log,
                series: vec![series],
                mark: None,
            }),
        };
        let json = serde_json::to_string(&figure).unwrap();
        assert!(json.contains(r#""kind":"line""#), "{json}");
        assert!(json.contains(r#"[1.0,"Infinity"]"#), "{json}");
        assert_eq!(serde_json::from_str::<Figure>(&json).unwrap(), figure);
    }
}
