//! The confusion matrix of many classes: whole pixels per cell, unsmoothed, beside its most confused pairs.

use std::collections::BTreeMap;

use trainscope_schema::ConfusedPair;
use trainscope_schema::colour::LIGHT;
use trainscope_schema::figure::{ConfusionFigure, Figure};

use crate::axis::Axis;
use crate::canvas::{Anchor, Canvas, Stroke};
use crate::confusion::{Matrix, colour, draw_scales};
use crate::font::{Face, width};
use crate::number::{grouped, percent};
use crate::sheet::{Heading, Sheet, digits, words};
use crate::text::fit;

const SIDE: usize = 520;
const LEAST_SIDE: usize = 360;
/// Above this many classes, neighbours share a pixel.
const MOST_CELLS: usize = 1000;
const PANEL: f64 = 220.0;
/// Steps of each ramp: cells of one step are one path.
const SHADES: f64 = 48.0;
const SIZE: f64 = 11.0;

/// Whether a cell holds hits, and its step on their ramp.
type Shade = (bool, u32);

/// Sizes of the map.
struct Layout {
    left: f64,
    top: f64,
    /// Pixels per cell.
    cell: usize,
    /// Classes per cell, in each direction.
    block: usize,
    /// Cells in each direction.
    cells: usize,
}

impl Layout {
    fn side(&self) -> f64 {
        (self.cell * self.cells) as f64
    }
}

/// The figure's SVG.
pub fn draw(figure: &Figure, body: &ConfusionFigure, matrix: &Matrix<'_>) -> String {
    let k = matrix.classes.len();
    let block = k.div_ceil(MOST_CELLS);
    let cells = k.div_ceil(block);
    let cell = (SIDE / cells).max(LEAST_SIDE.div_ceil(cells)).max(1);
    let named = cell >= 12;
    let names = matrix.classes.iter().take(100).map(|name| width(name, Face::Sans, 10.0)).fold(0.0, f64::max);
    let left = if named { 16.0 + names.min(110.0) + 10.0 } else { 60.0 };
    let side = (cell * cells) as f64;
    let panel = if body.pairs.is_empty() { 40.0 } else { PANEL };
    let mut notes = Vec::new();
    if block > 1 {
        notes.push(format!("each pixel shows the largest of {block} × {block} cells"));
    }
    let heading = Heading::new(figure, &notes, (left + side + panel).ceil().max(600.0));
    let above = if named { names.min(110.0) + 10.0 } else { 24.0 };
    let layout =
        Layout { left: left.round(), top: (heading.top() + above + 6.0).round(), cell, block, cells };
    let height = layout.top + side + 32.0 + heading.foot();
    let mut sheet = heading.open(height);
    draw_cells(&mut sheet.canvas, matrix, &layout);
    draw_scales(&mut sheet.canvas, matrix, (layout.left, layout.top + side + 22.0));
    if named {
        draw_names(&mut sheet.canvas, matrix, &layout);
    } else {
        draw_indices(&mut sheet.canvas, k, &layout);
    }
    if !body.pairs.is_empty() {
        draw_pairs(&mut sheet, matrix, &layout, &body.pairs);
    }
    sheet.finish()
}

/// Cells of one shade become one path; neighbours in a row become one rectangle.
fn draw_cells(canvas: &mut Canvas, matrix: &Matrix<'_>, layout: &Layout) {
    let mut shades: BTreeMap<Shade, Vec<(u32, u32, u32, u32)>> = BTreeMap::new();
    let cell = layout.cell as u32;
    for row in 0..layout.cells {
        let y = layout.top as u32 + row as u32 * cell;
        for column in 0..layout.cells {
            let Some(shade) = shade(matrix, layout, row, column) else { continue };
            let x = layout.left as u32 + column as u32 * cell;
            let rects = shades.entry(shade).or_default();
            match rects.last_mut() {
                Some((left, top, width, _)) if *top == y && *left + *width == x => *width += cell,
                _ => rects.push((x, y, cell, cell)),
            }
        }
    }
    let side = layout.side();
    canvas.rect((layout.left, layout.top), (side, side), LIGHT.sunk, None);
    for ((hit, shade), rects) in shades {
        canvas.pixels(&rects, colour(f64::from(shade) / SHADES, hit));
    }
}

/// The strongest of the cell's counts with its shade; `None` when all are zero.
fn shade(matrix: &Matrix<'_>, layout: &Layout, row: usize, column: usize) -> Option<Shade> {
    let classes = |place: usize| place * layout.block..((place + 1) * layout.block).min(matrix.classes.len());
    let mut strongest: Option<Shade> = None;
    for truth in classes(row) {
        for predicted in classes(column).filter(|predicted| matrix.count(truth, *predicted) > 0) {
            let step = (matrix.place(truth, predicted) * SHADES).ceil() as u32;
            if strongest.is_none_or(|(_, most)| step > most) {
                strongest = Some((truth == predicted, step));
            }
        }
    }
    strongest
}

fn draw_names(canvas: &mut Canvas, matrix: &Matrix<'_>, layout: &Layout) {
    for (place, name) in matrix.classes.iter().enumerate() {
        let name = fit(name, Face::Sans, 10.0, 110.0);
        let middle = (place as f64 + 0.5) * layout.cell as f64;
        let style = words(10.0, LIGHT.text);
        canvas.text((layout.left - 6.0, layout.top + middle + 3.5), Anchor::End, style, &name);
        canvas.text_upward((layout.left + middle + 3.5, layout.top - 6.0), Anchor::Start, style, &name);
    }
}

fn draw_indices(canvas: &mut Canvas, k: usize, layout: &Layout) {
    let side = layout.side();
    let style = digits(SIZE, LIGHT.faint);
    for (at, label) in Axis::linear(0.0, k as f64, 5).ticks {
        let place = at / k as f64 * side;
        if place > side + 0.5 {
            continue;
        }
        let (x, y) = (layout.left + place, layout.top + place);
        canvas.line((layout.left - 6.0, y), (layout.left - 2.0, y), Stroke::solid(LIGHT.line_2, 1.0));
        canvas.line((x, layout.top - 6.0), (x, layout.top - 2.0), Stroke::solid(LIGHT.line_2, 1.0));
        canvas.text((layout.left - 10.0, y + 4.0), Anchor::End, style, &label);
        canvas.text((x, layout.top - 10.0), Anchor::Middle, style, &label);
    }
}

fn draw_pairs(sheet: &mut Sheet, matrix: &Matrix<'_>, layout: &Layout, pairs: &[ConfusedPair]) {
    let left = layout.left + layout.side() + 28.0;
    let right = sheet.area.right;
    let known = |pair: &&ConfusedPair| {
        let classes = pair.truth.max(pair.predicted) as usize;
        classes < matrix.classes.len()
            && [pair.rate.value, pair.rate.low, pair.rate.high].iter().all(|v| v.is_finite())
    };
    let room = ((layout.side() - 60.0) / 42.0).max(1.0) as usize;
    let pairs: Vec<&ConfusedPair> = pairs.iter().filter(known).take(room.min(10)).collect();
    let most = pairs.iter().map(|pair| pair.rate.high).fold(0.0, f64::max);
    let most = ((most * 10.0).ceil() / 10.0).clamp(0.1, 1.0);
    let canvas = &mut sheet.canvas;
    canvas.text(
        (left, layout.top + 8.0),
        Anchor::Start,
        words(SIZE, LIGHT.muted),
        "Most confused pairs, % of the row",
    );
    canvas.text(
        (left, layout.top + 22.0),
        Anchor::Start,
        words(10.0, LIGHT.faint),
        "whisker: Wilson 95\u{a0}%",
    );
    for (place, pair) in pairs.iter().enumerate() {
        draw_pair(canvas, matrix, pair, (left, right), layout.top + 52.0 + 42.0 * place as f64, most);
    }
    let below = layout.top + 52.0 + 42.0 * pairs.len() as f64 - 14.0;
    canvas.text((left, below), Anchor::Start, digits(SIZE, LIGHT.faint), "0");
    canvas.text((right, below), Anchor::End, digits(SIZE, LIGHT.faint), &percent(most, 0));
}

fn draw_pair(
    canvas: &mut Canvas,
    matrix: &Matrix<'_>,
    pair: &ConfusedPair,
    (left, right): (f64, f64),
    y: f64,
    most: f64,
) {
    let count = format!("{}/{}", grouped(pair.rate.hits), grouped(pair.rate.n));
    let room = right - left - width(&count, Face::Mono, SIZE) - 10.0;
    let text = pair_text(matrix, pair, room);
    canvas.text((left, y), Anchor::Start, words(12.0, LIGHT.text), &text);
    canvas.text((right, y), Anchor::End, digits(SIZE, LIGHT.muted), &count);
    let x = |share: f64| left + (share / most).clamp(0.0, 1.0) * (right - left);
    let middle = y + 10.0;
    canvas.line((left, middle), (right, middle), Stroke::solid(LIGHT.grid, 1.0));
    canvas.line((x(pair.rate.low), middle), (x(pair.rate.high), middle), Stroke::solid(LIGHT.miss, 1.5));
    canvas.circle((x(pair.rate.value), middle), 3.2, LIGHT.miss, None);
}

/// `true → predicted`; the longer name is cut first.
fn pair_text(matrix: &Matrix<'_>, pair: &ConfusedPair, room: f64) -> String {
    let names = [pair.truth, pair.predicted].map(|class| matrix.classes[class as usize].as_str());
    let widths = names.map(|name| width(name, Face::Sans, 12.0));
    let room = room - width(" → ", Face::Sans, 12.0);
    let half = room / 2.0;
    let most = |other: f64| if other < half { room - other } else { half };
    let [truth, predicted] = [0, 1].map(|i| fit(names[i], Face::Sans, 12.0, most(widths[1 - i])));
    format!("{truth} → {predicted}")
}
