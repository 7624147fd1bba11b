//! Pyramids against the slow and obvious way, on random series with rewinds, repeats, NaN and ±Inf.

use proptest::prelude::*;
use trainscope_stats::{Cell, GridLayout, MAX_COLUMNS, Pyramid, grid_layout};

type Points = Vec<(u64, f64)>;
type Range = Option<(f64, f64)>;

fn pyramid(points: &[(u64, f64)]) -> Pyramid {
    let mut pyramid = Pyramid::new();
    points.iter().for_each(|(step, value)| pyramid.append(*step, *value));
    pyramid
}

fn within(range: Range, step: u64) -> bool {
    let Some((from, to)) = range else { return true };
    let (from, to) = if from > to { (to, from) } else { (from, to) };
    // In 128 bits every whole f64 of interest and every step has its place.
    (from.is_nan() || from.ceil() as i128 <= i128::from(step))
        && (to.is_nan() || to.floor() as i128 >= i128::from(step))
}

/// What a grid should be: for each cell, its points sorted by step.
fn brute_grid(points: &[(u64, f64)], range: Range, first: u64, stride: u64, columns: usize) -> Vec<Cell> {
    (0..columns as u128)
        .map(|cell| {
            let from = u128::from(first) + cell * u128::from(stride);
            let covers = |step: u64| (from..from + u128::from(stride)).contains(&u128::from(step));
            let mut inside: Points =
                points.iter().copied().filter(|(step, _)| covers(*step) && within(range, *step)).collect();
            inside.sort_by_key(|(step, _)| *step);
            brute_cell(&inside)
        })
        .collect()
}

fn brute_cell(points: &[(u64, f64)]) -> Cell {
    let finite: Vec<f64> = points.iter().map(|point| point.1).filter(|value| value.is_finite()).collect();
    let last_step = points.iter().rev().find(|point| point.1.is_finite()).map_or(0, |point| point.0);
    Cell {
        first: finite.first().copied().unwrap_or(f64::NAN),
        min: finite.iter().copied().reduce(f64::min).unwrap_or(f64::NAN),
        max: finite.iter().copied().reduce(f64::max).unwrap_or(f64::NAN),
        last: finite.last().copied().unwrap_or(f64::NAN),
        last_step,
        count: points.len() as u32,
        nonfinite: (points.len() - finite.len()) as u32,
    }
}

/// Equal, NaN to NaN; 0.0 equals -0.0.
fn assert_same(left: &[Cell], right: &[Cell]) {
    let numbers = |cell: &Cell| [cell.first, cell.min, cell.max, cell.last];
    let same = |left: f64, right: f64| left == right || (left.is_nan() && right.is_nan());
    assert_eq!(left.len(), right.len());
    for (at, (left, right)) in left.iter().zip(right).enumerate() {
        let values = numbers(left).into_iter().zip(numbers(right)).all(|(left, right)| same(left, right));
        let counts =
            (left.count, left.nonfinite, left.last_step) == (right.count, right.nonfinite, right.last_step);
        assert!(values && counts, "cell {at}: {left:?} instead of {right:?}");
    }
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => -1e3..1e3,
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
        1 => prop::sample::select(vec![0.0, -0.0, f64::MAX, f64::MIN, f64::MIN_POSITIVE]),
    ]
}

/// Series that mostly move on, now and then repeat a step or go back, and have stretches of NaN.
fn series() -> impl Strategy<Value = Points> {
    let moving = prop::collection::vec((-2i64..60, value()), 0..900).prop_map(|moves| {
        let mut step = 50u64;
        let go = |(by, value): (i64, f64)| {
            step = match by {
                -2 => step.saturating_sub(40),
                -1 | 0 => step,
                by => step + by as u64 % 5,
            };
            (step, value)
        };
        moves.into_iter().map(go).collect::<Points>()
    });
    let anywhere = prop::collection::vec((0u64..200, value()), 0..120);
    let series = prop_oneof![4 => moving, 1 => anywhere];
    (series, 0usize..900, 0usize..600).prop_map(|(mut points, from, len)| {
        points.iter_mut().skip(from).take(len).for_each(|point| point.1 = f64::NAN);
        points
    })
}

fn range() -> impl Strategy<Value = Range> {
    let end = prop_oneof![
        8 => -20.0..2_500.0,
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1e300, 1e300, 0.0]),
    ];
    let end = end.boxed();
    prop_oneof![1 => Just(None), 3 => (end.clone(), end).prop_map(Some)]
}

proptest! {
    #[test]
    fn a_grid_is_what_sorting_gives(
        points in series(), range in range(), first in 0u64..200, stride in 1u64..90, columns in 0usize..60
    ) {
        let found = pyramid(&points).grid(range, first, stride, columns);
        assert_same(&found, &brute_grid(&points, range, first, stride, columns));
    }

    #[test]
    fn a_layout_covers_its_range_and_loses_no_extreme(
        points in series(), range in range(), columns in 1u32..200
    ) {
        let pyramid = pyramid(&points);
        let GridLayout { first, stride, columns: cells } = grid_layout(pyramid.extent(), range, columns);
        prop_assert!(cells <= columns as usize);
        let grid = pyramid.grid(range, first, stride, cells);
        let inside: Points = points.iter().copied().filter(|(step, _)| within(range, *step)).collect();
        let whole = brute_cell(&inside);
        // f64::min and f64::max pass over NaN.
        let min = grid.iter().map(|cell| cell.min).fold(f64::NAN, f64::min);
        let max = grid.iter().map(|cell| cell.max).fold(f64::NAN, f64::max);
        prop_assert!(min == whole.min || (min.is_nan() && whole.min.is_nan()));
        prop_assert!(max == whole.max || (max.is_nan() && whole.max.is_nan()));
        prop_assert_eq!(grid.iter().map(|cell| u64::from(cell.count)).sum::<u64>(), inside.len() as u64);
        prop_assert_eq!(pyramid.count_in(range), inside.len() as u64);
        let nonfinite = inside.iter().filter(|(_, value)| !value.is_finite()).count() as u64;
        prop_assert_eq!(grid.iter().map(|cell| u64::from(cell.nonfinite)).sum::<u64>(), nonfinite);
        prop_assert_eq!(pyramid.nonfinite_in(range), nonfinite);
    }

    #[test]
    fn stride_one_gives_back_every_point_bit_for_bit(
        values in prop::collection::vec(value(), 1..400), start in any::<u64>()
    ) {
        let start = start.min(u64::MAX - 1_000);
        let points: Points = values.iter().enumerate().map(|(at, value)| (start + at as u64, *value)).collect();
        let pyramid = pyramid(&points);
        let layout = grid_layout(pyramid.extent(), None, values.len() as u32);
        prop_assert_eq!(layout, GridLayout { first: start, stride: 1, columns: values.len() });
        for (cell, value) in pyramid.grid(None, start, 1, values.len()).iter().zip(&values) {
            prop_assert_eq!((cell.count, cell.nonfinite), (1, u32::from(!value.is_finite())));
            if value.is_finite() {
                let bits = [cell.first, cell.min, cell.max, cell.last].map(f64::to_bits);
                prop_assert_eq!(bits, [value.to_bits(); 4]);
            } else {
                prop_assert!([cell.first, cell.min, cell.max, cell.last].iter().all(|value| value.is_nan()));
            }
        }
    }

    #[test]
    fn hostile_layouts_and_grids_stay_small(
        extent in (any::<u64>(), any::<u64>()), ends in (any::<f64>(), any::<f64>()), columns in any::<u32>(),
        first in any::<u64>(), stride in any::<u64>(), cells in any::<usize>()
    ) {
        for range in [None, Some(ends)] {
            let layout = grid_layout(extent, range, columns);
            prop_assert!(layout.columns <= (columns as usize).min(MAX_COLUMNS) && layout.stride >= 1);
            let points = [(extent.0, 1.0), (extent.1, -1.0), (0, 2.0), (u64::MAX, 3.0)];
            let pyramid = pyramid(&points);
            prop_assert!(pyramid.grid(range, first, stride, cells).len() <= cells.min(MAX_COLUMNS));
            let small = grid_layout(pyramid.extent(), range, columns % 50 + 1);
            let grid = pyramid.grid(range, small.first, small.stride, small.columns);
            let inside = points.iter().filter(|(step, _)| within(range, *step)).count();
            prop_assert_eq!(grid.iter().map(|cell| cell.count as usize).sum::<usize>(), inside);
        }
    }

    #[test]
    fn facts_about_the_whole_series(points in series()) {
        let pyramid = pyramid(&points);
        prop_assert_eq!(pyramid.len(), points.len());
        prop_assert_eq!(pyramid.is_empty(), points.is_empty());
        prop_assert_eq!(pyramid.steps(), points.iter().map(|point| point.0).collect::<Vec<_>>());
        let steps = || points.iter().map(|point| point.0);
        prop_assert_eq!(pyramid.extent(), steps().min().zip(steps().max()));
        prop_assert_eq!(pyramid.nonfinite(), points.iter().filter(|point| !point.1.is_finite()).count() as u64);
        prop_assert_eq!(pyramid.rewinds(), points.windows(2).filter(|pair| pair[1].0 < pair[0].0).count());
        let bits = |point: (u64, f64)| (point.0, point.1.to_bits());
        prop_assert_eq!(pyramid.last().map(bits), points.last().copied().map(bits));
    }

    #[test]
    fn a_sparkline_ends_at_the_last_value(points in series(), n in 0usize..80) {
        let pyramid = pyramid(&points);
        let sparkline = pyramid.sparkline(n);
        prop_assert_eq!(sparkline.len(), n.min(points.len()));
        for (stretch, value) in sparkline.iter().enumerate() {
            let bound = |stretch: usize| stretch * points.len() / sparkline.len();
            let inside = &points[bound(stretch)..bound(stretch + 1)];
            let expected = inside.iter().rev().map(|point| point.1).find(|value| value.is_finite());
            prop_assert_eq!(Some(*value).filter(|value| value.is_finite()), expected);
        }
    }
}

#[test]
fn an_empty_series_has_nothing_to_say() {
    let pyramid = Pyramid::new();
    assert_eq!((pyramid.extent(), pyramid.last(), pyramid.len()), (None, None, 0));
    assert_eq!(pyramid.sparkline(40), Vec::<f64>::new());
    assert_eq!(pyramid.sparkline(usize::MAX), Vec::<f64>::new());
    assert_eq!((pyramid.count_in(None), pyramid.nonfinite_in(Some((0.0, 9.0)))), (0, 0));
    assert_same(&pyramid.grid(None, 0, 1, 3), &[Cell::EMPTY; 3]);
}

#[test]
fn after_a_rewind_the_last_value_is_the_latest_attempt() {
    let points = [(1, 1.0), (2, 2.0), (3, 3.0), (2, 20.0), (3, f64::NAN), (4, 40.0), (3, 30.0)];
    let grid = pyramid(&points).grid(None, 1, 2, 2);
    let expected = [
        Cell { first: 1.0, min: 1.0, max: 20.0, last: 20.0, last_step: 2, count: 3, nonfinite: 0 },
        Cell { first: 3.0, min: 3.0, max: 40.0, last: 40.0, last_step: 4, count: 4, nonfinite: 1 },
    ];
    assert_same(&grid, &expected);
}

#[test]
fn all_steps_in_one_cell_include_the_very_last() {
    let pyramid = pyramid(&[(0, 1.0), (u64::MAX, 5.0)]);
    let layout = grid_layout(pyramid.extent(), None, 1);
    let grid = pyramid.grid(None, layout.first, layout.stride, layout.columns);
    assert_eq!((grid[0].count, grid[0].max), (2, 5.0));
}

#[test]
fn extremes_know_their_steps() {
    let pyramid = pyramid(&[(1, f64::NAN), (2, 3.0), (3, 1.0), (4, 1.0), (2, f64::NEG_INFINITY), (5, 3.0)]);
    assert_eq!((pyramid.lowest(), pyramid.highest()), (Some((3, 1.0)), Some((2, 3.0))));
    assert_eq!((Pyramid::new().lowest(), Pyramid::new().highest()), (None, None));
}
