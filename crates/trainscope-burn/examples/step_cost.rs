//! What recording costs: time per training step with and without the run's callback, one line of JSON.
//!
//! `cargo run --release -p trainscope-burn --example step_cost`

use std::error::Error;
use std::io::Write;
use std::time::Instant;

use trainscope_burn::{
    BatchEnd, Callback, Control, Conv2d, Dataset, Dense, Fit, Flatten, MaxPool2d, RunExt, Sequential,
};
use trainscope_hook::{Run, RunOptions};

const PAIRS: usize = 12;
const CALLS: u64 = 1_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let runs = std::env::temp_dir().join(format!("trainscope-step-cost-{}", std::process::id()));
    let run = RunOptions::new("step-cost").runs_dir(&runs).start()?;
    let set = images(960)?;
    let (mut plain, mut recorded) = (Vec::new(), Vec::new());
    // In turns, so that a machine that gets slower or faster meanwhile does so for both.
    for _ in 0..PAIRS {
        plain.extend(step_times(&set, None)?);
        recorded.extend(step_times(&set, Some(&run))?);
    }
    let callback = callback_nanos(&run);
    let losses = run.losses();
    run.finish();
    std::fs::remove_dir_all(&runs)?;
    writeln!(
        std::io::stdout(),
        "{{\"bench\":\"step_cost\",\"steps\":{},\"plain_us\":{:.1},\"recorded_us\":{:.1},\"callback_ns\":{callback:.0},\
         \"scalars_lost\":{}}}",
        plain.len(),
        median(&mut plain),
        median(&mut recorded),
        losses.scalars,
    )?;
    Ok(())
}

/// Microseconds of each step of two epochs, the first steps left out.
fn step_times(set: &Dataset, run: Option<&Run>) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut model = Sequential::new([
        Conv2d::new(16, 3).relu(),
        MaxPool2d::new(2),
        Flatten::new(),
        Dense::new(32).relu(),
        Dense::new(10),
    ]);
    let (mut times, mut last) = (Vec::new(), None::<(u32, Instant)>);
    let mut fit = Fit::epochs(2).batch(32);
    if let Some(run) = run {
        fit = fit.callback(run.callback());
    }
    let fit = fit.on_batch_end(|batch| {
        let now = Instant::now();
        if let Some((epoch, before)) = last.filter(|(epoch, _)| *epoch == batch.epoch) {
            debug_assert_eq!(epoch, batch.epoch);
            times.push((now - before).as_secs_f64() * 1e6);
        }
        last = Some((batch.epoch, now));
        Control::Continue
    });
    model.fit(set, fit)?;
    Ok(times.split_off(5))
}

/// Mean cost of one call of the callback, in nanoseconds.
fn callback_nanos(run: &Run) -> f64 {
    let mut callback = run.callback();
    let began = Instant::now();
    let mut spent = 0.0;
    for step in 1..=CALLS {
        let batch = BatchEnd { epoch: 1, epochs: 1, step, steps: CALLS, rows: 32, loss: 0.5, accuracy: 0.5 };
        if step % 1000 == 0 {
            // Real steps leave the writer time to empty the rings; without a pause the rings would be full.
            spent += pause();
        }
        callback.on_batch_end(&batch);
    }
    (began.elapsed().as_secs_f64() - spent) * 1e9 / CALLS as f64
}

fn pause() -> f64 {
    let began = Instant::now();
    std::thread::sleep(std::time::Duration::from_micros(500));
    began.elapsed().as_secs_f64()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Images of 8×8 with a bright cell that tells the class.
fn images(rows: usize) -> Result<Dataset, Box<dyn Error>> {
    let labels: Vec<u32> = (0..rows as u32).map(|row| row % 10).collect();
    let pixel =
        |row: usize, cell: usize| if cell % 10 == row % 10 { 1.0 } else { (row * cell % 7) as f32 / 14.0 };
    let features = (0..rows).flat_map(|row| (0..64).map(move |cell| pixel(row, cell))).collect();
    Ok(Dataset::new([1, 8, 8], features, labels, (0..10).map(|class| class.to_string()).collect())?)
}
