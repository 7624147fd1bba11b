//! kill -9 in mid-training: what is older than 50 ms is there, and the run opens.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use trainscope_schema::{RunState, WallTime};
use trainscope_store::{Library, Run};

const KILLS: usize = 15;

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64()
}

/// A program that logs until it is killed, at the latest when the test ends.
struct Logger(Child);

impl Logger {
    fn start(runs: &Path) -> Self {
        Self(Command::new(env!("CARGO_BIN_EXE_log-forever")).arg(runs).spawn().unwrap())
    }

    fn kill(&mut self) {
        let _ = self.0.kill(); // SIGKILL
        let _ = self.0.wait();
    }
}

impl Drop for Logger {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The only run below `runs`, once it has points.
fn open(runs: &Path) -> Run {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let dir = Library::open(runs).unwrap().runs().next().map(|(_, run)| run.dir().to_owned());
        let run = dir.and_then(|dir| Run::open(&dir).ok());
        if let Some(run) =
            run.filter(|run| run.series_named("clock").is_some_and(|clock| clock.points.len() > 1))
        {
            return run;
        }
        assert!(Instant::now() < deadline, "no points within 20 s");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Seconds of points that a kill after `life` costs.
fn lost_by_a_kill(life: Duration) -> f64 {
    let runs = tempfile::tempdir().unwrap();
    let mut logger = Logger::start(runs.path());
    open(runs.path());
    std::thread::sleep(life);
    let killed_at = now();
    logger.kill();

    let run = open(runs.path());
    let clock = &run.series_named("clock").unwrap().points;
    let steps: Vec<u64> = (1..=clock.len() as u64).collect();
    assert_eq!(clock.steps(), steps, "what is there has no holes");
    let much_later = WallTime::from_secs(killed_at + 60.0).unwrap();
    assert_eq!(run.state(much_later), RunState::Interrupted);
    assert_eq!(run.details("id", much_later).damaged_stretches, 0, "a torn tail is no damage");
    killed_at - clock.last().unwrap().1
}

#[test]
fn kill_9_loses_nothing_older_than_50_ms() {
    // Lives of different lengths, so that the kills fall on different places between two writes.
    let mut lost: Vec<f64> =
        (0..KILLS).map(|i| lost_by_a_kill(Duration::from_millis(40 + 7 * i as u64))).collect();
    lost.sort_by(f64::total_cmp);
    // The machine may stop any thread for a while, so the bound is held by the median; the log itself never tears.
    let median = lost[KILLS / 2];
    assert!(median <= 0.050, "a kill costs {:.0} ms of points in the median; all: {lost:?}", median * 1e3);
}
