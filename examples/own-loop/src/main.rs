//! A training loop without any framework: logistic regression in plain Rust, recorded in a run.
//!
//! `cargo run -p own-loop`, then look at `runs/` with the visor.

use trainscope_hook::RunOptions;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let points = points(500);
    let (mut weights, mut bias) = ([0.0; 2], 0.0);

    let run = RunOptions::new("own-loop").config("learning_rate", 0.05).start()?;
    let (loss, accuracy) = (run.scalar("train/loss"), run.scalar("train/accuracy"));
    for step in 1..=2_000 {
        let (x, label) = points[step as usize % points.len()];
        let p = sigmoid(weights[0] * x[0] + weights[1] * x[1] + bias);
        loss.log(step, -(if label { p } else { 1.0 - p }).ln());
        accuracy.log(step, f64::from((p > 0.5) == label));

        let error = p - f64::from(label);
        weights = [weights[0] - 0.05 * error * x[0], weights[1] - 0.05 * error * x[1]];
        bias -= 0.05 * error;
    }
    run.finish();
    Ok(())
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Points of the square from −1 to 1; true above a slanted line.
fn points(count: u32) -> Vec<([f64; 2], bool)> {
    // Multiples of 1/ρ and 1/ρ² (ρ the plastic number) spread evenly over a square, without any random numbers.
    let spread = |i: u32, ratio: f64| (f64::from(i) * ratio).fract() * 2.0 - 1.0;
    (1..=count)
        .map(|i| {
            let x = [spread(i, 0.754_877_666), spread(i, 0.569_840_291)];
            (x, x[1] > 0.6 * x[0] - 0.2)
        })
        .collect()
}
