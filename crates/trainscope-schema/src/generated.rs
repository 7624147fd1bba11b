//! TypeScript types of everything that crosses to the browser, held fresh by a test. `UPDATE=1` rewrites the file.

use std::fmt::Write as _;
use std::path::Path;

use ts_rs::{Config, TS};

use crate::*;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web-ui/src/generated/schema.ts");

/// Fails when the file at `path` does not hold `text`; with UPDATE=1 it is written first.
pub(crate) fn assert_fresh(path: &Path, text: &str) {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == text, "{} is stale: run UPDATE=1 cargo test -p trainscope-schema", path.display());
}

fn declaration<T: TS>(config: &Config) -> String {
    let docs = T::docs().unwrap_or_default();
    format!("{docs}export {}\n", T::decl(config))
}

fn generated() -> String {
    let config = Config::default();
    let mut out = String::from(
        "// Written by `cargo test -p trainscope-schema` with UPDATE=1 from crates/trainscope-schema. Do not edit.\n\n",
    );
    let _ = writeln!(out, "export const PROTOCOL_VERSION = {PROTOCOL_VERSION};\n");
    macro_rules! declare {
        ($($name:ty),* $(,)?) => { $( out.push_str(&declaration::<$name>(&config)); out.push('\n'); )* };
    }
    declare!(
        Num,
        Step,
        Epoch,
        WallTime,
        SeriesIndex,
        TensorRole,
        NoteLevel,
        Note,
        Progress,
        LayerSummary,
        ModelSummary,
        Health,
        Rate,
        Averages,
        ClassRow,
        ConfusedPair,
        CalibrationBin,
        Calibration,
        Evaluation,
        SeriesRef,
        ChartQuery,
        Extreme,
        ChartSeries,
        ChartBody,
        ClientMessage,
        RunState,
        RunSummary,
        SeriesInfo,
        TensorInfo,
        EvaluationInfo,
        RunDetails,
        ServerMessage,
    );
    out
}

#[test]
fn typescript_types_are_fresh() {
    assert_fresh(Path::new(PATH), &generated());
}
