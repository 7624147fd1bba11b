//! `cargo run --release -p digits`: trains, shows it live in the visor, writes a report, keeps serving.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use digits::args::Args;
use digits::data::Digits;
use digits::train::{Settings, Trained, train};
use trainscope::{Run, RunOptions, Visor, VisorOptions};

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "digits: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let digits = match &args.data {
        Some(file) => Digits::read(file).map_err(|error| format!("{}: {error}", file.display()))?,
        None => Digits::embedded()?,
    };
    let settings = Settings { epochs: args.epochs, seed: args.seed, ..Settings::default() };
    if args.no_record {
        say_accuracy(&train(&digits, &settings, None)?);
        return Ok(());
    }
    if !args.no_report {
        // Found now, not after the training.
        std::fs::create_dir_all(&args.report).map_err(|error| {
            format!(
                "cannot make the report's folder {}: {error}. Choose another with --report",
                args.report.display()
            )
        })?;
    }
    let visor = (!args.no_visor).then(|| open_visor(args)).transpose()?;
    let run = start_run(args, &digits, &settings)?;
    say(&format!("run: {}", run.dir().display()));
    match train(&digits, &settings, Some(&run)) {
        Ok(trained) => say_accuracy(&trained),
        Err(error) => {
            run.fail();
            return Err(error.into());
        }
    }
    run.finish();
    if !args.no_report {
        trainscope::write_report(run.dir(), &args.report).map_err(|error| {
            format!("{error}. The run is whole: trainscope report {} --out DIR", run.dir().display())
        })?;
        say(&format!("report: {}", args.report.join("report.md").display()));
    }
    if let Some(visor) = visor.filter(|_| !args.exit) {
        say(&format!("the visor stays at {} until Ctrl-C", visor.link()));
        visor.wait();
    }
    Ok(())
}

fn open_visor(args: &Args) -> Result<Visor, Box<dyn Error>> {
    let mut options = VisorOptions::default().runs_dir(&args.runs).open_browser(!args.no_open);
    if let Some(port) = args.port {
        options = options.port(port);
    }
    Ok(options.open()?)
}

fn start_run(args: &Args, digits: &Digits, settings: &Settings) -> Result<Run, Box<dyn Error>> {
    let run = RunOptions::new("digits")
        .runs_dir(&args.runs)
        .config("model", "cnn-16-32")
        .config("data", args.data.as_ref().map_or("built in".to_owned(), |file| file.display().to_string()))
        .config("training_images", digits.train.labels().len())
        .config("optimizer", "adam")
        .config("learning_rate", settings.learning_rate)
        .config("epochs", settings.epochs)
        .config("batch", settings.batch)
        .config("seed", settings.seed)
        .start()?;
    Ok(run)
}

fn say_accuracy(trained: &Trained) {
    let (accuracy, rows) = (trained.test.accuracy * 100.0, trained.test.rows);
    say(&format!("test accuracy {accuracy:.1} % on {rows} images"));
}

/// Prints a line; a reader that went away is no error of ours.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
