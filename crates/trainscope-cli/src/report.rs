//! `trainscope report`.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use trainscope_store::{Library, Run};

use crate::cli::{ReportArgs, say};

pub(crate) fn run(args: &ReportArgs) -> anyhow::Result<()> {
    let dir = run_dir(&args.run)?;
    for path in trainscope_report::report_run(&dir, &args.out)? {
        say(&path.display().to_string());
    }
    Ok(())
}

/// The run that is meant: the folder itself, or the only run below it.
fn run_dir(dir: &Path) -> anyhow::Result<PathBuf> {
    if Run::is_run_dir(dir) {
        return Ok(dir.to_owned());
    }
    let library = Library::open(dir).context("expected a run's folder")?;
    let dirs: Vec<_> = library.runs().map(|(_, run)| run.dir().display().to_string()).collect();
    match dirs.as_slice() {
        [one] => Ok(PathBuf::from(one)),
        [] => bail!("{} holds no run: a run's folder holds a file rank-0.tsf", dir.display()),
        many => {
            bail!("{} holds {} runs; name one of them:\n  {}", dir.display(), many.len(), many.join("\n  "))
        }
    }
}
