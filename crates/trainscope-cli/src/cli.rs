//! Arguments, and what is said when something goes wrong.

use std::io::Write;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{report, serve};

/// Chrome DevTools for model training: watch runs live, report on them.
#[derive(Parser)]
#[command(name = "trainscope", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the visor for a folder of runs, finished or being written, until Ctrl-C
    Serve(ServeArgs),
    /// Write the report of a run: PNG, SVG, report.md, report.json
    Report(ReportArgs),
}

#[derive(clap::Args)]
pub(crate) struct ServeArgs {
    /// Folder of runs, or one run
    #[arg(default_value = "runs")]
    pub dir: PathBuf,
    /// Port to listen on; 0 takes any free one [default: the first free one from 6860 on]
    #[arg(long)]
    pub port: Option<u16>,
    /// Address to listen on; beyond loopback everything needs the token of the link
    #[arg(long, default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// Ask for the token of the link on loopback too
    #[arg(long)]
    pub private: bool,
    /// Do not open the browser
    #[arg(long)]
    pub no_open: bool,
}

#[derive(clap::Args)]
pub(crate) struct ReportArgs {
    /// The run's folder, such as runs/digits-20260131-120000
    pub run: PathBuf,
    /// Folder to write to; created when missing
    #[arg(long, default_value = "report")]
    pub out: PathBuf,
}

pub(crate) fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Serve(args) => serve::run(args),
        Command::Report(args) => report::run(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say_to_stderr(&format!("trainscope: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Prints a line; a reader that went away is no error of ours.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn say_to_stderr(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
