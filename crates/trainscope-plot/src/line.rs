//! The line figure: values over steps or epochs, each line named at its end.

use trainscope_schema::Num;
use trainscope_schema::colour::{LIGHT, Rgb};
use trainscope_schema::figure::{Figure, LineFigure, LineSeries, Scale, Tone};

use crate::axis::{Axis, MOST};
use crate::canvas::{Anchor, Stroke, Style};
use crate::decimate::decimate;
use crate::font::{Face, width};
use crate::labels::spread;
use crate::line_mark::draw_mark;
use crate::number::{fixed, grouped, value};
use crate::sheet::{Heading, Sheet, digits, words};
use crate::text::fit;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 360.0;
const LABEL_SIZE: f64 = 11.0;
const LABEL_GAP: f64 = 15.0;
const DENSE: usize = 400;
const MOST_LABEL_WIDTH: f64 = 190.0;

/// Where values lie on the sheet.
#[derive(Debug)]
pub struct Plot {
    x: Axis,
    y: Axis,
    /// x of the left edge, pixels.
    pub left: f64,
    /// x of the right edge.
    pub right: f64,
    /// y of the upper edge.
    pub top: f64,
    /// y of the lower edge.
    pub bottom: f64,
}

impl Plot {
    /// Pixel of a point.
    pub fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (
            self.left + self.x.share(x) * (self.right - self.left),
            self.bottom - self.y.share(y) * (self.bottom - self.top),
        )
    }
}

/// The figure's SVG, 720 × 360.
pub fn draw(figure: &Figure, line: &LineFigure) -> String {
    let log = line.y_scale == Scale::Log;
    let Some((x, y)) = axes(line, log) else {
        let heading = Heading::new(figure, &left_out(line, log), WIDTH);
        let mut sheet = heading.open(HEIGHT);
        sheet.say(if log { "No positive, finite value to draw." } else { "No finite value to draw." });
        return sheet.finish();
    };
    let mut notes: Vec<String> = y.cut().map(|cut| cut + &sign(&line.unit)).into_iter().collect();
    notes.extend(left_out(line, log));
    let labels = end_labels(line);
    let label_width = labels.iter().map(|label| width(label, Face::SansBold, LABEL_SIZE)).fold(0.0, f64::max);
    let tick_width =
        y.ticks.iter().map(|(_, label)| width(label, Face::Mono, LABEL_SIZE)).fold(0.0, f64::max);
    let mut sheet = Heading::new(figure, &notes, WIDTH).open(HEIGHT);
    let area = sheet.area;
    let plot = Plot {
        x,
        y,
        left: area.left + tick_width.max(22.0) + 10.0,
        right: area.right - label_width.max(16.0) - 10.0,
        top: area.top + 25.0,
        bottom: area.bottom - 34.0,
    };
    draw_axes(&mut sheet, &plot, line);
    let lines: Vec<Vec<Vec<(f64, f64)>>> =
        line.series.iter().map(|series| stretches(series, &plot, log)).collect();
    for series in &line.series {
        draw_band(&mut sheet, &plot, series, log);
    }
    for (series, stretches) in line.series.iter().zip(&lines) {
        draw_series(&mut sheet, series, stretches);
    }
    draw_end_labels(&mut sheet, &plot, line, &labels, &lines);
    if let Some(mark) = &line.mark {
        draw_mark(&mut sheet, &plot, line, mark, &lines);
    }
    sheet.finish()
}

/// The colour of a tone.
pub fn ink(tone: Tone) -> Rgb {
    match tone {
        Tone::Blue => LIGHT.hit,
        Tone::Vermilion => LIGHT.miss,
        Tone::Grey => LIGHT.muted,
    }
}

/// Whether a point can be drawn.
pub fn drawable(x: f64, y: f64, log: bool) -> bool {
    x.abs() <= MOST && y.abs() <= MOST && (!log || y > 0.0)
}

fn sign(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!("\u{a0}{unit}") }
}

/// Sentences about points that are not drawn.
fn left_out(line: &LineFigure, log: bool) -> Vec<String> {
    let points = || line.series.iter().flat_map(|series| &series.points);
    let nonfinite = points().filter(|(x, y)| !drawable(x.0, y.0, false)).count() as u64;
    let low = points().filter(|(x, y)| log && drawable(x.0, y.0, false) && y.0 <= 0.0).count() as u64;
    let mut sentences = Vec::new();
    if nonfinite > 0 {
        let values = if nonfinite == 1 { "value that is" } else { "values that are" };
        sentences.push(format!("not drawn: {} {values} NaN or infinite", grouped(nonfinite)));
    }
    if low > 0 {
        let values = if low == 1 { "value" } else { "values" };
        sentences.push(format!("not drawn: {} {values} of 0 or below (logarithmic axis)", grouped(low)));
    }
    sentences
}

fn axes(line: &LineFigure, log: bool) -> Option<(Axis, Axis)> {
    let points = || {
        line.series
            .iter()
            .flat_map(|series| series.points.iter().map(|(x, y)| (x.0, y.0)))
            .filter(|(x, y)| drawable(*x, *y, log))
    };
    let band = line
        .series
        .iter()
        .flat_map(|series| &series.band)
        .flat_map(|(x, low, high)| [(x.0, low.0), (x.0, high.0)]);
    let (low_x, high_x) = ends(points().map(|(x, _)| x))?;
    let (low, high) = ends(points().chain(band.filter(|(x, y)| drawable(*x, *y, log))).map(|(_, y)| y))?;
    let whole = points().all(|(x, _)| x.fract() == 0.0);
    let x = Axis::exact(low_x, high_x, 6, whole);
    let y = if log {
        Axis::log(low, high, 7)
    } else {
        // Zero belongs to the picture where it is near: a cut axis exaggerates.
        Axis::linear(if low > 0.0 && low < high * 0.4 { 0.0 } else { low }, high, 5)
    };
    Some((x, y))
}

fn ends(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |ends, value| {
        let (low, high) = ends.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    })
}

fn draw_axes(sheet: &mut Sheet, plot: &Plot, line: &LineFigure) {
    let canvas = &mut sheet.canvas;
    let Plot { left, right, top, bottom, .. } = *plot;
    for (at, label) in &plot.y.ticks {
        let y = bottom - plot.y.share(*at) * (bottom - top);
        canvas.line((left, y), (right, y), Stroke::solid(LIGHT.grid, 1.0));
        canvas.text((left - 8.0, y + 4.0), Anchor::End, digits(LABEL_SIZE, LIGHT.faint), label);
    }
    canvas.line((left, bottom), (right, bottom), Stroke::solid(LIGHT.line_2, 1.0));
    for (at, label) in apart(plot) {
        let x = left + plot.x.share(at) * (right - left);
        canvas.line((x, bottom), (x, bottom + 4.0), Stroke::solid(LIGHT.line_2, 1.0));
        canvas.text((x, bottom + 18.0), Anchor::Middle, digits(LABEL_SIZE, LIGHT.faint), label);
    }
    let title = fit(&line.x_title, Face::Sans, LABEL_SIZE, right - left);
    canvas.text((right, bottom + 33.0), Anchor::End, words(LABEL_SIZE, LIGHT.faint), &title);
    let title = fit(&line.y_title, Face::Sans, LABEL_SIZE, right - left);
    canvas.text((left, top - 9.0), Anchor::Start, words(LABEL_SIZE, LIGHT.faint), &title);
}

/// The ticks of x whose labels do not touch; the two ends come first.
fn apart(plot: &Plot) -> Vec<(f64, &str)> {
    let reach = |(at, label): &(f64, String)| {
        let x = plot.left + plot.x.share(*at) * (plot.right - plot.left);
        let half = width(label, Face::Mono, LABEL_SIZE) / 2.0 + 7.0;
        (x - half, x + half)
    };
    let ticks = &plot.x.ticks;
    let order = [0, ticks.len() - 1].into_iter().chain(1..ticks.len().saturating_sub(1));
    let mut kept: Vec<usize> = Vec::new();
    for i in order {
        let (low, high) = reach(&ticks[i]);
        if kept.iter().all(|k| reach(&ticks[*k]).1 <= low || reach(&ticks[*k]).0 >= high) {
            kept.push(i);
        }
    }
    kept.into_iter().map(|i| (ticks[i].0, ticks[i].1.as_str())).collect()
}

/// The series as unbroken stretches, in pixels.
fn stretches(series: &LineSeries, plot: &Plot, log: bool) -> Vec<Vec<(f64, f64)>> {
    series
        .points
        .split(|(x, y)| !drawable(x.0, y.0, log))
        .filter(|stretch| !stretch.is_empty())
        .map(|stretch| stretch.iter().map(|(x, y)| plot.place((x.0, y.0))).collect())
        .map(|stretch| decimate(stretch, plot.right - plot.left))
        .collect()
}

fn draw_band(sheet: &mut Sheet, plot: &Plot, series: &LineSeries, log: bool) {
    let whole = |(x, low, high): &(Num, Num, Num)| drawable(x.0, low.0, log) && drawable(x.0, high.0, log);
    for stretch in series.band.split(|point| !whole(point)).filter(|stretch| stretch.len() > 1) {
        let upper = stretch.iter().map(|(x, _, high)| plot.place((x.0, high.0)));
        let lower = stretch.iter().rev().map(|(x, low, _)| plot.place((x.0, low.0)));
        sheet.canvas.area(&upper.chain(lower).collect::<Vec<_>>(), ink(series.tone), 0.14);
    }
}

fn draw_series(sheet: &mut Sheet, series: &LineSeries, stretches: &[Vec<(f64, f64)>]) {
    let points: usize = stretches.iter().map(Vec::len).sum();
    let width = match series.dashed {
        // Where every pixel column has its points, a thick line would only blacken the noise.
        _ if points > DENSE => 0.8,
        true => 1.6,
        false => 2.0,
    };
    let stroke = Stroke { ink: ink(series.tone), width, dash: if series.dashed { "5 3" } else { "" } };
    for stretch in stretches {
        match stretch[..] {
            // A point without neighbours has no line: it is a dot, or nobody would see it.
            [point] => sheet.canvas.circle(point, 2.5, stroke.ink, None),
            _ => sheet.canvas.polyline(stretch, stroke),
        }
    }
}

/// Name and last value of each series, cut to the width kept for them.
fn end_labels(line: &LineFigure) -> Vec<String> {
    let label = |series: &LineSeries| {
        let last = match series.points.last() {
            Some((_, y)) if !y.0.is_finite() => value(y.0),
            // A share is read to a tenth of a point.
            Some((_, y)) if line.unit == "%" => fixed(y.0, 1) + &sign(&line.unit),
            Some((_, y)) => value(y.0) + &sign(&line.unit),
            None => "no points".into(),
        };
        let room = MOST_LABEL_WIDTH - width(&last, Face::SansBold, LABEL_SIZE) - 6.0;
        format!("{} {last}", fit(&series.name, Face::SansBold, LABEL_SIZE, room.max(40.0)))
    };
    line.series.iter().map(label).collect()
}

fn draw_end_labels(
    sheet: &mut Sheet,
    plot: &Plot,
    line: &LineFigure,
    labels: &[String],
    lines: &[Vec<Vec<(f64, f64)>>],
) {
    let most = ((plot.bottom - plot.top) / LABEL_GAP) as usize + 1;
    let end = |lines: &Vec<Vec<(f64, f64)>>| lines.last().and_then(|stretch| stretch.last()).copied();
    let mut places: Vec<f64> = lines
        .iter()
        .take(if labels.len() > most { most - 1 } else { most })
        .map(|lines| end(lines).map_or(plot.bottom, |(_, y)| y))
        .collect();
    let shown = places.len();
    if shown < labels.len() {
        places.push(plot.bottom);
    }
    spread(&mut places, LABEL_GAP, plot.top, plot.bottom);
    let x = plot.right + 8.0;
    for (i, (label, series)) in labels.iter().zip(&line.series).take(shown).enumerate() {
        let face = if series.tone == Tone::Grey { Face::Sans } else { Face::SansBold };
        let style = Style { face, size: LABEL_SIZE, ink: ink(series.tone) };
        sheet.canvas.text((x, places[i] + 4.0), Anchor::Start, style, label);
    }
    if shown < labels.len() {
        let rest = format!("and {} more", labels.len() - shown);
        sheet.canvas.text((x, places[shown] + 4.0), Anchor::Start, words(LABEL_SIZE, LIGHT.faint), &rest);
    }
}
