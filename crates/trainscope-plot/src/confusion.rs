//! The confusion figure with its counts in the cells; where they have no room, `confusion_map` draws whole pixels.

use trainscope_schema::colour::{LIGHT, Rgb};
use trainscope_schema::figure::{ConfusionFigure, Figure};

use crate::canvas::{Anchor, Canvas, Style};
use crate::confusion_map;
use crate::font::{Face, width};
use crate::number::{grouped, percent};
use crate::sheet::{Heading, Sheet, digits, words};
use crate::text::fit;

const WIDTH: f64 = 600.0;
const LEAST_CELL: f64 = 20.0;
const MOST_NAME_WIDTH: f64 = 110.0;
const SIZE: f64 = 11.0;

/// A checked matrix: K × K counts with its sums.
#[derive(Debug)]
pub struct Matrix<'a> {
    /// Class names.
    pub classes: &'a [String],
    counts: &'a [u64],
    /// Rows of each true class.
    pub support: Vec<u64>,
    /// Rows predicted as each class.
    pub predicted: Vec<u64>,
    /// Largest share of a true class that is predicted as one wrong class; 0 without errors.
    pub worst: f64,
}

impl<'a> Matrix<'a> {
    /// `None` when the counts are not K × K.
    pub fn new(body: &'a ConfusionFigure) -> Option<Self> {
        let k = body.classes.len();
        if k == 0 || k.checked_mul(k) != Some(body.counts.len()) {
            return None;
        }
        let sum = |counts: &mut dyn Iterator<Item = &u64>| {
            counts.fold(0u64, |sum, count| sum.saturating_add(*count))
        };
        let support: Vec<u64> = body.counts.chunks_exact(k).map(|row| sum(&mut row.iter())).collect();
        let predicted = (0..k).map(|column| sum(&mut body.counts.iter().skip(column).step_by(k))).collect();
        let mut matrix =
            Self { classes: &body.classes, counts: &body.counts, support, predicted, worst: 0.0 };
        let wrong =
            (0..k * k).filter(|cell| cell / k != cell % k).map(|cell| matrix.share(cell / k, cell % k));
        matrix.worst = wrong.fold(0.0, f64::max);
        Some(matrix)
    }

    /// Rows of class `truth` predicted as `predicted`.
    pub fn count(&self, truth: usize, predicted: usize) -> u64 {
        self.counts[truth * self.classes.len() + predicted]
    }

    /// That count over the rows of the true class; 0 when it has none.
    pub fn share(&self, truth: usize, predicted: usize) -> f64 {
        match self.support[truth] {
            0 => 0.0,
            n => self.count(truth, predicted) as f64 / n as f64,
        }
    }

    /// Place of a cell on its own ramp, 0 to 1: hits up to all of the class, misses up to the largest share of them.
    pub fn place(&self, truth: usize, predicted: usize) -> f64 {
        let share = self.share(truth, predicted);
        if truth == predicted || self.worst == 0.0 { share } else { share / self.worst }
    }
}

/// Colour at `place` of the ramp of hits or of misses.
pub fn colour(place: f64, hit: bool) -> Rgb {
    if hit { LIGHT.hit_ramp(place * 0.98) } else { LIGHT.miss_ramp(place) }
}

/// Both scales, in the foot: each ramp with what its ends stand for.
pub fn draw_scales(canvas: &mut Canvas, matrix: &Matrix<'_>, (left, y): (f64, f64)) {
    let style = words(10.5, LIGHT.faint);
    let mut x = left;
    let mut scale = |hit: bool, text: String| {
        canvas.text((x, y), Anchor::Start, style, "0");
        for step in 0..16 {
            let at = (x + 11.0 + f64::from(step) * 4.0, y - 8.0);
            canvas.rect(at, (4.3, 8.0), colour(f64::from(step) / 15.0, hit), None);
        }
        canvas.text((x + 82.0, y), Anchor::Start, style, &text);
        x += 82.0 + width(&text, Face::Sans, 10.5) + 24.0;
    };
    scale(true, "right, 100\u{a0}% of the row".into());
    if matrix.worst > 0.0 {
        scale(false, format!("wrong, {}\u{a0}% of the row", percent(matrix.worst, 1)));
    } else {
        canvas.text((x, y), Anchor::Start, style, "no errors");
    }
}

/// Sizes of the matrix with numbers.
struct Grid {
    left: f64,
    top: f64,
    cell: f64,
    number_size: f64,
    /// Names of columns read upward when they are wider than a cell.
    upward: bool,
    names_width: f64,
}

/// The figure's SVG: counts in cells while they fit (600 wide), else whole pixels per cell (840 wide or more).
pub fn draw(figure: &Figure, body: &ConfusionFigure) -> String {
    let Some(matrix) = Matrix::new(body) else {
        let mut sheet = Heading::new(figure, &[], WIDTH).open(240.0);
        let (k, counts) = (grouped(body.classes.len() as u64), grouped(body.counts.len() as u64));
        sheet.say(&match body.classes.len() {
            0 => "No classes to draw.".to_owned(),
            _ => format!("{k} classes need {k} × {k} counts; there are {counts}."),
        });
        return sheet.finish();
    };
    let heading = Heading::new(figure, &[], WIDTH);
    let Some(grid) = grid(&matrix, heading.top()) else { return confusion_map::draw(figure, body, &matrix) };
    let side = grid.cell * matrix.classes.len() as f64;
    let height = grid.top + side + 58.0 + heading.foot();
    let mut sheet = heading.open(height);
    draw_names(&mut sheet, &matrix, &grid);
    draw_sums(&mut sheet, &matrix, &grid);
    for truth in 0..matrix.classes.len() {
        for predicted in 0..matrix.classes.len() {
            draw_cell(&mut sheet.canvas, &matrix, &grid, truth, predicted);
        }
    }
    draw_scales(&mut sheet.canvas, &matrix, (grid.left, grid.top + side + 46.0));
    sheet.finish()
}

/// The grid, or `None` when cells are too small for their numbers.
fn grid(matrix: &Matrix<'_>, top: f64) -> Option<Grid> {
    let k = matrix.classes.len() as f64;
    let names = matrix.classes.iter().take(100).map(|name| width(name, Face::Sans, SIZE)).fold(0.0, f64::max);
    let names_width = names.min(MOST_NAME_WIDTH);
    let sums = matrix.support.iter().max().map_or(0.0, |n| width(&grouped(*n), Face::Mono, SIZE)).max(12.0);
    let left = 16.0 + 20.0 + names_width + 10.0;
    let cell = ((WIDTH - 16.0 - sums - 14.0 - left) / k).min(480.0 / k).min(96.0).floor();
    let widest = matrix.counts.iter().max().map_or(0, |count| count.to_string().len()) as f64;
    let sums_fit = matrix.predicted.iter().all(|n| width(&grouped(*n), Face::Mono, 9.5) <= cell + 2.0);
    let number_size =
        [13.0, 11.0, 9.5].into_iter().find(|size| widest * size * 0.6 + 5.0 <= cell && cell > size * 2.0)?;
    (cell >= LEAST_CELL && sums_fit).then(|| {
        let upward = names > cell - 4.0;
        let head = if upward { names_width } else { SIZE };
        Grid { left, top: (top + 22.0 + head + 8.0).round(), cell, number_size, upward, names_width }
    })
}

fn draw_names(sheet: &mut Sheet, matrix: &Matrix<'_>, grid: &Grid) {
    let canvas = &mut sheet.canvas;
    let side = grid.cell * matrix.classes.len() as f64;
    let middle = |place: usize| (place as f64 + 0.5) * grid.cell;
    let title = words(SIZE, LIGHT.faint);
    canvas.text((grid.left, sheet.area.top + 14.0), Anchor::Start, title, "predicted class");
    if side > 60.0 {
        canvas.text_upward((26.0, grid.top + side / 2.0), Anchor::Middle, title, "true class");
    }
    for (place, name) in matrix.classes.iter().enumerate() {
        let name = fit(name, Face::Sans, SIZE, grid.names_width.max(8.0));
        let style = words(SIZE, LIGHT.text);
        canvas.text((grid.left - 10.0, grid.top + middle(place) + 4.0), Anchor::End, style, &name);
        if grid.upward {
            let at = (grid.left + middle(place) + 4.0, grid.top - 7.0);
            canvas.text_upward(at, Anchor::Start, style, &name);
        } else {
            canvas.text((grid.left + middle(place), grid.top - 7.0), Anchor::Middle, style, &name);
        }
    }
}

fn draw_sums(sheet: &mut Sheet, matrix: &Matrix<'_>, grid: &Grid) {
    let canvas = &mut sheet.canvas;
    let side = grid.cell * matrix.classes.len() as f64;
    let sums = matrix.support.iter().max().map_or(0.0, |n| width(&grouped(*n), Face::Mono, SIZE)).max(12.0);
    let (right, below) = (grid.left + side + 12.0 + sums, grid.top + side + 16.0);
    let style = digits(SIZE, LIGHT.faint);
    let widest = matrix.predicted.iter().map(|n| width(&grouped(*n), Face::Mono, SIZE)).fold(0.0, f64::max);
    let narrow = if widest > grid.cell - 2.0 { 9.5 } else { SIZE };
    canvas.text((right, grid.top - 7.0), Anchor::End, words(SIZE, LIGHT.faint), "n");
    canvas.text((grid.left - 10.0, below), Anchor::End, words(SIZE, LIGHT.faint), "Σ");
    for (place, (support, predicted)) in matrix.support.iter().zip(&matrix.predicted).enumerate() {
        let middle = (place as f64 + 0.5) * grid.cell;
        canvas.text((right, grid.top + middle + 4.0), Anchor::End, style, &grouped(*support));
        let style = digits(narrow, LIGHT.faint);
        canvas.text((grid.left + middle, below), Anchor::Middle, style, &grouped(*predicted));
    }
}

fn draw_cell(canvas: &mut Canvas, matrix: &Matrix<'_>, grid: &Grid, truth: usize, predicted: usize) {
    let (x, y) = (grid.left + predicted as f64 * grid.cell, grid.top + truth as f64 * grid.cell);
    let count = matrix.count(truth, predicted);
    let fill =
        if count == 0 { LIGHT.sunk } else { colour(matrix.place(truth, predicted), truth == predicted) };
    let size = grid.cell - 1.0;
    if truth == predicted {
        // The outline keeps hits and misses apart in print without colour.
        canvas.rect((x + 0.5, y + 0.5), (size - 1.0, size - 1.0), fill, Some(LIGHT.text));
    } else {
        canvas.rect((x, y), (size, size), fill, None);
    }
    if count > 0 {
        let face = if truth == predicted || count >= 10 { Face::MonoBold } else { Face::Mono };
        let style = Style { face, size: grid.number_size, ink: fill.ink() };
        let at = (x + size / 2.0, y + size / 2.0 + grid.number_size * 0.36);
        canvas.text(at, Anchor::Middle, style, &count.to_string());
    }
}
