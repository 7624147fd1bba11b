//! The marked point of a line figure: a hollow dot, a leader, and its words where no line runs.

use trainscope_schema::colour::LIGHT;
use trainscope_schema::figure::{LineFigure, Mark, Scale};

use crate::canvas::{Anchor, Stroke};
use crate::font::{Face, width};
use crate::line::{Plot, drawable, ink};
use crate::sheet::{Sheet, words};
use crate::text::fit;

const SIZE: f64 = 11.0;

/// Where the words may stand: how far above (negative) or below the point.
const DROPS: [f64; 6] = [-38.0, -24.0, -60.0, 38.0, 60.0, 24.0];

/// Draws the mark; nothing when its point or its series is not drawn.
pub fn draw_mark(
    sheet: &mut Sheet,
    plot: &Plot,
    line: &LineFigure,
    mark: &Mark,
    lines: &[Vec<Vec<(f64, f64)>>],
) {
    let Some(series) = line.series.get(mark.series) else { return };
    if !drawable(mark.x.0, mark.y.0, line.y_scale == Scale::Log) {
        return;
    }
    let point = plot.place((mark.x.0, mark.y.0));
    let inside = (plot.left - 1.0..=plot.right + 1.0).contains(&point.0)
        && (plot.top - 1.0..=plot.bottom + 1.0).contains(&point.1);
    if !inside {
        return;
    }
    let text = fit(&mark.text, Face::Sans, SIZE, (plot.right - plot.left) / 2.0);
    let room = width(&text, Face::Sans, SIZE) + 10.0;
    let (drop, anchor) = quietest(plot, point, room, lines);
    let (x, y) = point;
    let towards = drop.signum();
    sheet.canvas.line((x, y + towards * 6.0), (x, y + drop + towards * 4.0), Stroke::solid(LIGHT.muted, 1.0));
    sheet.canvas.circle(point, 3.5, LIGHT.surface, Some(Stroke::solid(ink(series.tone), 1.8)));
    let x = if anchor == Anchor::Start { x + 6.0 } else { x - 6.0 };
    sheet.canvas.text_with_rim((x, y + drop + 4.0), anchor, words(SIZE, LIGHT.text), &text);
}

/// The place whose words cross the fewest lines and stay inside the plot.
fn quietest(plot: &Plot, (x, y): (f64, f64), room: f64, lines: &[Vec<Vec<(f64, f64)>>]) -> (f64, Anchor) {
    let mut best = (f64::INFINITY, DROPS[0], Anchor::Start);
    for drop in DROPS {
        for anchor in [Anchor::Start, Anchor::End] {
            let left = if anchor == Anchor::Start { x } else { x - room };
            let (top, bottom) = (y + drop - 9.0, y + drop + 9.0);
            let outside =
                left < plot.left || left + room > plot.right || top < plot.top || bottom > plot.bottom;
            let crossed = crossings(lines, (left, left + room), (top, bottom));
            let cost = crossed as f64 + if outside { 1000.0 } else { 0.0 };
            if cost < best.0 {
                best = (cost, drop, anchor);
            }
        }
    }
    (best.1, best.2)
}

/// How many of some points along the lines lie within the box.
fn crossings(lines: &[Vec<Vec<(f64, f64)>>], (left, right): (f64, f64), (top, bottom): (f64, f64)) -> usize {
    let stretches = lines.iter().flatten();
    let segments = stretches.flat_map(|stretch| stretch.windows(2));
    segments
        .filter(|pair| pair[0].0.max(pair[1].0) >= left && pair[0].0.min(pair[1].0) <= right)
        .map(|pair| {
            let along = |i: i32| {
                let t = f64::from(i) / 8.0;
                (pair[0].0 + (pair[1].0 - pair[0].0) * t, pair[0].1 + (pair[1].1 - pair[0].1) * t)
            };
            let within = |(x, y): (f64, f64)| (left..=right).contains(&x) && (top..=bottom).contains(&y);
            (0..=8).filter(|i| within(along(*i))).count()
        })
        .sum()
}
