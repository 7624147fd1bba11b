//! The project's own rules: which crate may know which, how heavy the hook is, which licences come in.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// Crate, and the crates of this workspace that it may depend on (normal and build dependencies).
const MAY_USE: &[(&str, &[&str])] = &[
    ("trainscope-schema", &[]),
    ("trainscope-stats", &[]),
    ("trainscope-eval", &["schema"]),
    ("trainscope-plot", &["schema"]),
    ("trainscope-store", &["eval", "schema", "stats"]),
    ("trainscope-hook", &["schema"]),
    ("trainscope-visor", &["schema", "store"]),
    ("trainscope-report", &["plot", "schema", "stats", "store"]),
    ("trainscope-burn", &["hook", "schema"]),
    ("trainscope", &["hook", "report", "visor"]),
    ("trainscope-cli", &["report", "store", "visor"]),
];

/// Crates that do no I/O, read no clock and start no thread: what they may depend on beside the workspace.
const PURE: &[(&str, &[&str])] = &[
    ("trainscope-schema", &["crc32c", "serde", "serde_json", "thiserror"]),
    ("trainscope-stats", &[]),
    ("trainscope-eval", &["thiserror"]),
    ("trainscope-plot", &["png", "resvg", "skrifa", "thiserror"]),
];

const MAY_BUILD_BURN: &[&str] = &["trainscope-burn", "digits", "learner"];
const HOOK_CRATES_AT_MOST: usize = 60;
const FROM_BURN: &str =
    "MPL-2.0: copyleft by the file. Comes with Burn, is used unchanged, is not in the binary trainscope";

/// Crates with another licence, and why they may come in all the same.
const LICENCES_KNOWN: &[(&str, &str)] = &[
    ("cfg_block", "Apache-2.0 by its LICENSE file; its manifest only names the file"),
    ("unicode-ident", "(MIT OR Apache-2.0) AND Unicode-3.0: all permissive; the check loses the parentheses"),
    ("buildid", FROM_BURN),
    ("colored", FROM_BURN),
    ("option-ext", FROM_BURN),
];

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn members(metadata: &Value) -> Vec<&Value> {
    let ids: BTreeSet<&str> =
        metadata["workspace_members"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|p| ids.contains(p["id"].as_str().unwrap()))
        .collect()
}

/// Normal and build dependencies of a package, by name.
fn dependencies(package: &Value) -> BTreeSet<&str> {
    let all = package["dependencies"].as_array().unwrap().iter();
    all.filter(|dependency| dependency["kind"] != "dev")
        .map(|dependency| dependency["name"].as_str().unwrap())
        .collect()
}

#[test]
fn arrows_point_down_only() {
    let metadata = metadata();
    let rules: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    for package in members(&metadata) {
        let name = package["name"].as_str().unwrap();
        if !name.starts_with("trainscope") || name == "trainscope-tests" {
            continue;
        }
        let allowed = rules.get(name).unwrap_or_else(|| panic!("{name} has no row in the dependency table"));
        for dependency in dependencies(package).into_iter().filter(|d| d.starts_with("trainscope")) {
            let short = dependency.trim_start_matches("trainscope-");
            assert!(allowed.contains(&short), "{name} may not depend on {dependency}");
        }
    }
}

#[test]
fn pure_crates_stay_pure() {
    let metadata = metadata();
    for (name, allowed) in PURE {
        let package = members(&metadata).into_iter().find(|p| p["name"] == *name).unwrap();
        for dependency in dependencies(package).into_iter().filter(|d| !d.starts_with("trainscope")) {
            assert!(allowed.contains(&dependency), "{name} is pure: it may not depend on {dependency}");
        }
        let source = source_of(name);
        for word in ["fs::", "net::", "thread::", "process::", "env::", "SystemTime", "Instant"] {
            assert!(!source.contains(word), "{name} is pure: it may not use {word}");
        }
    }
}

/// The crate's source without its tests.
fn source_of(name: &str) -> String {
    let mut source = String::new();
    let mut folders = vec![PathBuf::from(format!("{}/../crates/{name}/src", env!("CARGO_MANIFEST_DIR")))];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("generated.rs") {
                let text = std::fs::read_to_string(path).unwrap();
                source += text.split("#[cfg(test)]").next().unwrap_or_default();
            }
        }
    }
    source
}

#[test]
fn only_the_adapter_and_examples_build_burn() {
    let metadata = metadata();
    for package in members(&metadata) {
        let name = package["name"].as_str().unwrap();
        let builds = dependencies(package).iter().any(|d| *d == "burn" || *d == "trainscope-burn");
        assert!(!builds || MAY_BUILD_BURN.contains(&name), "{name} may not depend on Burn");
    }
}

#[test]
fn the_hook_stays_light() {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--package",
            "trainscope-hook",
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--locked",
        ])
        .output()
        .unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    let crates: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(" (").next()).collect();
    assert!(!crates.is_empty() && crates.len() <= HOOK_CRATES_AT_MOST, "{} crates: {crates:?}", crates.len());
    for heavy in ["axum", "plotters", "resvg", "wgpu", "burn"] {
        assert!(
            !crates.iter().any(|line| line.starts_with(&format!("{heavy} "))),
            "the hook may not link {heavy}"
        );
    }
}

/// The licences that `deny.toml` allows.
fn licences_allowed() -> Vec<String> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../deny.toml")).unwrap();
    let list = text.split("\nallow = [").nth(1).unwrap().split(']').next().unwrap();
    list.split(',')
        .map(|name| name.trim().trim_matches('"').to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn licences_stay_permissive() {
    let allowed = licences_allowed();
    for package in metadata()["packages"].as_array().unwrap() {
        let licence = package["license"].as_str().unwrap_or("none").replace('/', " OR ");
        let licence = licence.replace(['(', ')'], "");
        // `A OR B AND C`: one alternative must consist of allowed licences.
        let permissive = licence
            .split(" OR ")
            .any(|all| all.split(" AND ").all(|one| allowed.iter().any(|name| name == one.trim())));
        let known = LICENCES_KNOWN.iter().any(|(name, _)| package["name"] == *name);
        assert!(permissive || known, "{} {} has the licence {licence}", package["name"], package["version"]);
    }
}

#[test]
fn lock_files_carry_no_addresses() {
    let lock =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../web-ui/package-lock.json")).unwrap();
    assert!(!lock.contains("\"resolved\": \"http"), "run npm with omit-lockfile-registry-resolved");
}

#[test]
fn pages_link_only_to_what_is_there() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    for page in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"] {
        let text = std::fs::read_to_string(format!("{root}/{page}")).unwrap();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.starts_with("http")) {
            assert!(
                std::path::Path::new(root).join(link).exists(),
                "{page} links to {link}, which is not there"
            );
        }
    }
}
