//! `trainscope report`.

use std::path::{Path, PathBuf};

use anyhow::bail;
use trainscope_store::Library;

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
    let library = Library::open(dir)?;
    let dirs: Vec<_> = library.runs().map(|(_, run)| run.dir()).collect();
    match dirs.as_slice() {
        [one] => Ok(one.to_path_buf()),
        [] if !library.unreadable().is_empty() => {
            let (dir, reason) = &library.unreadable()[0];
            bail!("{} is no run that can be reported: {reason}", dir.display())
        }
        [] => bail!("{} holds no run: a run's folder holds a file rank-0.tsf", dir.display()),
        many => {
            let names: Vec<_> = many.iter().map(|dir| dir.display().to_string()).collect();
            bail!("{} holds {} runs; name one of them:\n  {}", dir.display(), many.len(), names.join("\n  "))
        }
    }
}
