//! `cargo xtask test`: everything that must hold, with a count at the end.

use std::path::PathBuf;
use std::process::Command;

use anyhow::bail;

use crate::browser::chromium;
use crate::process::{build_release, cargo, run as run_command, watch, web};
use crate::ui;

/// Packages that build Burn: tested in release, so that they share its build with the examples.
const WITH_BURN: [&str; 3] = ["trainscope-burn", "digits", "learner"];

/// How much is tested.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    All,
    /// Everything but Burn and the browser.
    Quick,
}

#[derive(Default)]
struct Counts {
    passed: u64,
    failed: u64,
    failures: Vec<&'static str>,
}

/// Runs every step, also after one has failed; an error when anything failed.
pub fn run(scope: Scope) -> anyhow::Result<()> {
    let mut counts = Counts::default();
    let without: Vec<&str> = WITH_BURN.iter().flat_map(|name| ["--exclude", name]).collect();
    let with: Vec<&str> = WITH_BURN.iter().flat_map(|name| ["--package", name]).collect();
    let quick = scope == Scope::Quick;
    let excluded: &[&str] = if quick { &without } else { &[] };

    counts.check("format", || run_command(&mut cargo(&["fmt", "--all", "--check"])));
    counts.check("clippy", || {
        let args =
            [&["clippy", "--workspace", "--all-targets", "--locked"], excluded, &["--", "-D", "warnings"]];
        run_command(&mut cargo(&args.concat()))
    });
    counts.check("npm packages", ui::install);
    counts.check("web-ui: types and lints", || run_command(&mut web("npm", &["run", "check"])));
    counts.check("web-ui: the committed build is fresh", ui::check_fresh);
    counts.tests("web-ui: Vitest", &mut web("npm", &["run", "test"]));
    counts.tests(
        "Rust tests",
        &mut cargo(&[&["test", "--workspace", "--locked", "--no-fail-fast"], without.as_slice()].concat()),
    );
    if !quick {
        counts.tests(
            "Rust tests with Burn",
            &mut cargo(&[&["test", "--release", "--locked", "--no-fail-fast"], with.as_slice()].concat()),
        );
        counts.end_to_end();
    }
    counts.close()
}

impl Counts {
    /// A step that holds or not.
    fn check(&mut self, name: &'static str, step: impl FnOnce() -> anyhow::Result<()>) {
        println!("\n=== {name}");
        match step() {
            Ok(()) => self.passed += 1,
            Err(error) => {
                eprintln!("{name}: {error:#}");
                self.failed += 1;
                self.failures.push(name);
            }
        }
    }

    /// A step that runs tests and prints how many passed and failed.
    fn tests(&mut self, name: &'static str, command: &mut Command) {
        println!("\n=== {name}");
        let (mut passed, mut failed) = (0, 0);
        let result = watch(command, |line| {
            if let Some((p, f)) = counted(line) {
                passed += p;
                failed += f;
            }
        });
        let well = match result {
            Ok(well) => well,
            Err(error) => {
                eprintln!("{name}: {error:#}");
                false
            }
        };
        // A build that failed, or a runner that ran nothing, is a failure too.
        failed += u64::from(failed == 0 && (!well || passed == 0));
        self.passed += passed;
        self.failed += failed;
        if failed > 0 {
            self.failures.push(name);
        }
    }

    /// Trains the digits example and watches it in a real browser.
    fn end_to_end(&mut self) {
        let (mut browser, mut bin) = (PathBuf::new(), PathBuf::new());
        self.check("Chromium", || chromium().map(|path| browser = path));
        self.check("programs for the end-to-end tests", || {
            bin = build_release(&["digits", "trainscope-cli"])?;
            Ok(())
        });
        self.tests(
            "end to end, in Chromium",
            web("npm", &["run", "e2e"]).env("TRAINSCOPE_BIN", bin).env("TRAINSCOPE_CHROMIUM", browser),
        );
    }

    fn close(&self) -> anyhow::Result<()> {
        println!();
        for name in &self.failures {
            println!("failed: {name}");
        }
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed > 0 {
            bail!("something must hold that does not");
        }
        Ok(())
    }
}

/// Passed and failed tests, when the line is a runner's closing line: libtest's or Vitest's.
fn counted(line: &str) -> Option<(u64, u64)> {
    let number_before = |word: &str| {
        let words: Vec<&str> = line.split([' ', ';', '|', ',']).filter(|w| !w.is_empty()).collect();
        words.windows(2).find(|pair| pair[1] == word).and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
    };
    let closing = line.starts_with("test result:") || line.trim_start().starts_with("Tests ");
    closing.then(|| (number_before("passed"), number_before("failed")))
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn closing_lines_are_counted() {
        assert_eq!(counted("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured"), Some((12, 0)));
        assert_eq!(counted("test result: FAILED. 4 passed; 2 failed; 0 ignored"), Some((4, 2)));
        assert_eq!(counted("      Tests  31 passed (31)"), Some((31, 0)));
        assert_eq!(counted("      Tests  1 failed | 30 passed (31)"), Some((30, 1)));
        assert_eq!(counted(" Test Files  5 passed (5)"), None);
        assert_eq!(counted("test figure ... ok"), None);
    }
}
