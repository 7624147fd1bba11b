//! One series of a run: its name and its points.

use trainscope_schema::{Num, SeriesIndex, SeriesInfo, Step};
use trainscope_stats::Pyramid;

const SPARKLINE_POINTS: usize = 40;

/// A series with every point of its log.
pub struct Series {
    /// Name, such as `train/loss`.
    pub name: String,
    /// What its index counts.
    pub index: SeriesIndex,
    /// The points.
    pub points: Pyramid,
}

impl Series {
    pub(crate) fn new(name: String, index: SeriesIndex) -> Self {
        Self { name, index, points: Pyramid::new() }
    }

    pub(crate) fn info(&self) -> SeriesInfo {
        let (last_step, last) = self.points.last().unwrap_or((0, f64::NAN));
        SeriesInfo {
            name: self.name.clone(),
            index: self.index,
            points: self.points.len() as u64,
            nonfinite: self.points.nonfinite(),
            last_step: Step(last_step),
            last: Num(last),
            sparkline: self.points.sparkline(SPARKLINE_POINTS).into_iter().map(Num).collect(),
        }
    }
}
