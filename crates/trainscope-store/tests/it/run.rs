//! Records folded to what is known of a run.

use std::path::Path;

use trainscope_schema::{
    Epoch, FrameKind, LayerSummary, ModelSummary, Note, NoteLevel, Num, Outcome, Progress, Record,
    RunDetails, RunState, SeriesIndex, Step, decode_frame,
};
use trainscope_store::{OpenRunError, ReadBlobError, Run};

use crate::log::{Log, at, end, health, points, predictions, series, start, tensor};

fn details(dir: &Path) -> RunDetails {
    Run::open(dir).unwrap().details("id", at(1002.0))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn records_become_details() {
    let dir = folder();
    let layer =
        LayerSummary { name: "conv1".into(), kind: "Conv2d".into(), output_shape: vec![4], parameters: 9 };
    let model = ModelSummary { layers: vec![layer] };
    let progress = Progress { epoch: Epoch(1), epochs: 3, step: Step(5), steps: 30 };
    let note = Note { level: NoteLevel::Warning, step: Step(5), text: "<b>NaN</b>".into() };
    Log::started(dir.path(), 1, 1000.0)
        .add(&series(&[(0, "train/loss", SeriesIndex::Step), (1, "a/first", SeriesIndex::Epoch)]))
        .add(&points(0, &[(1, 2.0), (2, f64::NAN), (3, 0.5)]))
        .add(&points(1, &[(1, 0.9)]))
        .add(&Record::Model(model.clone()))
        .add(&Record::Progress(Progress::default()))
        .add(&Record::Progress(progress))
        .add(&Record::Note(note.clone()))
        .add(&health(1001.5, 4, 2));
    let found = details(dir.path());
    assert_eq!(found.summary.state, RunState::Live);
    assert_eq!(found.summary.started, Some(at(1000.0)));
    assert_eq!(found.summary.headline, Some(("train/loss".into(), Num(0.5))));
    assert_eq!(found.duration_secs, Some(1.5));
    assert_eq!(found.config["learning_rate"], 0.001);
    assert_eq!((found.progress, found.model), (Some(progress), Some(model)));
    assert_eq!(found.notes, [note]);
    assert_eq!((found.points, found.damaged_stretches, found.damaged_bytes), (4, 0, 0));
    let names: Vec<_> =
        found.series.iter().map(|s| (s.name.as_str(), s.index, s.points, s.nonfinite)).collect();
    assert_eq!(names, [("a/first", SeriesIndex::Epoch, 1, 0), ("train/loss", SeriesIndex::Step, 3, 1)]);
    let loss = &found.series[1];
    assert_eq!((loss.last_step, loss.last, loss.sparkline.len()), (Step(3), Num(0.5), 3));
    assert_eq!((found.health.scalars_written, found.health.scalars_lost), (4, 2));
}

#[test]
fn the_state_follows_the_clock_and_the_end() {
    let state = |ends: &[Record], now: f64| {
        let dir = folder();
        ends.iter().fold(Log::started(dir.path(), 1, 1000.0), |log, end| log.add(end));
        Run::open(dir.path()).unwrap().state(at(now))
    };
    assert_eq!(state(&[], 1009.9), RunState::Live);
    assert_eq!(state(&[], 1010.1), RunState::Interrupted);
    assert_eq!(state(&[health(1005.0, 0, 0)], 1014.0), RunState::Live);
    assert_eq!(state(&[end(Outcome::Finished, 1001.0)], 1002.0), RunState::Finished);
    assert_eq!(state(&[end(Outcome::Failed, 1001.0)], 9999.0), RunState::Failed);
}

#[test]
fn a_run_of_two_ranks_ends_when_both_have_and_fails_when_one_has() {
    let state = |first: Option<Outcome>, second: Option<Outcome>| {
        let dir = folder();
        for (rank, outcome) in [(0, first), (1, second)] {
            let log = Log::new(dir.path(), 1, rank).add(&start(1000.0));
            if let Some(outcome) = outcome {
                log.add(&end(outcome, 1001.0));
            }
        }
        Run::open(dir.path()).unwrap().state(at(1002.0))
    };
    let (finished, failed) = (Some(Outcome::Finished), Some(Outcome::Failed));
    assert_eq!(state(finished, None), RunState::Live);
    assert_eq!(state(None, finished), RunState::Live);
    assert_eq!(state(finished, finished), RunState::Finished);
    assert_eq!(state(failed, finished), RunState::Failed);
    assert_eq!(state(finished, failed), RunState::Failed);
}

#[test]
fn ranks_share_a_folder_and_keep_their_series_apart() {
    let dir = folder();
    for (rank, value) in [(1, 10.0), (0, 20.0)] {
        let def = series(&[(0, "train/loss", SeriesIndex::Step)]);
        Log::new(dir.path(), 1, rank)
            .add(&start(1000.0 + f64::from(rank)))
            .add(&def)
            .add(&points(0, &[(1, value)]))
            .add(&health(1001.0, 1, u64::from(rank)));
    }
    let run = Run::open(dir.path()).unwrap();
    assert_eq!(run.series_named("train/loss").unwrap().points.values(), [20.0]);
    assert_eq!(run.series_named("rank-1/train/loss").unwrap().points.values(), [10.0]);
    let details = run.details("id", at(1002.0));
    assert_eq!((details.health.scalars_written, details.health.scalars_lost), (2, 1));
    assert_eq!(details.points, 2);
}

#[test]
fn a_rank_that_joins_later_is_found() {
    let dir = folder();
    let def = series(&[(0, "train/loss", SeriesIndex::Step)]);
    Log::started(dir.path(), 1, 1000.0);
    let mut run = Run::open(dir.path()).unwrap();
    let late = folder();
    let log = Log::new(late.path(), 1, 1).add(&start(1000.0)).add(&def).add(&points(0, &[(1, 1.0)]));
    std::fs::rename(log.path(), dir.path().join("rank-1.tsf")).unwrap();
    let version = run.version();
    run.find_logs().unwrap();
    assert!(run.follow().unwrap() && run.version() > version);
    assert!(run.series_named("rank-1/train/loss").is_some());
}

#[test]
fn tensors_come_back_bit_for_bit() {
    let dir = folder();
    let odd = [f32::from_bits(0x7fc0_1234), f32::NEG_INFINITY, -0.0, f32::from_bits(1)];
    Log::started(dir.path(), 1, 1000.0).add(&tensor("conv1", &[1.0])).add(&tensor("conv2", &odd));
    let run = Run::open(dir.path()).unwrap();
    let infos = run.details("id", at(1001.0)).tensors;
    assert_eq!(infos.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["conv1", "conv2"]);
    assert_eq!((infos[1].shape.as_slice(), infos[1].order, infos[1].epoch), (&[1, 4][..], 3, Epoch(2)));
    let frame = run.tensor_frame(&infos[1].id).unwrap();
    let values = decode_frame(&frame).unwrap().column("value").unwrap().f32s().unwrap();
    let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&values), bits(&odd));
    assert!(matches!(run.tensor_frame("../rank-0.tsf"), Err(ReadBlobError::UnknownId(_))));
    assert!(matches!(run.evaluation("t0"), Err(ReadBlobError::UnknownId(_))));
}

#[test]
fn batches_of_one_split_epoch_and_step_are_one_evaluation() {
    let dir = folder();
    Log::started(dir.path(), 1, 1000.0)
        .add(&predictions("test", 2, &[0, 1], &[0, 0]))
        .add(&predictions("train", 1, &[0], &[0]))
        .add(&predictions("test", 2, &[1], &[1]))
        .add(&predictions("test", 1, &[], &[]));
    let run = Run::open(dir.path()).unwrap();
    let infos = run.details("id", at(1001.0)).evaluations;
    let found: Vec<_> = infos.iter().map(|e| (e.split.as_str(), e.epoch.0, e.n)).collect();
    assert_eq!(found, [("train", 1, 1), ("test", 1, 0), ("test", 2, 3)], "in the order of their epochs");
    let evaluation = run.evaluation(&infos[2].id).unwrap();
    assert_eq!(evaluation.n, 3);
    assert_eq!(evaluation.confusion, [1, 0, 1, 1]);
    assert_eq!(run.evaluation(&infos[1].id).unwrap().n, 0);
}

#[test]
fn batches_of_other_classes_do_not_fit_and_say_so() {
    let dir = folder();
    let Record::Predictions(mut other) = predictions("test", 1, &[0], &[0]) else { unreachable!() };
    other.classes = vec!["dog".into(), "cat".into()];
    Log::started(dir.path(), 1, 1000.0)
        .add(&predictions("test", 1, &[0], &[0]))
        .add(&Record::Predictions(other));
    let run = Run::open(dir.path()).unwrap();
    assert!(matches!(run.evaluation("e0"), Err(ReadBlobError::Predictions(_))));
}

#[test]
fn points_without_a_definition_are_counted() {
    let dir = folder();
    Log::started(dir.path(), 1, 1000.0)
        .lose_frame()
        .add(&points(0, &[(1, 1.0), (2, 2.0)]))
        .add(&series(&[(1, "train/loss", SeriesIndex::Step)]))
        .add(&points(1, &[(1, 1.0)]));
    let details = details(dir.path());
    assert_eq!(details.points, 3);
    assert_eq!(details.series[0].points, 1);
    assert_eq!(details.unreadable_points, 2);
    assert_eq!((details.damaged_stretches, details.missing_frames), (1, 1), "the frame that is gone");
}

#[test]
fn unknown_kinds_are_no_damage() {
    let dir = folder();
    let def = series(&[(0, "train/loss", SeriesIndex::Step)]);
    Log::started(dir.path(), 1, 1000.0)
        .add_kind(FrameKind::Other(999))
        .add_kind(FrameKind::Chart)
        .add(&def)
        .add(&points(0, &[(1, 1.0)]));
    let details = details(dir.path());
    assert_eq!((details.points, details.damaged_stretches), (1, 0));
}

#[test]
fn a_known_kind_of_another_shape_is_counted() {
    let dir = folder();
    Log::started(dir.path(), 1, 1000.0).add_kind(FrameKind::Tensor).add_kind(FrameKind::Scalars);
    let details = details(dir.path());
    assert_eq!((details.damaged_stretches, details.damaged_bytes), (2, 0));
}

#[test]
fn damage_in_the_middle_is_counted_and_the_rest_is_there() {
    let dir = folder();
    let def = series(&[(0, "train/loss", SeriesIndex::Step)]);
    Log::started(dir.path(), 1, 1000.0).add(&def).add_bytes(&[0xEE; 77]).add(&points(0, &[(1, 1.0)]));
    let details = details(dir.path());
    assert_eq!((details.points, details.damaged_stretches, details.damaged_bytes), (1, 1, 77));
    assert_eq!((details.missing_frames, details.unreadable_points), (0, 0), "the garbage was no frame");
}

#[test]
fn more_notes_than_are_kept_are_counted() {
    let dir = folder();
    let note = Record::Note(Note { level: NoteLevel::Info, step: Step(1), text: "again".into() });
    (0..1005).fold(Log::started(dir.path(), 1, 1000.0), |log, _| log.add(&note));
    let notes = details(dir.path()).notes;
    assert_eq!(notes.len(), 1001);
    assert!(notes[1000].text.starts_with("5 more notes"), "{}", notes[1000].text);
}

#[test]
fn a_folder_without_a_log_is_named() {
    let dir = folder();
    let Err(error @ OpenRunError::NoLog(_)) = Run::open(dir.path()) else { panic!("it was opened") };
    assert!(error.to_string().contains("a run's folder holds a file rank-0.tsf"), "{error}");
}

#[test]
fn replaced_and_shortened_logs_are_stale() {
    let dir = folder();
    let log = Log::started(dir.path(), 1, 1000.0);
    let run = Run::open(dir.path()).unwrap();
    let log = log.add(&health(1001.0, 0, 0));
    assert!(!run.is_stale(), "growing is no reason");
    std::fs::File::options().write(true).open(log.path()).unwrap().set_len(8).unwrap();
    assert!(run.is_stale());
    std::fs::remove_file(log.path()).unwrap();
    Log::started(dir.path(), 1, 1000.0);
    assert!(run.is_stale());
}
