//! `cargo xtask bench`: one JSON line per figure.
//!
//! CPU times are of whole processes, from the system's own accounting of ended children. What is compared runs in turn,
//! so that a machine whose speed drifts treats both alike.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, bail};

use crate::process::{build_release, cargo, command, output, run as run_command, target};
use crate::ui::committed_dir;

const OVERHEAD_PAIRS: usize = 7;
const REPORTS: u32 = 20;
/// Linux counts a process's CPU in hundredths of a second.
const TICKS_PER_SEC: f64 = 100.0;

/// Whether the cold build is measured too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ColdBuild {
    /// Clone and build in a folder of its own: minutes.
    Measure,
    /// Leave it out.
    Skip,
}

/// Measures and prints.
pub fn run(cold_build: ColdBuild) -> anyhow::Result<()> {
    let bin = build_release(&["digits", "trainscope-cli", "trainscope-tests"])?;
    run_command(&mut command(&bin.join("bench").display().to_string(), &[]))?;
    row("ui_gzip_kb", ui_gzip_kb()?, "kB");
    row("binary_mib", fs::metadata(bin.join("trainscope"))?.len() as f64 / f64::from(1 << 20), "MiB");
    row("hook_tree_crates", hook_tree_crates()?, "crates");
    let work = tempfile::tempdir()?;
    row("train_overhead_percent", train_overhead_percent(&bin, work.path())?, "%");
    row("report_cpu_ms", report_cpu_ms(&bin, work.path())?, "ms");
    if cold_build == ColdBuild::Measure {
        row("digits_cold_build_s", digits_cold_build_s()?, "s");
    }
    Ok(())
}

fn row(name: &str, value: f64, unit: &str) {
    println!("{}", serde_json::json!({ "name": name, "value": value, "unit": unit }));
}

/// JavaScript and styles of the first load, each as `gzip -9` makes it.
fn ui_gzip_kb() -> anyhow::Result<f64> {
    let mut bytes = 0;
    for entry in fs::read_dir(committed_dir())? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| ["js", "css", "html"].iter().any(|k| kind == *k)) {
            let gzip =
                Command::new("gzip").args(["-9", "-n", "-c"]).arg(&path).stdin(Stdio::null()).output()?;
            anyhow::ensure!(gzip.status.success(), "gzip ended with {}", gzip.status);
            bytes += gzip.stdout.len();
        }
    }
    Ok(bytes as f64 / 1000.0)
}

fn hook_tree_crates() -> anyhow::Result<f64> {
    let args = ["tree", "--package", "trainscope-hook", "--edges", "normal,build", "--prefix", "none"];
    let tree = output(&mut cargo(&args))?;
    let mut crates: Vec<&str> = tree.lines().filter_map(|line| line.split(" (").next()).collect();
    crates.sort_unstable();
    crates.dedup();
    Ok(crates.len() as f64)
}

/// CPU of the digits training with the callback against without it, same seed, in turn; the median of the pairs' ratios.
fn train_overhead_percent(bin: &Path, work: &Path) -> anyhow::Result<f64> {
    let mut ratios = Vec::new();
    for pair in 0..=OVERHEAD_PAIRS {
        let plain = train(bin, work, &["--no-record"])?;
        let recorded = train(bin, work, &[])?;
        // The first pair warms the machine up.
        if pair > 0 {
            ratios.push(recorded / plain);
        }
    }
    ratios.sort_by(f64::total_cmp);
    Ok((ratios[OVERHEAD_PAIRS / 2] - 1.0) * 100.0)
}

/// CPU seconds of one training.
fn train(bin: &Path, work: &Path, more: &[&str]) -> anyhow::Result<f64> {
    let before = children_cpu_secs()?;
    let runs = work.join("runs").display().to_string();
    let mut command = command(
        &bin.join("digits").display().to_string(),
        &["--no-visor", "--no-report", "--epochs", "40", "--runs", &runs],
    );
    run_command(command.args(more).stdout(Stdio::null()).stderr(Stdio::null()))?;
    Ok(children_cpu_secs()? - before)
}

/// CPU of `trainscope report` of the digits run that the training before left.
fn report_cpu_ms(bin: &Path, work: &Path) -> anyhow::Result<f64> {
    let run: PathBuf = fs::read_dir(work.join("runs"))?.next().context("the training left no run")??.path();
    let out = work.join("report");
    let before = children_cpu_secs()?;
    for _ in 0..REPORTS {
        let mut report = Command::new(bin.join("trainscope"));
        run_command(report.arg("report").arg(&run).arg("--out").arg(&out).stdout(Stdio::null()))?;
    }
    Ok((children_cpu_secs()? - before) * 1000.0 / f64::from(REPORTS))
}

/// User and system time of all children that have ended, from `/proc/self/stat`.
fn children_cpu_secs() -> anyhow::Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The program's name stands in parentheses and may hold spaces; cutime and cstime are fields 16 and 17.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    match (fields.get(13).map(|f| f.parse::<f64>()), fields.get(14).map(|f| f.parse::<f64>())) {
        (Some(Ok(user)), Some(Ok(system))) => Ok((user + system) / TICKS_PER_SEC),
        _ => bail!("/proc/self/stat has no times of children"),
    }
}

/// From a clean clone to the built digits example; crates come from the local cache where it has them.
fn digits_cold_build_s() -> anyhow::Result<f64> {
    let work = tempfile::tempdir_in(target()?)?;
    let clone = work.path().join("clone");
    let start = Instant::now();
    run_command(command("git", &["clone", "--quiet", "."]).arg(&clone))?;
    let mut build = cargo(&["build", "--release", "--package", "digits", "--locked"]);
    run_command(build.current_dir(&clone).env("CARGO_TARGET_DIR", clone.join("target")))?;
    Ok(start.elapsed().as_secs_f64())
}
