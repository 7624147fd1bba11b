//! The class figure: recall (filled) and precision (hollow) of each class with their intervals, one row a class.

use trainscope_schema::Rate;
use trainscope_schema::colour::{LIGHT, Rgb};
use trainscope_schema::figure::{ClassInterval, ClassIntervalsFigure, Figure};

use crate::canvas::{Anchor, Canvas, Stroke, Style};
use crate::font::{Face, width};
use crate::number::grouped;
use crate::sheet::{Heading, Sheet, digits, words};
use crate::text::fit;

const WIDTH: f64 = 624.0;
const ROW: f64 = 31.0;
const NARROW_ROW: f64 = 22.0;
const MOST_ROWS: usize = 60;
const SIZE: f64 = 11.0;

/// Columns and scale.
struct Plot {
    /// x of the right end of the n column.
    n: f64,
    left: f64,
    right: f64,
    top: f64,
    row: f64,
    /// Share at the left edge.
    low: f64,
}

impl Plot {
    fn x(&self, share: f64) -> f64 {
        self.left + (share - self.low) / (1.0 - self.low) * (self.right - self.left)
    }
}

/// The figure's SVG, 624 wide and as tall as its rows; at most 60 rows are drawn, and the source line says so.
pub fn draw(figure: &Figure, body: &ClassIntervalsFigure) -> String {
    let rows = &body.rows[..body.rows.len().min(MOST_ROWS)];
    let low = axis_start(rows);
    let mut notes = Vec::new();
    if low > 0.0 {
        notes.push(format!("axis starts at {:.0}\u{a0}%", low * 100.0));
    }
    if rows.len() < body.rows.len() {
        notes.push(format!("the first {MOST_ROWS} of {} classes", grouped(body.rows.len() as u64)));
    }
    let heading = Heading::new(figure, &notes, WIDTH);
    let row = if rows.len() > 16 { NARROW_ROW } else { ROW };
    let height = heading.top() + 34.0 + row * rows.len().max(2) as f64 + 24.0 + heading.foot();
    let mut sheet = heading.open(height);
    if rows.is_empty() {
        sheet.say("No classes to draw.");
        return sheet.finish();
    }
    let plot = layout(&sheet, rows, row, low);
    draw_axis(&mut sheet, &plot, rows.len());
    for (place, class) in rows.iter().enumerate() {
        draw_row(&mut sheet.canvas, &plot, place, class);
        if place + 1 < rows.len() {
            let y = plot.top + (place + 1) as f64 * plot.row;
            sheet.canvas.line((sheet.area.left, y), (plot.right, y), Stroke::solid(LIGHT.bg, 1.0));
        }
    }
    sheet.finish()
}

/// The tenth below every interval, at most 90 %.
fn axis_start(rows: &[ClassInterval]) -> f64 {
    let rates = rows.iter().flat_map(|row| [row.recall, row.precision]).flatten();
    let least = rates.map(|rate| rate.low.min(rate.value)).filter(|low| low.is_finite()).fold(1.0, f64::min);
    let tenth = (least * 10.0 - 0.05).floor().clamp(0.0, 9.0) / 10.0;
    // Rows without a rate say so at the left edge, which wants room.
    if tenth < 0.25 { 0.0 } else { tenth }
}

fn layout(sheet: &Sheet, rows: &[ClassInterval], row: f64, low: f64) -> Plot {
    let area = sheet.area;
    let names = rows.iter().map(|row| width(&row.name, Face::Sans, 12.0)).fold(28.0, f64::max).min(150.0);
    let counts = rows.iter().map(|row| width(&grouped(row.n), Face::Mono, SIZE)).fold(20.0, f64::max);
    let n = area.left + names + 14.0 + counts;
    Plot { n, left: n + 20.0, right: area.right - 14.0, top: area.top + 30.0, row, low }
}

fn draw_axis(sheet: &mut Sheet, plot: &Plot, rows: usize) {
    let (left, canvas) = (sheet.area.left, &mut sheet.canvas);
    let bottom = plot.top + plot.row * rows as f64;
    let step = if plot.low == 0.0 { 20 } else { 10 };
    let first = (plot.low * 100.0).round() as i32;
    for tick in (first..=100).filter(|tick| tick % step == 0 || *tick == first) {
        let x = plot.x(f64::from(tick) / 100.0);
        canvas.line((x, plot.top), (x, bottom), Stroke::solid(LIGHT.grid, 1.0));

        canvas.text((x, bottom + 16.0), Anchor::Middle, digits(SIZE, LIGHT.faint), &tick.to_string());
    }
    let y = plot.top - 8.0;
    canvas.text((left, y), Anchor::Start, words(SIZE, LIGHT.faint), "class");
    canvas.text((plot.n, y), Anchor::End, words(SIZE, LIGHT.faint), "n");
    let middle = y - 4.0;
    let right = plot.right;
    canvas.text((right, y), Anchor::End, words(SIZE, LIGHT.text), "precision");
    let x = right - width("precision", Face::Sans, SIZE) - 9.0;
    canvas.circle((x, middle), 3.2, LIGHT.surface, Some(Stroke::solid(LIGHT.text, 1.4)));
    let recall = Style { face: Face::SansBold, size: SIZE, ink: LIGHT.hit };
    canvas.text((x - 16.0, y), Anchor::End, recall, "recall");
    canvas.circle((x - 16.0 - width("recall", Face::SansBold, SIZE) - 9.0, middle), 3.6, LIGHT.hit, None);
}

fn draw_row(canvas: &mut Canvas, plot: &Plot, place: usize, class: &ClassInterval) {
    let y = plot.top + (place as f64 + 0.5) * plot.row;
    let drop = (plot.row * 0.17).min(5.0);
    let count = grouped(class.n);
    let room = plot.n - width(&count, Face::Mono, SIZE) - 14.0 - 16.0;
    let name = fit(&class.name, Face::Sans, 12.0, room);
    canvas.text((16.0, y + 4.0), Anchor::Start, words(12.0, LIGHT.text), &name);
    canvas.text((plot.n, y + 4.0), Anchor::End, digits(SIZE, LIGHT.faint), &count);
    match class.recall {
        Some(recall) => draw_rate(canvas, plot, y - drop, recall, LIGHT.hit, true),
        None => say(canvas, plot, y - drop, "no rows of this class: no recall"),
    }
    match class.precision {
        Some(precision) => draw_rate(canvas, plot, y + drop, precision, LIGHT.muted, false),
        None => say(canvas, plot, y + drop, "never predicted: no precision"),
    }
}

fn draw_rate(canvas: &mut Canvas, plot: &Plot, y: f64, rate: Rate, ink: Rgb, filled: bool) {
    if ![rate.value, rate.low, rate.high].iter().all(|share| share.is_finite()) {
        return say(canvas, plot, y, "not a number");
    }
    let x = |share: f64| plot.x(share.clamp(plot.low, 1.0));
    let stroke = Stroke::solid(ink, if filled { 1.8 } else { 1.3 });
    canvas.line((x(rate.low), y), (x(rate.high), y), stroke);
    match filled {
        true => canvas.circle((x(rate.value), y), 3.6, ink, None),
        false => canvas.circle((x(rate.value), y), 3.2, LIGHT.surface, Some(Stroke::solid(LIGHT.text, 1.4))),
    }
}

fn say(canvas: &mut Canvas, plot: &Plot, y: f64, sentence: &str) {
    canvas.text((plot.left + 4.0, y + 3.0), Anchor::Start, words(9.5, LIGHT.faint), sentence);
}
