//! From a run's folder to a report's input, and to the report itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use trainscope_schema::{
    Epoch, Evaluation, EvaluationInfo, Note, NoteLevel, Progress, SeriesIndex, Step, WallTime,
};
use trainscope_stats::Pyramid;
use trainscope_store::{OpenRunError, ReadBlobError, Run};

use crate::{ReportError, ReportInput, ReportSeries, WriteReportError, report, write_report};

/// Why the report of a run could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportRunError {
    /// The run cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenRunError),
    /// A figure cannot be drawn.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// The files cannot be written.
    #[error(transparent)]
    Write(#[from] WriteReportError),
}

/// Writes the report of the run in `run_dir` into `out`; returns the files' paths.
pub fn report_run(run_dir: &Path, out: &Path) -> Result<Vec<PathBuf>, ReportRunError> {
    let run = Run::open(run_dir)?;
    let files = report(&ReportInput::from_run(&run))?;
    write_report(out, &files)?;
    Ok(files.iter().map(|file| out.join(&file.name)).collect())
}

fn unreadable(info: &EvaluationInfo, error: &ReadBlobError) -> Note {
    let text =
        format!("the evaluation on {} after epoch {} cannot be read: {error}", info.split, info.epoch.0);
    Note { level: NoteLevel::Warning, step: info.step, text }
}

/// The points, ascending; of those with the same index the one that arrived last.
fn pairs(points: &Pyramid) -> Vec<(u64, f64)> {
    let all = points.steps().iter().copied().zip(points.values().iter().copied());
    let ascends = points.steps().is_sorted_by(|before, after| before < after);
    // Only a run that went back to an earlier step pays for the sorting.
    if ascends { all.collect() } else { all.collect::<BTreeMap<_, _>>().into_iter().collect() }
}

/// The last epoch that something was recorded after, and the steps done. Progress is told now and then: it lags behind
/// the series in steps, and names the epoch that is being trained.
fn reached(progress: Progress, series: &[ReportSeries], evaluations: &[Evaluation]) -> (Epoch, Step) {
    let last = |index: SeriesIndex| {
        let of = series.iter().filter(move |series| series.index == index);
        of.filter_map(|series| series.points.last()).map(|(at, _)| *at).max()
    };
    let in_series = last(SeriesIndex::Epoch).and_then(|epoch| u32::try_from(epoch).ok()).map(Epoch);
    let epoch = evaluations.iter().map(|evaluation| evaluation.epoch).chain(in_series).max();
    let steps = evaluations.iter().map(|evaluation| evaluation.step).chain(last(SeriesIndex::Step).map(Step));
    (epoch.unwrap_or(progress.epoch), steps.fold(progress.step, Step::max))
}

impl ReportInput {
    /// Reads a run's facts: every point of its series, every evaluation. No clock is asked: a run without an end is
    /// reported as interrupted, so that the same log gives the same report.
    pub fn from_run(run: &Run) -> Self {
        let never = WallTime::from_secs(f64::MAX).unwrap_or_default();
        let id = run.key().map(|key| key.to_string()).unwrap_or_default();
        let details = run.details(&id, never);
        let (mut evaluations, mut notes) = (Vec::new(), details.notes);
        for info in &details.evaluations {
            match run.evaluation(&info.id) {
                Ok(evaluation) => evaluations.push(evaluation),
                // The rest of the run is worth its report; what is missing is said in it.
                Err(error) => notes.push(unreadable(info, &error)),
            }
        }
        let named = details.series.iter().filter_map(|info| run.series_named(&info.name));
        let series: Vec<ReportSeries> = named
            .map(|s| ReportSeries { name: s.name.clone(), index: s.index, points: pairs(&s.points) })
            .collect();
        let (epoch, step) = reached(details.progress.unwrap_or_default(), &series, &evaluations);
        Self {
            run_name: run.name().to_owned(),
            run_id: id,
            state: details.summary.state,
            series,
            evaluations,
            config: details.config,
            model: details.model,
            notes,
            health: details.health,
            damaged_stretches: details.damaged_stretches,
            damaged_bytes: details.damaged_bytes,
            missing_frames: details.missing_frames,
            unreadable_points: details.unreadable_points,
            step,
            epoch,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(steps: &[u64], expected: &[(u64, f64)]) {
        let mut points = Pyramid::new();
        steps.iter().enumerate().for_each(|(arrival, step)| points.append(*step, arrival as f64));
        assert_eq!(pairs(&points), expected, "{steps:?}");
    }

    #[test]
    fn a_killed_run_reached_what_its_series_hold() {
        let progress = Progress { epoch: Epoch(4502), step: Step(184_563), ..Progress::default() };
        let series =
            |name: &str, index, last| ReportSeries { name: name.into(), index, points: vec![(last, 0.5)] };
        let (per_epoch, per_step) = (
            series("train/epoch_loss", SeriesIndex::Epoch, 4501),
            series("train/loss", SeriesIndex::Step, 184_572),
        );
        assert_eq!(reached(progress, &[per_epoch, per_step], &[]), (Epoch(4501), Step(184_572)));
        assert_eq!(reached(progress, &[], &[]), (Epoch(4502), Step(184_563)));
    }

    #[test]
    fn the_latest_attempt_of_each_index_is_reported() {
        check(&[], &[]);
        check(&[1, 2, 5], &[(1, 0.0), (2, 1.0), (5, 2.0)]);
        check(&[1, 2, 3, 2, 3], &[(1, 0.0), (2, 3.0), (3, 4.0)]);
        check(&[4, 4], &[(4, 1.0)]);
        check(&[3, 1], &[(1, 1.0), (3, 0.0)]);
    }
}
