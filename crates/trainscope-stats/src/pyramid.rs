//! A series that keeps every point and is quick to draw at any zoom.

use crate::grid::{Cell, Grid};
use crate::layout::steps_in;
use crate::levels::Levels;

/// The points of a series in order of arrival, with minima and maxima over ever longer stretches of them.
///
/// Steps may repeat and rewind, as after a resume: every point is kept and counted. A series without rewinds is one
/// ascending stretch, found by binary search and summed from buckets; each rewind begins another stretch. A query looks
/// at every stretch, and never costs more than one look at every point.
///
/// About 18 bytes a point, and 8 a rewind.
#[derive(Clone, Debug, Default)]
pub struct Pyramid {
    steps: Vec<u64>,
    levels: Levels,
    /// Positions at which steps go back; ascending.
    rewinds: Vec<usize>,
    extent: Option<(u64, u64)>,
    nonfinite: u64,
    lowest: Option<(u64, f64)>,
    highest: Option<(u64, f64)>,
}

impl Pyramid {
    /// A series without points.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a point: O(1) on average. Any step and any value will do.
    pub fn append(&mut self, step: u64, value: f64) {
        if self.steps.last().is_some_and(|last| step < *last) {
            self.rewinds.push(self.steps.len());
        }
        self.extent =
            self.extent.map_or(Some((step, step)), |(low, high)| Some((low.min(step), high.max(step))));
        self.nonfinite += u64::from(!value.is_finite());
        if value.is_finite() {
            let beats = |best: Option<(u64, f64)>, wins: fn(&f64, &f64) -> bool| {
                best.filter(|(_, best)| !wins(&value, best)).or(Some((step, value)))
            };
            self.lowest = beats(self.lowest, f64::lt);
            self.highest = beats(self.highest, f64::gt);
        }
        self.steps.push(step);
        self.levels.push(value);
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there are no points.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// NaN and ±Inf among the points.
    pub fn nonfinite(&self) -> u64 {
        self.nonfinite
    }

    /// How many times steps went back.
    pub fn rewinds(&self) -> usize {
        self.rewinds.len()
    }

    /// Lowest and highest step.
    pub fn extent(&self) -> Option<(u64, u64)> {
        self.extent
    }

    /// The lowest finite value and its step; of equal values the first that arrived.
    pub fn lowest(&self) -> Option<(u64, f64)> {
        self.lowest
    }

    /// The highest finite value and its step; of equal values the first that arrived.
    pub fn highest(&self) -> Option<(u64, f64)> {
        self.highest
    }

    /// The point that arrived last.
    pub fn last(&self) -> Option<(u64, f64)> {
        self.steps.last().copied().zip(self.levels.values().last().copied())
    }

    /// Steps of all points, in order of arrival.
    pub fn steps(&self) -> &[u64] {
        &self.steps
    }

    /// Values of all points, in order of arrival.
    pub fn values(&self) -> &[f64] {
        self.levels.values()
    }

    /// Points whose step lies in the range; see [`steps_in`] for what a range means.
    pub fn count_in(&self, range: Option<(f64, f64)>) -> u64 {
        self.stretches_in(steps_in(range)).map(|(from, to)| (to - from) as u64).sum()
    }

    /// NaN and ±Inf among the points whose step lies in the range.
    pub fn nonfinite_in(&self, range: Option<(f64, f64)>) -> u64 {
        self.stretches_in(steps_in(range)).map(|(from, to)| self.levels.bucket(from, to).nonfinite).sum()
    }

    /// Cells over the points whose step lies in the range: cell `c` covers the steps `first + c · stride` up to, and
    /// without, `first + (c + 1) · stride`. Points beyond the cells are left out; [`crate::grid_layout`] gives cells
    /// that cover a range.
    ///
    /// At most [`crate::MAX_COLUMNS`] cells are given; a stride of 0 counts as 1, and the stride `u64::MAX` from step 0
    /// covers the step `u64::MAX` too.
    pub fn grid(&self, range: Option<(f64, f64)>, first: u64, stride: u64, columns: usize) -> Vec<Cell> {
        let mut grid = Grid::new(first, stride, columns);
        let shown = steps_in(range).zip(grid.extent());
        let steps = shown.map(|((low, high), (first, last))| (low.max(first), high.min(last)));
        for (from, to) in self.stretches_in(steps) {
            grid.add(&self.steps, &self.levels, from, to);
        }
        grid.into_cells()
    }

    /// The last finite value of each of `n` equal stretches of the points, in order of arrival; NaN where a stretch
    /// has none. All values when there are not more than `n`.
    pub fn sparkline(&self, n: usize) -> Vec<f64> {
        let (len, n) = (self.len(), n.min(self.len()));
        // In 128 bits: a product of two lengths.
        let bound = |stretch: usize| (stretch as u128 * len as u128 / n.max(1) as u128) as usize;
        let last = |stretch| self.levels.last_finite(bound(stretch), bound(stretch + 1));
        (0..n).map(|stretch| last(stretch).map_or(f64::NAN, |at| self.values()[at])).collect()
    }

    /// The ascending stretches of positions, cut to the steps given (first and last); those left empty are left out.
    fn stretches_in(&self, steps: Option<(u64, u64)>) -> impl Iterator<Item = (usize, usize)> {
        let (low, high) = steps.unwrap_or((1, 0));
        let starts = std::iter::once(0).chain(self.rewinds.iter().copied());
        let ends = self.rewinds.iter().copied().chain([self.len()]);
        starts.zip(ends).filter_map(move |(start, end)| {
            let stretch = &self.steps[start..end];
            let from = start + stretch.partition_point(|step| *step < low);
            let to = start + stretch.partition_point(|step| *step <= high);
            (from < to).then_some((from, to))
        })
    }
}
