//! The cells of a chart, filled from the monotone stretches of a series.

use crate::bucket::Bucket;
use crate::layout::MAX_COLUMNS;
use crate::levels::Levels;

/// One cell of a grid: what the points in it come to. Values are NaN where the cell has no finite point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Value of the first finite point: the lowest step, and of equal steps the first that arrived.
    pub first: f64,
    /// Smallest finite value.
    pub min: f64,
    /// Largest finite value.
    pub max: f64,
    /// Value of the last finite point: the highest step, and of equal steps the last that arrived.
    pub last: f64,
    /// Step of `last`; 0 where the cell has no finite point.
    pub last_step: u64,
    /// All points, NaN and ±Inf included; stops at `u32::MAX`.
    pub count: u32,
    /// NaN and ±Inf; stops at `u32::MAX`.
    pub nonfinite: u32,
}

impl Cell {
    /// A cell without points.
    pub const EMPTY: Self = Self {
        first: f64::NAN,
        min: f64::NAN,
        max: f64::NAN,
        last: f64::NAN,
        last_step: 0,
        count: 0,
        nonfinite: 0,
    };
}

/// Cells being filled, with the steps that their first values came from.
pub(crate) struct Grid {
    first: u64,
    stride: u64,
    cells: Vec<Cell>,
    // Kept apart from the cells: needed only while several stretches overlap.
    first_steps: Vec<u64>,
}

impl Grid {
    /// At most [`MAX_COLUMNS`] empty cells; a stride of 0 counts as 1.
    pub fn new(first: u64, stride: u64, columns: usize) -> Self {
        let columns = columns.min(MAX_COLUMNS);
        let (cells, first_steps) = (vec![Cell::EMPTY; columns], vec![0; columns]);
        Self { first, stride: stride.max(1), cells, first_steps }
    }

    /// First and last step that the cells cover; `None` without cells.
    pub fn extent(&self) -> Option<(u64, u64)> {
        let last_cell = self.cells.len().checked_sub(1)?;
        Some((self.first, self.last_step(last_cell)))
    }

    /// Adds the points at positions `from..to`, whose steps do not decrease and lie within the extent.
    /// Stretches must come in order of arrival.
    pub fn add(&mut self, steps: &[u64], levels: &Levels, from: usize, to: usize) {
        let mut at = from;
        // Cells of one stretch mostly hold equally many points.
        let mut usual_len = 1;
        while at < to {
            let cell = self.cell_of(steps[at]);
            let last_step = self.last_step(cell);
            let end = at + count_up_to(&steps[at..to], last_step, usual_len);
            self.fill(cell, steps, levels, (at, end));
            usual_len = end - at;
            at = end;
        }
    }

    /// The cells.
    pub fn into_cells(self) -> Vec<Cell> {
        self.cells
    }

    fn fill(&mut self, cell: usize, steps: &[u64], levels: &Levels, (from, to): (usize, usize)) {
        let bucket = levels.bucket(from, to);
        let (cell, first_step) = (&mut self.cells[cell], &mut self.first_steps[cell]);
        cell.count = cell.count.saturating_add(saturated((to - from) as u64));
        cell.nonfinite = cell.nonfinite.saturating_add(saturated(bucket.nonfinite));
        let (Some(first), Some(last)) = (levels.first_finite(from, to), levels.last_finite(from, to)) else {
            return;
        };
        let earlier = cell.min.is_nan();
        if earlier || steps[first] < *first_step {
            (cell.first, *first_step) = (levels.values()[first], steps[first]);
        }
        if earlier || steps[last] >= cell.last_step {
            (cell.last, cell.last_step) = (levels.values()[last], steps[last]);
        }
        let mut extremes =
            if earlier { Bucket::EMPTY } else { Bucket { min: cell.min, max: cell.max, nonfinite: 0 } };
        extremes.merge(&bucket);
        (cell.min, cell.max) = (extremes.min, extremes.max);
    }

    /// The cell of a step within the extent.
    fn cell_of(&self, step: u64) -> usize {
        // Of 2^64 steps in one cell, the last would fall off.
        ((step - self.first) / self.stride).min(self.cells.len() as u64 - 1) as usize
    }

    /// Last step of a cell.
    fn last_step(&self, cell: usize) -> u64 {
        let end = u128::from(self.first) + (cell as u128 + 1) * u128::from(self.stride) - 1;
        let everything = self.first == 0 && self.stride == u64::MAX;
        if everything { u64::MAX } else { u64::try_from(end).unwrap_or(u64::MAX) }
    }
}

/// How many of these steps, which do not decrease, are at most `last`; quick when it is about `guess`.
fn count_up_to(steps: &[u64], last: u64, guess: usize) -> usize {
    let guess = guess.min(steps.len());
    let (mut low, mut high, mut reach) = (guess, guess, 1);
    if guess > 0 && steps[guess - 1] > last {
        // All from `high` on are beyond `last`.
        while low > 0 && steps[low - 1] > last {
            high = low - 1;
            low = high.saturating_sub(reach);
            reach *= 2;
        }
    } else {
        // All before `low` are within `last`.
        while high < steps.len() && steps[high] <= last {
            low = high + 1;
            high = low.saturating_add(reach).min(steps.len());
            reach *= 2;
        }
    }
    low + steps[low..high].partition_point(|step| *step <= last)
}

fn saturated(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_guess_finds_the_same_place() {
        let steps = [1, 1, 2, 3, 5, 8, 8, 8, 13, 21, 34];
        for last in 0..40 {
            let expected = steps.iter().filter(|step| **step <= last).count();
            for guess in 0..15 {
                assert_eq!(count_up_to(&steps, last, guess), expected, "last {last}, guess {guess}");
            }
        }
        assert_eq!(count_up_to(&[], 3, 1), 0);
    }

    #[test]
    fn a_cell_at_the_end_of_all_steps_does_not_wrap() {
        assert_eq!(Grid::new(u64::MAX - 1, 5, 3).extent(), Some((u64::MAX - 1, u64::MAX)));
        assert_eq!(Grid::new(0, u64::MAX, 1).extent(), Some((0, u64::MAX)));
        assert_eq!(Grid::new(3, 0, 2).extent(), Some((3, 4)));
        assert_eq!(Grid::new(0, 1, 0).extent(), None);
    }
}
