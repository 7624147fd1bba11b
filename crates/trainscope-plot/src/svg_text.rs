//! A figure as the text of an SVG file.

use trainscope_schema::figure::{Figure, FigureBody};

use crate::{calibration, class_intervals, confusion, line};

/// The figure as SVG: literal colours and plain attributes, no style sheet, no filter, no script.
///
/// What cannot be drawn (NaN, absent classes, bins without rows) is named in the picture or in its source line.
pub fn svg(figure: &Figure) -> String {
    match &figure.body {
        FigureBody::Line(body) => line::draw(figure, body),
        FigureBody::Confusion(body) => confusion::draw(figure, body),
        FigureBody::ClassIntervals(body) => class_intervals::draw(figure, body),
        FigureBody::Calibration(body) => calibration::draw(figure, body),
    }
}
