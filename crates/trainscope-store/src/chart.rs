//! Answers a chart's query: every series on one shared grid of pixel columns, as one frame.

use trainscope_schema::{
    ChartBody, ChartQuery, ChartSeries, ColumnData, EncodeFrameError, Extreme, FrameAddress, FrameKind, Num,
    Rank, RunKey, Step, encode_frame,
};
use trainscope_stats::{Cell, GridLayout, Pyramid, grid_layout};

use crate::run::Run;
use crate::series::Series;

/// Grid columns in one answer at most.
pub const MAX_CHART_COLUMNS: u32 = 8192;
/// Series in one query at most.
pub const MAX_CHART_SERIES: usize = 100;

/// Answers `query` as a `Chart` frame; `run` finds runs by their ids. Unknown runs and series have no points.
pub fn answer_chart<'a>(
    query: &ChartQuery,
    run: impl Fn(&str) -> Option<&'a Run>,
) -> Result<Vec<u8>, EncodeFrameError> {
    let range = query.range.map(|(from, to)| (from.0, to.0));
    let series: Vec<Option<&Series>> =
        query.series.iter().take(MAX_CHART_SERIES).map(|s| run(&s.run)?.series_named(&s.name)).collect();
    let extent =
        series.iter().flatten().filter_map(|s| s.points.extent()).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let layout = extent.map(|extent| grid_layout(extent, range, query.columns.clamp(1, MAX_CHART_COLUMNS)));
    let body = ChartBody {
        chart: query.chart,
        stride: layout.as_ref().map_or(1, |layout| layout.stride),
        first: extent.map(|extent| extent.0),
        last: extent.map(|extent| extent.1),
        series: query
            .series
            .iter()
            .zip(&series)
            .map(|(wanted, found)| ChartSeries {
                run: wanted.run.clone(),
                name: wanted.name.clone(),
                points: found.map_or(0, |s| s.points.len() as u64),
                points_in_range: found.map_or(0, |s| s.points.count_in(range)),
                nonfinite_in_range: found.map_or(0, |s| s.points.nonfinite_in(range)),
                lowest: found.and_then(|s| s.points.lowest()).map(extreme),
                highest: found.and_then(|s| s.points.highest()).map(extreme),
            })
            .collect(),
    };
    let grids: Vec<Grid> =
        series.iter().map(|s| Grid::of(s.map(|s| &s.points), range, layout.as_ref())).collect();
    encode(&body, layout.as_ref(), &grids)
}

/// The cells of one series, as columns.
#[derive(Default)]
struct Grid {
    first: Vec<f64>,
    min: Vec<f64>,
    max: Vec<f64>,
    last: Vec<f64>,
    last_step: Vec<f64>,
    count: Vec<u32>,
    nonfinite: Vec<u32>,
}

impl Grid {
    fn of(points: Option<&Pyramid>, range: Option<(f64, f64)>, layout: Option<&GridLayout>) -> Self {
        let Some(layout) = layout else { return Self::default() };
        let cells: Vec<Cell> = match points {
            Some(points) => points.grid(range, layout.first, layout.stride, layout.columns),
            None => vec![Cell::EMPTY; layout.columns],
        };
        Self {
            first: cells.iter().map(|cell| cell.first).collect(),
            min: cells.iter().map(|cell| cell.min).collect(),
            max: cells.iter().map(|cell| cell.max).collect(),
            last: cells.iter().map(|cell| cell.last).collect(),
            last_step: cells.iter().map(last_step).collect(),
            count: cells.iter().map(|cell| cell.count).collect(),
            nonfinite: cells.iter().map(|cell| cell.nonfinite).collect(),
        }
    }
}

fn extreme((step, value): (u64, f64)) -> Extreme {
    Extreme { step: Step(step), value: Num(value) }
}

/// Steps are exact in a float up to 2^53.
fn last_step(cell: &Cell) -> f64 {
    if cell.last.is_nan() { f64::NAN } else { cell.last_step as f64 }
}

fn encode(
    body: &ChartBody,
    layout: Option<&GridLayout>,
    grids: &[Grid],
) -> Result<Vec<u8>, EncodeFrameError> {
    let x: Vec<f64> = layout.map_or_else(Vec::new, |layout| {
        (0..layout.columns as u64)
            .map(|c| layout.first.saturating_add(c.saturating_mul(layout.stride)) as f64)
            .collect()
    });
    let names: Vec<[String; 7]> = (0..grids.len())
        .map(|i| {
            ["first", "min", "max", "last", "last_step", "count", "nonfinite"]
                .map(|name| format!("{name}.{i}"))
        })
        .collect();
    let mut columns = vec![("x", ColumnData::F64(&x))];
    for (grid, names) in grids.iter().zip(&names) {
        let data = [
            ColumnData::F64(&grid.first),
            ColumnData::F64(&grid.min),
            ColumnData::F64(&grid.max),
            ColumnData::F64(&grid.last),
            ColumnData::F64(&grid.last_step),
            ColumnData::U32(&grid.count),
            ColumnData::U32(&grid.nonfinite),
        ];
        columns.extend(names.iter().map(String::as_str).zip(data));
    }
    // An answer is of no run and no writer: its address is zero.
    let address = FrameAddress { run: RunKey(0), rank: Rank(0), seq: 0 };
    encode_frame(address, FrameKind::Chart, body, &columns)
}
