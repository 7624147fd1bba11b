//! The user interface: npm packages by the lock file, the committed build and its freshness.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::process::{find, root, run, target, web};

/// Rebuilds the committed interface.
pub fn build() -> anyhow::Result<()> {
    install()?;
    run(&mut web("npm", &["run", "build"]))
}

/// Installs the npm packages of the lock file, when they are not what it says.
pub fn install() -> anyhow::Result<()> {
    if find("npm").is_none() {
        bail!("the user interface's tests need Node.js 20.19 or newer with npm");
    }
    // The lock file that the installed packages came from, kept beside them.
    let installed = root().join("web-ui/node_modules/.installed-by");
    let lock = fs::read(root().join("web-ui/package-lock.json"))?;
    if fs::read(&installed).is_ok_and(|by| by == lock) {
        return Ok(());
    }
    run(&mut web("npm", &["ci", "--no-audit", "--no-fund"]))?;
    Ok(fs::write(installed, lock)?)
}

/// Builds the interface anew beside the committed one; an error names the files that differ.
pub fn check_fresh() -> anyhow::Result<()> {
    let fresh = target()?.join("ui-fresh");
    let out = fresh.display().to_string();
    run(&mut web(
        "npm",
        &["exec", "--no", "--", "vite", "build", "--logLevel", "warn", "--emptyOutDir", "--outDir", &out],
    ))?;
    let (committed, fresh) = (files(&committed_dir())?, files(&fresh)?);
    let names = committed.keys().chain(fresh.keys());
    let mut stale: Vec<&String> = names.filter(|name| committed.get(*name) != fresh.get(*name)).collect();
    stale.dedup();
    if !stale.is_empty() {
        bail!(
            "the committed user interface is stale ({stale:?}): run `cargo xtask ui` and commit the result"
        );
    }
    Ok(())
}

/// Where the built interface is committed.
pub fn committed_dir() -> PathBuf {
    root().join("crates/trainscope-visor/ui")
}

fn files(dir: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        files.insert(entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?);
    }
    Ok(files)
}
