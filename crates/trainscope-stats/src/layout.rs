//! Which steps the cells of a chart cover: one grid for all series of the chart.

/// Most cells of a grid, whatever is asked for: sixteen times a 4K screen.
pub const MAX_COLUMNS: usize = 1 << 16;

/// A grid of equal cells over steps: cell `c` covers the steps `first + c · stride` up to, and without,
/// `first + (c + 1) · stride`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridLayout {
    /// First step of the first cell.
    pub first: u64,
    /// Steps in a cell, at least 1. At 1 every cell is a single step: nothing is put together.
    pub stride: u64,
    /// Cells; 0 when there is nothing to cover.
    pub columns: usize,
}

/// The grid of at most `columns` cells over the steps of `extent` (first and last) that lie in `range`.
///
/// The stride is the smallest with which the steps fit. Where it can, the grid starts at a multiple of the stride, so
/// that a chart that is moved sideways keeps its cells, and its picture does not shimmer; the first cell may then begin
/// before the range.
///
/// An extent of `None`, a reversed extent, no columns, or a range beside the extent give no cells. See [`steps_in`]
/// for what a range means. Never more than [`MAX_COLUMNS`] cells.
pub fn grid_layout(
    extent: impl Into<Option<(u64, u64)>>,
    range: Option<(f64, f64)>,
    columns: u32,
) -> GridLayout {
    let columns = (columns as usize).min(MAX_COLUMNS);
    let nothing = GridLayout { first: 0, stride: 1, columns: 0 };
    let (Some((first, last)), Some((low, high))) = (extent.into(), steps_in(range)) else { return nothing };
    let (first, last) = (first.max(low), last.min(high));
    if first > last || columns == 0 {
        return nothing;
    }
    // One less than the number of steps, because that may be 2^64.
    let span = last - first;
    let stride = (span / columns as u64).saturating_add(1);
    let aligned = [stride, stride.saturating_add(1)].into_iter().find_map(|stride| {
        let start = first / stride * stride;
        let cells = (last - start) / stride + 1;
        (cells <= columns as u64).then_some(GridLayout { first: start, stride, columns: cells as usize })
    });
    aligned.unwrap_or_else(|| {
        let cells = (span / stride + 1).min(columns as u64);
        GridLayout { first, stride, columns: cells as usize }
    })
}

/// First and last whole step within a range of steps, both ends included; `None` when there is none.
///
/// No range is every step. An end that is NaN is no end; ends in the wrong order are exchanged, as a selection drawn
/// from right to left has them.
pub fn steps_in(range: Option<(f64, f64)>) -> Option<(u64, u64)> {
    let Some((from, to)) = range else { return Some((0, u64::MAX)) };
    let (from, to) = if from > to { (to, from) } else { (from, to) };
    let from = if from.is_nan() { 0.0 } else { from.ceil() };
    let to = if to.is_nan() { f64::INFINITY } else { to.floor() };
    // 2^64, the first number that is no step. Casts of floats stop at the integers' ends.
    let end = u64::MAX as f64;
    (from <= to && to >= 0.0 && from < end).then_some((from as u64, to as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(extent: (u64, u64), range: Option<(f64, f64)>, columns: u32, expected: (u64, u64, usize)) {
        let layout = grid_layout(extent, range, columns);
        let found = (layout.first, layout.stride, layout.columns);
        assert_eq!(found, expected, "extent {extent:?}, range {range:?}, {columns} columns");
    }

    #[test]
    fn steps_that_fit_have_a_cell_each() {
        check((1, 100), None, 100, (1, 1, 100));
        check((1, 100), None, 8192, (1, 1, 100));
        check((5, 5), None, 1, (5, 1, 1));
    }

    #[test]
    fn steps_that_do_not_fit_are_put_together_from_a_multiple_of_the_stride() {
        check((0, 99), None, 50, (0, 2, 50));
        check((1, 100), None, 50, (0, 3, 34));
        check((10, 1009), None, 100, (10, 10, 100));
        check((15, 1014), None, 100, (11, 11, 92));
    }

    #[test]
    fn a_single_column_takes_all() {
        check((7, 13), None, 1, (7, 7, 1));
        check((0, u64::MAX), None, 1, (0, u64::MAX, 1));
    }

    #[test]
    fn a_range_is_cut_to_the_extent() {
        check((10, 20), Some((0.0, 1e30)), 100, (10, 1, 11));
        check((10, 20), Some((12.5, 14.0)), 100, (13, 1, 2));
        check((10, 20), Some((14.0, 12.5)), 100, (13, 1, 2));
        check((10, 20), Some((f64::NAN, 12.0)), 100, (10, 1, 3));
        check((10, 20), Some((f64::NEG_INFINITY, f64::INFINITY)), 100, (10, 1, 11));
    }

    #[test]
    fn what_is_beside_the_extent_has_no_cells() {
        check((10, 20), Some((30.0, 40.0)), 100, (0, 1, 0));
        check((10, 20), Some((12.2, 12.8)), 100, (0, 1, 0));
        check((10, 20), Some((-5.0, -1.0)), 100, (0, 1, 0));
        check((0, u64::MAX), Some((1e20, 1e30)), 100, (0, 1, 0));
        check((20, 10), None, 100, (0, 1, 0));
        check((10, 20), None, 0, (0, 1, 0));
        assert_eq!(grid_layout(None, None, 100).columns, 0);
    }

    #[test]
    fn the_widest_extent_neither_overflows_nor_takes_much_memory() {
        let layout = grid_layout((0, u64::MAX), None, u32::MAX);
        assert_eq!((layout.stride, layout.columns), (1 << 48, MAX_COLUMNS));
        check((u64::MAX, u64::MAX), None, 3, (u64::MAX, 1, 1));
        check((u64::MAX - 3, u64::MAX), None, 2, (u64::MAX - 3, 2, 2));
    }

    #[test]
    fn ranges_become_whole_steps() {
        assert_eq!(steps_in(None), Some((0, u64::MAX)));
        assert_eq!(steps_in(Some((f64::NAN, f64::NAN))), Some((0, u64::MAX)));
        assert_eq!(steps_in(Some((-0.5, 2.5))), Some((0, 2)));
        assert_eq!(steps_in(Some((3.0, 3.0))), Some((3, 3)));
        assert_eq!(steps_in(Some((f64::INFINITY, f64::INFINITY))), None);
        assert_eq!(steps_in(Some((u64::MAX as f64, f64::INFINITY))), None);
    }
}
