//! Chromium for the end-to-end tests: found, or installed from Debian's packages.

use std::os::unix::fs::MetadataExt;

use anyhow::bail;

use crate::process::{command, has, run};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The name of a Chromium on the path; installs one when root on Debian.
pub fn chromium() -> anyhow::Result<String> {
    if let Some(name) = found() {
        return Ok(name);
    }
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
    if !(root && has("apt-get")) {
        bail!(
            "the end-to-end tests need Chromium: install it, for example with `sudo apt-get install chromium`"
        );
    }
    println!("installing Chromium from Debian's packages");
    run(&mut command("apt-get", &["update", "-q"]))?;
    let install = ["install", "-q", "-y", "--no-install-recommends", "chromium"];
    run(command("apt-get", &install).env("DEBIAN_FRONTEND", "noninteractive"))?;
    match found() {
        Some(name) => Ok(name),
        None => bail!("Chromium was installed, and is still not on the path"),
    }
}

fn found() -> Option<String> {
    NAMES.iter().find(|name| has(name)).map(|name| (*name).to_owned())
}
