//! The calibration figure: share correct over mean confidence, with the count of each bin below.

use trainscope_schema::CalibrationBin;
use trainscope_schema::colour::LIGHT;
use trainscope_schema::figure::{CalibrationFigure, Figure};

use crate::canvas::{Anchor, Stroke};
use crate::font::{Face, width};
use crate::number::grouped;
use crate::sheet::{Heading, Sheet, digits, words};

const WIDTH: f64 = 416.0;
const SIDE: f64 = 300.0;
const BARS: f64 = 52.0;
/// Between the square and the tallest bar: room for that bar's count.
const GAP: f64 = 22.0;
const COUNT_SIZE: f64 = 10.0;
const SIZE: f64 = 11.0;
/// Bins of fewer rows have a bar but no dot: their interval is nearly everything.
const LEAST_ROWS: u64 = 5;

struct Plot {
    left: f64,
    right: f64,
    top: f64,
    /// Lower edge of the square.
    floor: f64,
    /// Lower edge of the bars.
    bottom: f64,
}

impl Plot {
    fn x(&self, share: f64) -> f64 {
        self.left + share.clamp(0.0, 1.0) * (self.right - self.left)
    }

    fn y(&self, share: f64) -> f64 {
        self.floor - share.clamp(0.0, 1.0) * (self.floor - self.top)
    }
}

/// The figure's SVG, 416 wide.
pub fn draw(figure: &Figure, body: &CalibrationFigure) -> String {
    let thin = body.bins.iter().filter(|bin| (1..LEAST_ROWS).contains(&rows(bin))).count();
    let notes: Vec<String> = (thin > 0)
        .then(|| {
            format!("{thin} {} under {LEAST_ROWS} rows: bar, no dot", if thin == 1 { "bin" } else { "bins" })
        })
        .into_iter()
        .collect();
    let heading = Heading::new(figure, &notes, WIDTH);
    let height = heading.top() + 24.0 + SIDE + GAP + BARS + 38.0 + heading.foot();
    let mut sheet = heading.open(height);
    if body.bins.iter().all(|bin| rows(bin) == 0) {
        sheet.say("No rows with probabilities.");
        return sheet.finish();
    }
    let area = sheet.area;
    let top = area.top + 24.0;
    let plot = Plot {
        left: area.left + 32.0,
        right: area.right - 8.0,
        top,
        floor: top + SIDE,
        bottom: top + SIDE + GAP + BARS,
    };
    draw_axes(&mut sheet, &plot);
    draw_bars(&mut sheet, &plot, &body.bins);
    for bin in &body.bins {
        draw_dot(&mut sheet, &plot, bin);
    }
    sheet.finish()
}

fn rows(bin: &CalibrationBin) -> u64 {
    bin.accuracy.map_or(0, |rate| rate.n)
}

fn draw_axes(sheet: &mut Sheet, plot: &Plot) {
    let canvas = &mut sheet.canvas;
    for percent in [0, 25, 50, 75, 100] {
        let share = f64::from(percent) / 100.0;
        let (x, y, label) = (plot.x(share), plot.y(share), percent.to_string());
        canvas.line((plot.left, y), (plot.right, y), Stroke::solid(LIGHT.grid, 1.0));
        canvas.text((plot.left - 6.0, y + 4.0), Anchor::End, digits(SIZE, LIGHT.faint), &label);
        let anchor = match percent {
            0 => Anchor::Start,
            100 => Anchor::End,
            _ => Anchor::Middle,
        };
        canvas.text((x, plot.bottom + 16.0), anchor, digits(SIZE, LIGHT.faint), &label);
    }
    canvas.text((plot.left, plot.top - 9.0), Anchor::Start, words(SIZE, LIGHT.faint), "% correct");
    canvas.text(
        (plot.right, plot.bottom + 31.0),
        Anchor::End,
        words(SIZE, LIGHT.faint),
        "mean confidence, %",
    );
    let diagonal = Stroke { ink: LIGHT.rest, width: 1.0, dash: "4 3" };
    canvas.line((plot.x(0.0), plot.y(0.0)), (plot.x(1.0), plot.y(1.0)), diagonal);
    canvas.text((plot.x(0.17), plot.y(0.05)), Anchor::Start, words(10.5, LIGHT.faint), "dashed: calibrated");
}

fn draw_bars(sheet: &mut Sheet, plot: &Plot, bins: &[CalibrationBin]) {
    let canvas = &mut sheet.canvas;
    let most = bins.iter().map(rows).max().unwrap_or(0).max(1);
    for bin in bins.iter().filter(|bin| rows(bin) > 0) {
        let height = (BARS * (rows(bin) as f64 / most as f64).sqrt()).max(1.5);
        let (left, right) = (plot.x(bin.low) + 1.0, plot.x(bin.high) - 1.0);
        canvas.rect((left, plot.bottom - height), ((right - left).max(0.5), height), LIGHT.rest, None);
    }
    canvas.line((plot.left, plot.bottom), (plot.right, plot.bottom), Stroke::solid(LIGHT.line_2, 1.0));
    let Some(tallest) = bins.iter().find(|bin| rows(bin) == most) else { return };
    // Above the tallest bar there is no other: the count stands over its own and covers none.
    let label = grouped(most);
    let half = width(&label, Face::Mono, COUNT_SIZE) / 2.0;
    let middle = plot.x((tallest.low + tallest.high) / 2.0);
    let x = middle.min(plot.right - half).max(plot.left + half);
    canvas.text((x, plot.bottom - BARS - 4.0), Anchor::Middle, digits(COUNT_SIZE, LIGHT.faint), &label);
}

fn draw_dot(sheet: &mut Sheet, plot: &Plot, bin: &CalibrationBin) {
    let (Some(confidence), Some(accuracy)) = (bin.confidence, bin.accuracy) else { return };
    let known =
        [confidence, accuracy.value, accuracy.low, accuracy.high].iter().all(|share| share.is_finite());
    if accuracy.n < LEAST_ROWS || !known {
        return;
    }
    let x = plot.x(confidence);
    sheet.canvas.line((x, plot.y(accuracy.low)), (x, plot.y(accuracy.high)), Stroke::solid(LIGHT.hit, 1.6));
    sheet.canvas.circle((x, plot.y(accuracy.value)), 3.6, LIGHT.hit, None);
}
