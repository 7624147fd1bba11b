//! Logs one point a millisecond until it is killed: step, and the time of the call as value.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use trainscope_hook::RunOptions;

fn main() -> anyhow::Result<()> {
    let runs = std::env::args().nth(1).unwrap_or_else(|| "runs".to_owned());
    let run = RunOptions::new("forever").runs_dir(runs).start()?;
    let clock = run.scalar("clock");
    for step in 1.. {
        clock.log(step, SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64());
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}
