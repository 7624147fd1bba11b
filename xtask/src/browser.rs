//! Chromium for the end-to-end tests: found, or installed from Debian's packages.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use anyhow::bail;

use crate::process::{command, find, run};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The full path of a Chromium; installs one when root on Debian.
pub fn chromium() -> anyhow::Result<PathBuf> {
    if let Some(path) = found() {
        return Ok(path);
    }
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
    if !root || find("apt-get").is_none() {
        bail!(
            "the end-to-end tests need Chromium: install it, for example with `sudo apt-get install chromium`"
        );
    }
    println!("installing Chromium from Debian's packages");
    run(&mut command("apt-get", &["update", "-q"]))?;
    let install = ["install", "-q", "-y", "--no-install-recommends", "chromium"];
    run(command("apt-get", &install).env("DEBIAN_FRONTEND", "noninteractive"))?;
    match found() {
        Some(path) => Ok(path),
        None => bail!("Chromium was installed, and is still not on the path"),
    }
}

fn found() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| find(name))
}
