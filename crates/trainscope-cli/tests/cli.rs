//! The command from the outside: what it prints, how it ends, and what it says when something is wrong.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::Permissions;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use trainscope_hook::RunOptions;

fn command<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trainscope"));
    // A backtrace must not appear even where the user has asked for backtraces; and no browser may open.
    command.args(args).env("RUST_BACKTRACE", "full").env("CI", "1");
    command
}

fn run<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Output {
    command(args).output().unwrap()
}

/// The one sentence of a command that failed.
#[track_caller]
fn failure<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> String {
    let output = run(args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(said.starts_with("trainscope: "), "{said}");
    for word in ["panicked", "backtrace", "RUST_", "Os {", "Error {", "unwrap"] {
        assert!(!said.contains(word), "{word} in: {said}");
    }
    said
}

#[track_caller]
fn one_line(said: &str) {
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
}

/// A finished run below `runs`, with all that a report shows.
fn record(runs: &Path, name: &str) -> PathBuf {
    let run = RunOptions::new(name).runs_dir(runs).config("learning_rate", 0.001).start().unwrap();
    let (loss, epoch_loss) = (run.scalar("train/loss"), run.epoch_scalar("validation/epoch_loss"));
    for step in 1..=100 {
        loss.log(step, if step == 50 { f64::NAN } else { 1.0 / step as f64 });
    }
    epoch_loss.log(1, 0.7);
    epoch_loss.log(2, 0.5);
    let rows = [0.9, 0.1, 0.6, 0.4, 0.2, 0.8];
    run.evaluate("test", &[0, 1, 1], &rows).classes(["<b>cat</b>", "dog"]).at(2, 100).log().unwrap();
    run.finish();
    run.dir().to_owned()
}

struct Served {
    child: Child,
    link: String,
}

impl Served {
    fn start<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Self {
        let mut child = command(args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let link = line.trim_end().strip_prefix("visor: ").expect(&line).to_owned();
        Self { child, link }
    }

    fn port(&self) -> u16 {
        let host = self.link.strip_prefix("http://").unwrap().split('/').next().unwrap();
        host.rsplit(':').next().unwrap().parse().unwrap()
    }

    /// Status line and body of the page.
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port())).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", self.port())
            .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn help_names_the_commands_and_ends_well() {
    for (args, words) in [
        (&["--help"][..], &["serve", "report"][..]),
        (&["serve", "--help"], &["--port", "--private", "[default: runs]"]),
        (&["report", "--help"], &["--out", "<RUN>"]),
    ] {
        let output = run(args);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && output.stderr.is_empty());
        assert!(words.iter().all(|word| said.contains(word)), "{said}");
    }
    let version = String::from_utf8(run(["--version"]).stdout).unwrap();
    assert_eq!(version.trim_end(), concat!("trainscope ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_arguments_are_explained() {
    for (args, word) in [
        (&[][..], "Usage"),
        (&["serv"], "serv"),
        (&["serve", "--port", "99999"], "99999"),
        (&["serve", "--host", "localhost.example"], "localhost.example"),
        (&["report"], "<RUN>"),
    ] {
        let output = run(args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn serving_a_taken_port_says_so() {
    let runs = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = failure([OsStr::new("serve"), runs.path().as_os_str(), "--port".as_ref(), port.as_ref()]);
    one_line(&said);
    assert!(said.contains(&format!("port {port} on 127.0.0.1 is taken by another program")), "{said}");
    assert!(said.contains("--port"), "{said}");
}

#[test]
fn serving_an_address_of_another_machine_says_so() {
    let runs = tempfile::tempdir().unwrap();
    let args = ["serve".as_ref(), runs.path().as_os_str(), "--host".as_ref(), "192.0.2.1".as_ref()];
    let said = failure(args);
    one_line(&said);
    assert!(said.contains("cannot listen on 192.0.2.1"), "{said}");
}

#[test]
fn serving_a_missing_folder_names_it() {
    let runs = tempfile::tempdir().unwrap();
    let missing = runs.path().join("nowhere");
    let said = failure([OsStr::new("serve"), missing.as_os_str()]);
    one_line(&said);
    assert!(said.contains(&missing.display().to_string()) && said.contains("Name a folder"), "{said}");
    let file = runs.path().join("file");
    std::fs::write(&file, "").unwrap();
    one_line(&failure([OsStr::new("serve"), file.as_os_str()]));
}

#[test]
fn serving_prints_a_link_that_answers() {
    let runs = tempfile::tempdir().unwrap();
    record(runs.path(), "digits");
    let served = Served::start(["serve".as_ref(), runs.path().as_os_str(), "--port".as_ref(), "0".as_ref()]);
    assert!(served.port() > 0 && served.link.ends_with('/'), "{}", served.link);
    assert!(served.get("/").starts_with("HTTP/1.1 200"));
    assert!(served.get("/nothing").starts_with("HTTP/1.1 404"));
}

#[test]
fn a_private_visor_answers_only_by_its_whole_link() {
    let runs = tempfile::tempdir().unwrap();
    let args = ["serve".as_ref(), runs.path().as_os_str(), "--port=0".as_ref(), "--private".as_ref()];
    let served = Served::start(args);
    let (_, query) = served.link.split_once("/?token=").unwrap();
    assert_eq!(query.len(), 32);
    assert!(served.get("/").starts_with("HTTP/1.1 401"));
    assert!(served.get(&format!("/?token={query}")).starts_with("HTTP/1.1 303"));
}

#[test]
fn two_visors_without_a_port_find_one_each() {
    let runs = tempfile::tempdir().unwrap();
    let served = [0, 1].map(|_| Served::start([OsStr::new("serve"), runs.path().as_os_str()]));
    assert_ne!(served[0].port(), served[1].port());
}

fn report(run: &Path, out: &Path) -> Output {
    self::run([OsStr::new("report"), run.as_os_str(), "--out".as_ref(), out.as_os_str()])
}

#[track_caller]
fn report_failure(run: &Path, out: &Path) -> String {
    failure([OsStr::new("report"), run.as_os_str(), "--out".as_ref(), out.as_os_str()])
}

/// Names and bytes of all files in a folder.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    entries.map(|e| (e.file_name().into_string().unwrap(), std::fs::read(e.path()).unwrap())).collect()
}

#[test]
fn a_run_reported_twice_gives_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let run = record(&dir.path().join("runs"), "digits");
    let (first, second) = (dir.path().join("first"), dir.path().join("deep/er/second"));
    let output = report(&run, &first);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let reported = files(&first);
    assert!(reported.contains_key("report.md") && reported.contains_key("report.json"), "{said}");
    assert!(reported.keys().any(|name| name.ends_with(".png")), "{said}");
    assert_eq!(said.lines().count(), reported.len(), "it prints what it wrote");
    // The folder above the run, when it is the only one, gives the same; and so does reporting over a report.
    assert!(report(&dir.path().join("runs"), &second).status.success());
    assert!(report(&run, &first).status.success());
    assert!(files(&first) == reported && files(&second) == reported, "the same run, the same bytes");
}

#[test]
fn a_folder_without_runs_says_what_a_run_is() {
    let dir = tempfile::tempdir().unwrap();
    let said = report_failure(dir.path(), &dir.path().join("out"));
    one_line(&said);
    assert!(said.contains("holds no run: a run's folder holds a file rank-0.tsf"), "{said}");
    let said = report_failure(&dir.path().join("nowhere"), &dir.path().join("out"));
    one_line(&said);
    assert!(said.contains("nowhere"), "{said}");
    assert!(!dir.path().join("out").exists(), "nothing is made for nothing");
}

#[test]
fn a_folder_of_several_runs_lists_them() {
    let dir = tempfile::tempdir().unwrap();
    let runs = [record(dir.path(), "digits"), record(dir.path(), "letters")];
    let said = report_failure(dir.path(), &dir.path().join("out"));
    assert!(said.contains("holds 2 runs; name one of them"), "{said}");
    assert!(runs.iter().all(|run| said.contains(&run.display().to_string())), "{said}");
}

#[test]
fn a_run_in_a_folder_of_odd_letters_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let odd = dir.path().join(OsStr::from_bytes(b"not \xff UTF-8"));
    record(&odd, "digits");
    let output = report(&odd, &dir.path().join("out"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn an_impossible_folder_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let run = record(&dir.path().join("runs"), "digits");
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    for out in [file.clone(), file.join("out"), PathBuf::from("/proc/nothing/out")] {
        let said = report_failure(&run, &out);
        one_line(&said);
        assert!(said.contains(&out.display().to_string()), "{said}");
    }
}

#[test]
fn a_folder_that_may_not_be_written_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let run = record(&dir.path().join("runs"), "digits");
    let closed = dir.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, Permissions::from_mode(0o500)).unwrap();
    if std::fs::write(closed.join("probe"), "").is_err() {
        let said = report_failure(&run, &closed);
        one_line(&said);
        assert!(said.contains("closed"), "{said}");
    } // else: the system's administrator may write there all the same
    std::fs::set_permissions(&closed, Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_log_without_a_whole_frame_is_no_report() {
    for bytes in [Vec::new(), b"TSF1 and then nothing of the kind".repeat(1000)] {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("rank-0.tsf"), bytes).unwrap();
        let said = report_failure(dir.path(), &dir.path().join("out"));
        one_line(&said);
        assert!(said.contains("it holds no whole frame yet"), "{said}");
    }
}
