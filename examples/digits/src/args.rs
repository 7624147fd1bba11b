//! Arguments of the example.

use std::path::PathBuf;

use clap::Parser;

/// Train a small CNN on handwritten digits, live in the visor, with a report at the end.
#[derive(Debug, Parser)]
#[command(name = "digits", version)]
pub struct Args {
    /// Passes over the training images
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub epochs: u32,
    /// Seed of weights, order and dropout
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// CSV file to read instead of the images that come with the example
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// Folder in which the run is recorded
    #[arg(long, value_name = "DIR", default_value = "runs")]
    pub runs: PathBuf,
    /// Folder to write the report to
    #[arg(long, value_name = "DIR", default_value = "report")]
    pub report: PathBuf,
    /// Port of the visor; 0 takes any free one [default: the first free one from 6860 on]
    #[arg(long)]
    pub port: Option<u16>,
    /// End when the report is written, instead of serving the visor until Ctrl-C
    #[arg(long)]
    pub exit: bool,
    /// Do not open the browser
    #[arg(long)]
    pub no_open: bool,
    /// Train without the visor, and end when the report is written
    #[arg(long)]
    pub no_visor: bool,
    /// Write no report
    #[arg(long)]
    pub no_report: bool,
    /// Train without recording anything, to compare
    #[arg(long, conflicts_with_all = ["data", "port"])]
    pub no_record: bool,
}
