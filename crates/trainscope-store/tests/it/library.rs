//! The runs below a folder: found, named, followed, forgotten.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use trainscope_schema::{RunState, SeriesIndex};
use trainscope_store::Library;

use crate::log::{Log, at, points, series, start};

fn names(library: &Library) -> Vec<String> {
    let mut names: Vec<_> = library.runs().map(|(_, run)| run.name().to_owned()).collect();
    names.sort();
    names
}

fn ids(library: &Library) -> Vec<String> {
    library.runs().map(|(id, _)| id.to_owned()).collect()
}

fn run_at(dir: &Path, key: u64) -> Log {
    Log::started(dir, key, 1000.0 + key as f64)
}

#[test]
fn the_root_may_be_the_run() {
    let root = tempfile::tempdir().unwrap();
    let run = root.path().join("digits-1");
    run_at(&run, 1);
    assert_eq!(names(&Library::open(&run).unwrap()), ["digits-1"]);
}

#[test]
fn runs_are_found_three_folders_down_and_no_further() {
    let root = tempfile::tempdir().unwrap();
    for (key, path) in ["one", "a/two", "a/b/three", "a/b/c/four"].into_iter().enumerate() {
        run_at(&root.path().join(path), key as u64);
    }
    assert_eq!(names(&Library::open(root.path()).unwrap()), ["one", "three", "two"]);
}

#[test]
fn links_make_no_loop() {
    let root = tempfile::tempdir().unwrap();
    run_at(&root.path().join("digits"), 1);
    symlink(root.path(), root.path().join("up")).unwrap();
    symlink(root.path().join("self"), root.path().join("self")).unwrap();
    symlink("/nowhere", root.path().join("nowhere")).unwrap();
    assert_eq!(names(&Library::open(root.path()).unwrap()), ["digits"]);
}

#[test]
fn a_copied_folder_gets_an_id_of_its_own() {
    let root = tempfile::tempdir().unwrap();
    let log = run_at(&root.path().join("a"), 7);
    std::fs::create_dir(root.path().join("b")).unwrap();
    std::fs::copy(log.path(), root.path().join("b/rank-0.tsf")).unwrap();
    let library = Library::open(root.path()).unwrap();
    assert_eq!(ids(&library), ["0000000000000007", "0000000000000007-2"]);
    assert_eq!(library.run("0000000000000007-2").unwrap().name(), "b");
}

#[test]
fn two_folders_of_one_name_are_told_apart() {
    let root = tempfile::tempdir().unwrap();
    run_at(&root.path().join("monday/digits"), 1);
    run_at(&root.path().join("tuesday/digits"), 2);
    assert_eq!(names(&Library::open(root.path()).unwrap()), ["digits", "tuesday/digits"]);
}

#[test]
fn a_run_appears_with_its_first_frame() {
    let root = tempfile::tempdir().unwrap();
    let log = Log::new(&root.path().join("digits"), 1, 0);
    let mut library = Library::open(root.path()).unwrap();
    assert_eq!((ids(&library).len(), library.unreadable().len()), (0, 1));
    assert!(!library.scan(), "nothing has changed");
    log.add(&start(1000.0));
    assert!(library.scan());
    assert_eq!((ids(&library).len(), library.unreadable().len()), (1, 0));
}

#[test]
fn runs_come_and_go() {
    let root = tempfile::tempdir().unwrap();
    run_at(&root.path().join("a"), 1);
    let mut library = Library::open(root.path()).unwrap();
    run_at(&root.path().join("b"), 2);
    assert!(library.scan());
    assert_eq!(names(&library), ["a", "b"]);
    std::fs::remove_dir_all(root.path().join("a")).unwrap();
    assert!(library.scan());
    assert_eq!(names(&library), ["b"]);
    assert!(!library.scan());
}

#[test]
fn a_replaced_run_is_read_again_under_its_id() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("digits");
    let def = series(&[(0, "train/loss", SeriesIndex::Step)]);
    run_at(&dir, 1).add(&def).add(&points(0, &[(1, 1.0), (2, 1.0)]));
    let mut library = Library::open(root.path()).unwrap();
    let version = library.run("0000000000000001").unwrap().version();
    std::fs::remove_dir_all(&dir).unwrap();
    run_at(&dir, 1).add(&def).add(&points(0, &[(1, 5.0)]));
    assert!(library.scan());
    let run = library.run("0000000000000001").unwrap();
    assert_eq!(run.series_named("train/loss").unwrap().points.values(), [5.0]);
    assert!(run.version() > version, "charts that show the old one are drawn again");
    assert_eq!(ids(&library).len(), 1);
}

#[test]
fn what_is_no_log_is_passed_by() {
    let root = tempfile::tempdir().unwrap();
    run_at(&root.path().join("digits"), 1);
    std::fs::create_dir_all(root.path().join("folder/rank-0.tsf")).unwrap();
    std::fs::create_dir(root.path().join("pipe")).unwrap();
    let pipe = root.path().join("pipe/rank-0.tsf");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success());
    assert!(made || !pipe.exists());
    std::fs::create_dir(root.path().join("zero")).unwrap();
    symlink("/dev/zero", root.path().join("zero/rank-0.tsf")).unwrap();
    Log::new(&root.path().join("text"), 9, 0).add_bytes(b"this is no log");
    let library = Library::open(root.path()).unwrap();
    assert_eq!(names(&library), ["digits"]);
    assert_eq!(library.unreadable().len(), 1);
}

#[test]
fn a_missing_root_is_named_and_said_what_to_do_about() {
    let root = tempfile::tempdir().unwrap();
    let Err(error) = Library::open(&root.path().join("nowhere")) else { panic!("it was opened") };
    let text = error.to_string();
    assert!(text.contains("nowhere") && text.contains("Name a folder that holds runs"), "{text}");
    std::fs::write(root.path().join("file"), "").unwrap();
    assert!(Library::open(&root.path().join("file")).is_err());
}

#[test]
fn a_root_that_vanishes_leaves_an_empty_library() {
    let root = tempfile::tempdir().unwrap();
    let runs = root.path().join("runs");
    run_at(&runs.join("a"), 1);
    let mut library = Library::open(&runs).unwrap();
    std::fs::remove_dir_all(&runs).unwrap();
    assert!(library.scan());
    assert_eq!(ids(&library).len(), 0);
}

#[test]
fn the_newest_run_stands_first() {
    let root = tempfile::tempdir().unwrap();
    for key in [2, 3, 1] {
        run_at(&root.path().join(format!("run-{key}")), key);
    }
    let summaries = Library::open(root.path()).unwrap().summaries(at(1005.0));
    let names: Vec<_> = summaries.iter().map(|summary| summary.name.as_str()).collect();
    assert_eq!(names, ["run-3", "run-2", "run-1"]);
}

#[test]
fn following_reads_live_runs_and_on_demand_all() {
    let root = tempfile::tempdir().unwrap();
    let log = run_at(&root.path().join("digits"), 1);
    let mut library = Library::open(root.path()).unwrap();
    assert!(!library.follow(at(1002.0), false));
    log.add(&series(&[(0, "train/loss", SeriesIndex::Step)])).add(&points(0, &[(1, 1.0)]));
    assert!(!library.follow(at(5000.0), false), "a silent run is not looked at");
    assert!(library.follow(at(5000.0), true));
    let (_, run) = library.runs().next().unwrap();
    assert_eq!(run.state(at(1002.0)), RunState::Live);
    assert_eq!(run.series()[0].points.len(), 1);
}

#[test]
fn two_thousand_runs_are_scanned_quickly() {
    let root = tempfile::tempdir().unwrap();
    for key in 0..2000 {
        run_at(&root.path().join(format!("run-{key}")), key);
    }
    let mut library = Library::open(root.path()).unwrap();
    assert_eq!(ids(&library).len(), 2000);
    assert!(!library.scan());
}

#[test]
fn a_folder_that_may_not_be_read_hides_no_other() {
    let root = tempfile::tempdir().unwrap();
    run_at(&root.path().join("digits"), 1);
    let closed = root.path().join("closed");
    run_at(&closed, 2);
    std::fs::set_permissions(&closed, Permissions::from_mode(0o000)).unwrap();
    let library = Library::open(root.path()).unwrap();
    // The system's administrator may read it all the same.
    let expected = if std::fs::read_dir(&closed).is_ok() { &["closed", "digits"][..] } else { &["digits"] };
    std::fs::set_permissions(&closed, Permissions::from_mode(0o700)).unwrap();
    assert_eq!(names(&library), expected);
}
