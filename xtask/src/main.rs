//! The project's own commands: `cargo xtask test`, `cargo xtask bench`, `cargo xtask ui`.

mod bench;
mod browser;
mod process;
mod test;
mod ui;

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask <command>

  test                 everything that must hold: format, lints, rules, tests in Rust, Node and Chromium
  test --quick         the same without Burn and without the browser
  bench                one JSON line per figure: name, value, unit
  bench --no-build     the same without the cold build, which takes minutes
  ui                   rebuild the committed user interface from web-ui";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args.as_slice() {
        ["test"] => test::run(test::Scope::All),
        ["test", "--quick"] => test::run(test::Scope::Quick),
        ["bench"] => bench::run(bench::ColdBuild::Measure),
        ["bench", "--no-build"] => bench::run(bench::ColdBuild::Skip),
        ["ui"] => ui::build(),
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
