//! A run from the outside: what was logged stands in its log, in order, whatever happens around it.

use std::path::Path;

use trainscope_hook::schema::{
    Epoch, NoteLevel, Outcome, Progress, Record, Scalars, Step, Tensor, TensorRole, decode_frame,
};
use trainscope_hook::{EvaluateError, Run, RunOptions};

use crate::log::read;

fn start(runs: &Path) -> Run {
    RunOptions::new("digits").runs_dir(runs).config("learning_rate", 0.001).start().unwrap()
}

fn points(records: &[Record]) -> Scalars {
    let mut all = Scalars::default();
    for record in records {
        if let Record::Scalars(points) = record {
            all.series.extend(&points.series);
            all.steps.extend(&points.steps);
            all.values.extend(&points.values);
        }
    }
    all
}

#[test]
fn every_point_stands_in_the_log_in_order() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    let (loss, accuracy) = (run.scalar("train/loss"), run.epoch_scalar("validation/epoch_accuracy"));
    for step in 0..10_000 {
        loss.log(step, step as f64 * 0.5);
    }
    accuracy.log(1, f64::NAN);
    run.finish();
    let records = read(&run);
    let points = points(&records);
    assert_eq!(points.steps[..10_000], (0..10_000).collect::<Vec<u64>>());
    assert_eq!(points.values[9_999], 4_999.5);
    assert!(points.values[10_000].is_nan());
    assert!(matches!(&records[0], Record::RunStart(start) if start.config["learning_rate"] == 0.001));
    assert!(matches!(records.last(), Some(Record::RunEnd(end)) if end.outcome == Outcome::Finished));
    assert_eq!(run.losses(), trainscope_hook::Losses::default());
}

#[test]
fn threads_lose_nothing_and_the_same_name_is_the_same_series() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    let threads: Vec<_> = (0..8)
        .map(|thread| {
            let loss = run.scalar("train/loss");
            std::thread::spawn(move || (0..5_000).for_each(|step| loss.log(thread * 5_000 + step, 1.0)))
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    run.finish();
    let mut points = points(&read(&run));
    points.steps.sort_unstable();
    assert_eq!(points.steps, (0..40_000).collect::<Vec<u64>>());
    assert!(points.series.iter().all(|series| *series == 0));
}

#[test]
fn a_run_that_is_dropped_has_failed() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    let dir = run.dir().to_owned();
    drop(run);
    let bytes = std::fs::read(dir.join("rank-0.tsf")).unwrap();
    let mut rest = bytes.as_slice();
    let mut last = None;
    while !rest.is_empty() {
        let frame = decode_frame(rest).unwrap();
        last = Some(Record::from_frame(&frame).unwrap());
        rest = &rest[frame.len_bytes..];
    }
    assert!(matches!(last, Some(Record::RunEnd(end)) if end.outcome == Outcome::Failed));
}

#[test]
fn points_after_the_end_are_counted() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    let loss = run.scalar("train/loss");
    loss.log(1, 1.0);
    run.finish();
    loss.log(2, 1.0);
    assert_eq!(run.losses().scalars, 1);
}

#[test]
fn a_tensor_of_the_wrong_length_becomes_a_warning() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    run.tensor(Tensor {
        name: "conv1".into(),
        role: TensorRole::Activation,
        order: 0,
        shape: vec![2, 2],
        step: Step(1),
        epoch: Epoch(1),
        caption: None,
        values: vec![0.0; 3],
    });
    run.finish();
    let warned = read(&run).iter().any(|record| {
        matches!(record, Record::Note(note) if note.level == NoteLevel::Warning && note.text.contains("3 values"))
    });
    assert!(warned);
    assert_eq!(run.losses().records, 1);
}

#[test]
fn progress_keeps_the_newest() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    for step in 1..=1000 {
        run.progress(Progress { epoch: Epoch(1), epochs: 2, step: Step(step), steps: 2000 });
    }
    run.finish();
    let last = read(&run).into_iter().rev().find_map(|record| match record {
        Record::Progress(progress) => Some(progress.step),
        _ => None,
    });
    assert_eq!(last, Some(Step(1000)));
}

#[test]
fn evaluations_are_checked_before_they_are_recorded() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    let shape = run.evaluate("test", &[0, 1], &[0.5, 0.5, 0.1]).classes(["cat", "dog"]).log();
    assert_eq!(shape, Err(EvaluateError::Shape { labels: 2, classes: 2, probabilities: 3 }));
    let label = run.evaluate("test", &[0, 2], &[0.5, 0.5, 0.1, 0.9]).log();
    assert_eq!(label.unwrap_err().to_string(), "row 1: the label is 2, classes are 0 to 1");
    run.evaluate("test", &[0, 1], &[0.4, 0.6, 0.1, 0.9]).classes(["cat", "dog"]).at(3, 90).log().unwrap();
    run.finish();
    let batch = read(&run).into_iter().find_map(|record| match record {
        Record::Predictions(batch) => Some(batch),
        _ => None,
    });
    assert_eq!(batch.unwrap().predicted, [1, 1]);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let runs = tempfile::tempdir().unwrap();
    let file = runs.path().join("file");
    std::fs::write(&file, "").unwrap();
    let Err(error) = RunOptions::new("digits").runs_dir(file.join("runs")).start() else {
        panic!("it was made")
    };
    assert!(error.to_string().contains("cannot create a run folder in"), "{error}");
}

#[test]
fn every_call_is_an_evaluation_of_its_own_and_a_large_one_comes_in_parts() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    let rows = 3 << 19; // × 2 classes: three frames
    for _ in 0..2 {
        run.evaluate("test", &vec![0; rows], &vec![0.5; rows * 2]).classes(["cat", "dog"]).log().unwrap();
    }
    run.finish();
    let mut parts = Vec::new();
    for record in read(&run) {
        if let Record::Predictions(part) = record {
            parts.push((part.evaluation, part.labels.len()));
        }
    }
    let part = 1 << 19;
    assert_eq!(parts, [(0, part), (0, part), (0, part), (1, part), (1, part), (1, part)]);
}

#[test]
fn predictions_that_make_no_sense_become_a_warning() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    run.predictions(trainscope_hook::schema::Predictions {
        split: "validation".into(),
        step: Step(1),
        epoch: Epoch(1),
        evaluation: 0,
        classes: vec!["cat".into(), "dog".into()],
        labels: vec![0, 2],
        predicted: vec![0, 1],
        probabilities: vec![],
    });
    run.finish();
    let text = read(&run).into_iter().find_map(|record| match record {
        Record::Note(note) => Some(note.text),
        _ => None,
    });
    assert_eq!(
        text.unwrap(),
        "not recorded: predictions on validation: class 2 of 2, which are counted from 0"
    );
    assert_eq!(run.losses().records, 1);
}
