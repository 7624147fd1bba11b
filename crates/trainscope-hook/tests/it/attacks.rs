//! Attacks on the hook: whatever training does, every point stands in the log or is counted as lost.

use std::cell::RefCell;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use trainscope_hook::schema::{Epoch, Health, NoteLevel, Outcome, Record, Scalars, Step, Tensor, TensorRole};
use trainscope_hook::{Losses, Run, RunOptions, Scalar};

use crate::log::read;

fn start(runs: &Path) -> Run {
    RunOptions::new("attack").runs_dir(runs).start().unwrap()
}

fn points(records: &[Record]) -> Vec<&Scalars> {
    let mut all = Vec::new();
    for record in records {
        if let Record::Scalars(points) = record {
            all.push(points);
        }
    }
    all
}

fn written(records: &[Record]) -> u64 {
    points(records).iter().map(|points| points.steps.len() as u64).sum()
}

/// Ends the run, and waits for its end for longer than training would: test builds encode slowly.
fn finish_slowly(run: &Run) {
    run.finish();
    let path = run.dir().join("rank-0.tsf");
    let ended = || {
        let bytes = std::fs::read(&path).unwrap();
        bytes[bytes.len().saturating_sub(200)..].windows(9).any(|text| text == b"\"outcome\"")
    };
    let deadline = Instant::now() + Duration::from_secs(120);
    while !ended() {
        assert!(Instant::now() < deadline, "no end within 120 s");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn last_health(records: &[Record]) -> Health {
    let health = |record: &Record| if let Record::Health(health) = record { Some(*health) } else { None };
    records.iter().rev().find_map(health).unwrap()
}

fn tensor(values: usize) -> Tensor {
    Tensor {
        name: "conv1".into(),
        role: TensorRole::Activation,
        order: 0,
        shape: vec![values as u32],
        step: Step(1),
        epoch: Epoch(1),
        caption: None,
        values: vec![0.5; values],
    }
}

/// The law: written + lost = logged, to the point; and the log itself says the same.
#[track_caller]
fn check_law(run: &Run, logged: u64) -> Vec<Record> {
    let records = read(run);
    let (written, lost) = (written(&records), run.losses().scalars);
    assert_eq!(written + lost, logged, "{written} points written, {lost} lost");
    let health = last_health(&records);
    assert_eq!(health.scalars_written, written, "what the log says it holds");
    assert!(health.scalars_lost <= lost, "losses only grow after the end");
    records
}

#[test]
fn a_flood_is_written_or_counted() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    let loss = run.scalar("train/loss");
    const LOGGED: u64 = 1_000_000;
    for step in 0..LOGGED {
        loss.log(step, 0.5);
    }
    run.finish();
    let records = check_law(&run, LOGGED);
    // Nobody logged after the end, so the log knows every loss.
    assert_eq!(last_health(&records).scalars_lost, run.losses().scalars);
    let steps: Vec<u64> = points(&records).iter().flat_map(|points| points.steps.clone()).collect();
    assert!(steps.is_sorted_by(|a, b| a < b), "what is there is in order, and there once");
}

#[test]
fn floods_of_threads_around_the_end_are_written_or_counted() {
    for round in 0..4 {
        let runs = tempfile::tempdir().unwrap();
        let run = start(runs.path());
        let stop = AtomicBool::new(false);
        let loss = run.scalar("train/loss");
        let flood = |loss: Scalar| {
            let mut logged = 0;
            while !stop.load(Ordering::Relaxed) {
                loss.log(logged, 0.5);
                logged += 1;
            }
            logged
        };
        let logged: u64 = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| flood(loss.clone()))).collect();
            // New threads come while the run ends.
            let late = scope.spawn(|| {
                let mut logged = 0;
                while !stop.load(Ordering::Relaxed) {
                    let loss = loss.clone();
                    std::thread::spawn(move || loss.log(logged, 0.5)).join().unwrap();
                    logged += 1;
                }
                logged
            });
            std::thread::sleep(Duration::from_millis(4 * round));
            run.finish();
            std::thread::sleep(Duration::from_millis(3));
            stop.store(true, Ordering::Relaxed);
            threads.into_iter().chain([late]).map(|thread| thread.join().unwrap()).sum()
        });
        check_law(&run, logged);
    }
}

#[test]
fn records_around_the_end_are_written_or_counted() {
    for _ in 0..20 {
        let runs = tempfile::tempdir().unwrap();
        let run = start(runs.path());
        let stop = AtomicBool::new(false);
        let logged: u64 = std::thread::scope(|scope| {
            let flood = || {
                let mut logged = 0;
                while !stop.load(Ordering::Relaxed) {
                    run.note(NoteLevel::Info, Step(logged), "a note");
                    logged += 1;
                }
                logged
            };
            let threads = [scope.spawn(flood), scope.spawn(flood)];
            std::thread::sleep(Duration::from_millis(5));
            run.finish();
            stop.store(true, Ordering::Relaxed);
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        let notes = read(&run).iter().filter(|record| matches!(record, Record::Note(_))).count() as u64;
        assert_eq!(notes + run.losses().records, logged);
    }
}

#[test]
fn a_hundred_threads_are_written_or_counted() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    std::thread::scope(|scope| {
        for thread in 0..100 {
            let run = &run;
            scope.spawn(move || {
                let own = run.scalar(&format!("thread/{thread}"));
                (0..1000).for_each(|step| own.log(step, thread as f64));
            });
        }
    });
    run.finish();
    check_law(&run, 100_000);
    assert_eq!(run.losses(), Losses::default(), "a thousand points fit into any ring");
}

#[test]
fn two_runs_logged_from_one_thread_stay_apart() {
    let runs = tempfile::tempdir().unwrap();
    let (a, b) = (start(runs.path()), start(runs.path()));
    assert_ne!(a.dir(), b.dir());
    let (loss_a, loss_b) = (a.scalar("train/loss"), b.scalar("train/loss"));
    for step in 0..5000 {
        loss_a.log(step, 1.0);
        loss_b.log(step, 2.0);
        if step == 2500 {
            a.finish();
        }
    }
    b.finish();
    for (run, value, there) in [(&a, 1.0, 2501), (&b, 2.0, 5000)] {
        let records = read(run);
        assert!(points(&records).iter().all(|points| points.values.iter().all(|found| *found == value)));
        assert_eq!(written(&records), there);
        check_law(run, 5000);
    }
}

#[test]
fn a_deleted_folder_stops_nothing_and_is_counted() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    let loss = run.scalar("train/loss");
    (0..100).for_each(|step| loss.log(step, 1.0));
    let begin = Instant::now();
    while written(&read(&run)) < 100 {
        assert!(begin.elapsed() < Duration::from_secs(20), "the points never came into the file");
        std::thread::sleep(Duration::from_millis(20));
    }
    std::fs::remove_dir_all(run.dir()).unwrap();
    (0..1000).for_each(|step| loss.log(step, 1.0));
    run.note(NoteLevel::Info, Step(1), "nobody will read this");
    let begin = Instant::now();
    run.finish();
    assert!(begin.elapsed() < Duration::from_secs(5));
    assert_eq!(run.losses(), Losses { scalars: 1000, records: 1 });
    assert!(!run.dir().exists(), "a deleted folder stays deleted");
}

#[test]
fn handles_used_after_the_end_only_count() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    let loss = run.scalar("train/loss");
    run.finish();
    loss.log(1, 1.0);
    run.scalar("a new one").log(1, 1.0);
    run.note(NoteLevel::Info, Step(1), "late");
    run.tensor(tensor(4));
    run.evaluate("test", &[0], &[1.0]).log().unwrap();
    run.fail();
    assert_eq!(run.losses(), Losses { scalars: 2, records: 3 });
    assert!(matches!(read(&run).last(), Some(Record::RunEnd(end)) if end.outcome == Outcome::Finished));
    drop(run);
    loss.log(2, 1.0);
}

#[test]
fn ending_twice_and_from_two_threads_gives_one_end_and_a_whole_log_to_both() {
    for _ in 0..20 {
        let runs = tempfile::tempdir().unwrap();
        let run = start(runs.path());
        run.scalar("train/loss").log(1, 1.0);
        let ended = || {
            run.finish();
            // Whoever returns from `finish` finds the end in the log.
            assert!(matches!(read(&run).last(), Some(Record::RunEnd(_))));
        };
        std::thread::scope(|scope| (0..3).for_each(|_| drop(scope.spawn(ended))));
        run.finish();
        let ends = read(&run).iter().filter(|record| matches!(record, Record::RunEnd(_))).count();
        assert_eq!(ends, 1);
    }
}

struct LogsWhenDropped(Scalar, u64);

impl Drop for LogsWhenDropped {
    fn drop(&mut self) {
        self.0.log(self.1, 1.0);
    }
}

#[test]
fn logging_while_a_panic_unwinds_is_logging() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    let loss = run.scalar("train/loss");
    let (inner, moved) = (loss, run.clone());
    let panicked = std::thread::spawn(move || {
        let _run = moved;
        let _last_words = LogsWhenDropped(inner, 7);
        std::panic::resume_unwind(Box::new("training failed"));
    });
    assert!(panicked.join().is_err());
    run.finish();
    check_law(&run, 1);
    assert_eq!(points(&read(&run))[0].steps, [7]);
}

thread_local! {
    static BEFORE: RefCell<Option<LogsWhenDropped>> = const { RefCell::new(None) };
    static AFTER: RefCell<Option<LogsWhenDropped>> = const { RefCell::new(None) };
}

#[test]
fn logging_while_a_thread_is_torn_down_is_written_or_counted() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    let loss = run.scalar("train/loss");
    let thread = std::thread::spawn(move || {
        // Destroyed before and after the hook's own list of rings, or the other way round.
        BEFORE.set(Some(LogsWhenDropped(loss.clone(), 1)));
        loss.log(0, 1.0);
        AFTER.set(Some(LogsWhenDropped(loss, 2)));
    });
    thread.join().unwrap();
    run.finish();
    check_law(&run, 3);
}

#[test]
fn a_healthy_disk_takes_more_than_fits_into_memory_at_once() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    for _ in 0..4 {
        run.tensor(tensor(5 << 20)); // 20 MiB each: 80 MiB between two writes
    }
    finish_slowly(&run);
    assert_eq!(run.losses(), Losses::default());
    assert!(run.dir().join("rank-0.tsf").metadata().unwrap().len() > 80 << 20);
}

#[test]
fn a_record_that_fits_in_no_frame_is_counted() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    run.scalar(&"y".repeat(65 << 20)).log(1, 1.0);
    run.scalar("train/loss").log(1, 1.0);
    finish_slowly(&run);
    let records = read(&run);
    assert_eq!(run.losses().records, 1, "the definition of a series");
    assert_eq!(written(&records) + run.losses().scalars, 2);
    let defined = |record: &Record| matches!(record, Record::Series(defs) if defs[0].name == "train/loss");
    assert!(records.iter().any(defined), "a hostile name costs no other series");
}

#[test]
fn ten_thousand_series_are_defined_before_their_points() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    let series: Vec<_> = (0..10_000).map(|i| run.scalar(&format!("weights/{i}"))).collect();
    series.iter().for_each(|series| series.log(1, f64::INFINITY));
    run.finish();
    let mut defined = 0;
    for record in read(&run) {
        match record {
            Record::Series(defs) => defined += defs.len() as u32,
            Record::Scalars(points) => assert!(points.series.iter().all(|series| *series < defined)),
            _ => {}
        }
    }
    assert_eq!(defined, 10_000);
    check_law(&run, 10_000);
}

#[test]
fn an_evaluation_of_no_rows_is_recorded() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    run.evaluate("test", &[], &[]).classes(["cat", "dog"]).log().unwrap();
    run.finish();
    let empty = |record: &Record| matches!(record, Record::Predictions(batch) if batch.labels.is_empty());
    assert!(read(&run).iter().any(empty));
}

#[test]
fn hostile_names_stay_in_their_folder_and_come_back_whole() {
    let runs = tempfile::tempdir().unwrap();
    for name in ["../../etc/passwd", "", "<img src=x onerror=alert(1)>", "a\0b\n\u{202e}", "CON"] {
        let run = RunOptions::new(name).runs_dir(runs.path()).config(name, f64::NAN).start().unwrap();
        run.scalar(name).log(1, 1.0);
        run.finish();
        assert_eq!(run.dir().parent(), Some(runs.path()));
        assert!(matches!(&read(&run)[0], Record::RunStart(start) if start.name == name));
    }
}
