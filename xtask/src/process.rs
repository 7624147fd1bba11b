//! Running other programs: cargo, npm, the project's own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// The root of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// A command with its arguments, to be run in the root.
pub fn command(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root()).stdin(Stdio::null());
    command
}

/// The cargo that runs this task.
pub fn cargo(args: &[&str]) -> Command {
    command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()), args)
}

/// A command to be run in `web-ui`.
pub fn web(program: &str, args: &[&str]) -> Command {
    let mut command = command(program, args);
    command.current_dir(root().join("web-ui")).env("NO_COLOR", "1");
    command
}

/// Runs a command; an error when it cannot be started or fails.
pub fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot start {:?}", command.get_program()))?;
    if !status.success() {
        bail!("{:?} {:?} ended with {status}", command.get_program(), command.get_args().collect::<Vec<_>>());
    }
    Ok(())
}

/// Runs a command and returns what it printed.
pub fn output(command: &mut Command) -> anyhow::Result<String> {
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} ended with {}", output.status);
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Runs a command, hands each line that it prints to `see` and prints it; whether the command succeeded.
pub fn watch(command: &mut Command, mut see: impl FnMut(&str)) -> anyhow::Result<bool> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {:?}", command.get_program()))?;
    let stdout = child.stdout.take().context("its output is not to be had")?;
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        see(&line);
        println!("{line}");
    }
    Ok(child.wait()?.success())
}

/// Where cargo puts what it builds.
pub fn target() -> anyhow::Result<PathBuf> {
    let text = output(&mut cargo(&["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&text)?;
    metadata["target_directory"]
        .as_str()
        .map(PathBuf::from)
        .context("cargo metadata names no target directory")
}

/// Builds packages in release; returns the folder of their programs. One by one: built together, their features would
/// unite, and Burn would be built anew.
pub fn build_release(packages: &[&str]) -> anyhow::Result<PathBuf> {
    for package in packages {
        run(&mut cargo(&["build", "--release", "--locked", "--package", package]))?;
    }
    Ok(target()?.join("release"))
}

/// The full path of a program.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|path| path.is_file())
}
