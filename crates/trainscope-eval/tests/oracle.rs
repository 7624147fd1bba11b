//! The crate against the reference packages: every figure it computes, at 1e-9, and a reason for each it does not.

// Clippy's leave to unwrap in tests does not reach the functions that tests share.
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;
use trainscope_eval::{Share, Tally, confusion_shares, wilson};
use trainscope_schema::{ClassRow, Epoch, Evaluation, Rate, Step};

/// Inputs that the crate cannot take yet.
const SKIPPED_FILES: [(&str, &str); 2] = [
    ("edge_weighted", "sample weights come with weighted tallies"),
    ("edge_weighted_binary", "sample weights come with weighted tallies"),
];

/// Files without a calibration of 15 bins.
const OTHER_BINS: [(&str, &str); 1] =
    [("edge_bin_edges", "has 5, 10 and 20 bins; the edges of 15 are tested beside their code")];

/// What the oracle knows and the crate does not compute yet; a name covers all below it.
const LATER: [(&str, &str); 34] = [
    ("averages.micro", "of single labels it is the accuracy, compared there"),
    ("averages.weighted", "not among the averages of an evaluation"),
    ("per_class.f0_5", "F with another beta than 1 is not shown"),
    ("per_class.f2", "F with another beta than 1 is not shown"),
    ("scalars.error_rate", "1 - accuracy"),
    ("scalars.balanced_accuracy_adjusted", "a rescaling that is not shown"),
    ("scalars.kappa", "not among the averages of an evaluation"),
    ("scalars.brier_sum", "needs sums of squares in the tally"),
    ("scalars.brier_half", "needs sums of squares in the tally"),
    ("scalars.top_k", "needs ranks in the tally"),
    ("ranking", "ranking needs the rows, not counts"),
    ("curves", "curves need the rows, not counts"),
    ("det_curve", "curves need the rows, not counts"),
    ("threshold_table", "thresholds need the rows, not counts"),
    ("calibration.confidence", "a sentence"),
    ("calibration.top_label[].ece_l2", "l1 and the maximum are shown"),
    ("calibration.equal_mass", "needs the rows, not counts"),
    ("calibration.classwise", "only the top class is calibrated yet"),
    ("calibration.calibration_curve", "only the top class is calibrated yet"),
    ("intervals_95.accuracy.clopper_pearson", "Wilson intervals are shown"),
    ("intervals_95.recall[].clopper_pearson", "Wilson intervals are shown"),
    ("intervals_95.precision[].clopper_pearson", "Wilson intervals are shown"),
    ("class_bias.classes[].mcnemar_exact_p", "tests of bias come with the bias page"),
    ("class_bias.classes[].mcnemar_exact_q_bh", "tests of bias come with the bias page"),
    ("class_bias.classes[].prior_shift", "tests of bias come with the bias page"),
    ("class_bias.classes[].confidence_bias", "needs sums of each class's probability in the tally"),
    ("class_bias.sink_pairs[].p_greater", "tests of bias come with the bias page"),
    ("class_bias.sink_pairs[].q_bh", "tests of bias come with the bias page"),
    ("class_bias.tests_in_pair_family", "tests of bias come with the bias page"),
    ("imbalance", "class weights are not shown"),
    ("undefined", "the reference packages' own words"),
    ("fairness", "groups come with the slices page"),
    ("model_comparison", "comparing two models needs both models' rows"),
    ("label_errors", "label errors need the rows, not counts"),
];

/// Of attractors, the oracle has these; they come with the bias page too.
const LATER_ATTRACTORS: [&str; 6] = [
    "class_bias.classes[].attractor_share",
    "class_bias.classes[].attractor_share_eligible",
    "class_bias.classes[].attractor_expected",
    "class_bias.classes[].attractor_p_greater",
    "class_bias.classes[].attractor_q_bh",
    "class_bias.classes[].eligible_errors",
];

/// One file: its expected values, and which of them were compared.
struct Oracle {
    name: String,
    input: Value,
    expected: Value,
    compared: RefCell<BTreeSet<String>>,
}

impl Oracle {
    fn read(path: &Path) -> Self {
        let mut file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        Self {
            name: file["name"].as_str().unwrap().to_owned(),
            input: file["input"].take(),
            expected: file["expected"].take(),
            compared: RefCell::default(),
        }
    }

    /// The expected value at a path such as `scalars.mcc` or `intervals_95.recall.3.n`, which counts as compared.
    fn at(&self, path: &str) -> &Value {
        let generic = path.split('.').map(|key| if key.parse::<usize>().is_ok() { "[]" } else { key });
        let generic = generic.collect::<Vec<_>>().join(".").replace(".[]", "[]");
        self.compared.borrow_mut().insert(generic);
        let pointer = format!("/{}", path.replace('.', "/"));
        self.expected.pointer(&pointer).unwrap_or_else(|| panic!("{}: no {path}", self.name))
    }

    fn check(&self, path: &str, found: Option<f64>) {
        self.check_scaled(path, 1.0, found);
    }

    fn check_scaled(&self, path: &str, scale: f64, found: Option<f64>) {
        let expected = self.at(path).as_f64().map(|expected| expected * scale);
        self.close(path, expected, found);
    }

    fn close(&self, path: &str, expected: Option<f64>, found: Option<f64>) {
        let close = match (expected, found) {
            (Some(expected), Some(found)) => {
                (expected - found).abs() <= 1e-9 || (expected / found - 1.0).abs() <= 1e-9
            }
            (expected, found) => expected == found,
        };
        assert!(close, "{}: {path}: expected {expected:?}, found {found:?}", self.name);
    }

    fn check_rate(&self, path: &str, rate: Option<Rate>) {
        self.check(&format!("{path}.wilson.0"), rate.map(|rate| rate.low));
        self.check(&format!("{path}.wilson.1"), rate.map(|rate| rate.high));
    }

    /// A rate with the keys `k`, `n`, `rate`, `wilson`; 0 of 0 is `None`.
    fn check_counted_rate(&self, path: &str, rate: Option<Rate>) {
        let counts = rate.map_or((0, 0), |rate| (rate.hits, rate.n));
        assert_eq!(self.at(&format!("{path}.k")).as_u64(), Some(counts.0), "{}: {path}", self.name);
        assert_eq!(self.at(&format!("{path}.n")).as_u64(), Some(counts.1), "{}: {path}", self.name);
        self.check(&format!("{path}.rate"), rate.map(|rate| rate.value));
        match rate {
            Some(_) => self.check_rate(path, rate),
            None => assert!(self.at(&format!("{path}.wilson")).is_null(), "{}: {path}", self.name),
        }
    }

    /// Fails by name on an expected value that was neither compared nor listed as later.
    fn check_nothing_forgotten(&self) {
        let mut leaves = BTreeSet::new();
        collect_leaves(&self.expected, "", &mut leaves);
        let compared = self.compared.borrow();
        for leaf in &leaves {
            let known = later().any(|path| covers(path, leaf))
                || compared.iter().any(|path| path == leaf || path.starts_with(&format!("{leaf}[")));
            assert!(known, "{}: `{leaf}` is neither compared nor listed with a reason", self.name);
        }
    }
}

fn later() -> impl Iterator<Item = &'static str> {
    LATER.iter().map(|(path, _)| *path).chain(LATER_ATTRACTORS)
}

/// Whether a path is the leaf's, or that of something around it.
fn covers(path: &str, leaf: &str) -> bool {
    leaf.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Paths of the values; an array of plain values is one value, and `[]` stands for any index.
fn collect_leaves(value: &Value, path: &str, leaves: &mut BTreeSet<String>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                let dot = if path.is_empty() { "" } else { "." };
                collect_leaves(value, &format!("{path}{dot}{key}"), leaves);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            items.iter().for_each(|item| collect_leaves(item, &format!("{path}[]"), leaves));
        }
        _ => {
            leaves.insert(path.to_owned());
        }
    }
}

fn metrics_folder() -> PathBuf {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    std::env::var_os("TRAINSCOPE_FIXTURES").map_or_else(own, PathBuf::from).join("metrics")
}

fn oracles() -> Vec<Oracle> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(metrics_folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".json"))
        .filter(|path| !path.to_string_lossy().ends_with(".curves.json"))
        .filter(|path| {
            let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
            file["kind"] == "classification"
        })
        .collect();
    paths.sort();
    paths.iter().map(|path| Oracle::read(path)).collect()
}

fn ints(value: &Value) -> Vec<u64> {
    value.as_array().unwrap().iter().map(|value| value.as_u64().unwrap()).collect()
}

fn tally(input: &Value) -> Tally {
    let names = input["class_names"].as_array().unwrap();
    let mut tally = Tally::new(names.iter().map(|name| name.as_str().unwrap().to_owned()).collect());
    let rows = ints(&input["y_true"]).into_iter().zip(ints(&input["y_pred"]));
    for ((label, predicted), row) in rows.zip(input["proba"].as_array().unwrap()) {
        let row: Vec<f64> = row.as_array().unwrap().iter().map(|p| p.as_f64().unwrap()).collect();
        tally.add_row(label as u32, predicted as u32, Some(&row)).unwrap();
    }
    tally
}

fn check_confusion(oracle: &Oracle, found: &Evaluation) {
    let counts: Vec<u64> = oracle.at("confusion.counts").as_array().unwrap().iter().flat_map(ints).collect();
    assert_eq!(found.confusion, counts, "{}: confusion", oracle.name);
    for (key, share) in [("true", Share::OfTrue), ("pred", Share::OfPredicted), ("all", Share::OfAll)] {
        for (cell, value) in confusion_shares(found, share).into_iter().enumerate() {
            let (row, column) = (cell / found.classes.len(), cell % found.classes.len());
            oracle.check(&format!("confusion.{key}.{row}.{column}"), Some(value.unwrap_or(0.0)));
        }
    }
}

fn check_classes(oracle: &Oracle, found: &Evaluation) {
    for (class, row) in found.per_class.iter().enumerate() {
        let rates = [("precision", row.precision), ("recall", row.recall)];
        for (key, rate) in rates {
            let undefined = oracle.at(&format!("per_class.{key}_undefined.{class}")).as_bool().unwrap();
            assert_eq!(undefined, rate.is_none(), "{}: {key} of class {class}", oracle.name);
            let value = rate.map_or(0.0, |rate| rate.value);
            oracle.check(&format!("per_class.{key}.{class}"), Some(value));
            oracle.check_counted_rate(&format!("intervals_95.{key}.{class}"), rate);
        }
        oracle.check(&format!("per_class.f1.{class}"), Some(row.f1.unwrap_or(0.0)));
        oracle.check(&format!("per_class.support.{class}"), Some(row.support as f64));
        let bias = format!("class_bias.classes.{class}");
        oracle.check(&format!("{bias}.class"), Some(class as f64));
        oracle.check(&format!("{bias}.true"), Some(row.support as f64));
        oracle.check(&format!("{bias}.predicted"), Some(row.predicted as f64));
        oracle.check(&format!("{bias}.bias_ratio"), row.predicted_true_ratio);
        let hits = row.recall.map_or(0, |rate| rate.hits);
        oracle.check(&format!("{bias}.missed"), Some((row.support - hits) as f64));
        oracle.check(&format!("{bias}.captured"), Some((row.predicted - hits) as f64));
    }
}

/// scikit-learn gives 0 where the denominator is 0; 0 would read as "no better than chance", so an evaluation has `None`.
fn check_matthews(oracle: &Oracle, found: &Evaluation) {
    let one = |count: fn(&ClassRow) -> u64| found.per_class.iter().filter(|row| count(row) > 0).count() == 1;
    let undefined = one(|row| row.support) || one(|row| row.predicted);
    assert_eq!(found.averages.mcc.is_none(), undefined, "{}: Matthews correlation", oracle.name);
    oracle.check("scalars.mcc", Some(found.averages.mcc.unwrap_or(0.0)));
}

fn check_averages(oracle: &Oracle, found: &Evaluation) {
    let accuracy = found.accuracy.unwrap();
    oracle.check("scalars.accuracy", Some(accuracy.value));
    oracle.check_counted_rate("intervals_95.accuracy", Some(accuracy));
    oracle.check("class_bias.total_errors", Some((accuracy.n - accuracy.hits) as f64));
    oracle.check("scalars.balanced_accuracy", found.averages.macro_recall);
    check_matthews(oracle, found);
    oracle.check("scalars.log_loss", found.log_loss);
    // The oracle's means take 0 for what is undefined, over all classes or over those present or predicted; those of an
    // evaluation leave it out. The sums are the same.
    let count =
        |defined: &dyn Fn(usize) -> bool| (0..found.classes.len()).filter(|c| defined(*c)).count() as f64;
    let rows = &found.per_class;
    let figures = [
        ("precision", found.averages.macro_precision, count(&|c| rows[c].predicted > 0)),
        ("recall", found.averages.macro_recall, count(&|c| rows[c].support > 0)),
        ("f1", found.averages.macro_f1, count(&|c| rows[c].f1.is_some())),
    ];
    let present = count(&|c| rows[c].f1.is_some());
    for (key, mean, defined) in figures {
        oracle.check_scaled(&format!("averages.macro_present_labels.{key}"), present / defined, mean);
        oracle.check_scaled(&format!("averages.macro_all_labels.{key}"), rows.len() as f64 / defined, mean);
    }
}

fn check_confused(oracle: &Oracle, found: &Evaluation) {
    let nonzero = oracle.at("class_bias.sink_pairs_nonzero").as_u64().unwrap() as usize;
    let listed = oracle.at("class_bias.sink_pairs_listed").as_u64().unwrap() as usize;
    assert_eq!(found.confused.len(), nonzero.min(10), "{}: pairs", oracle.name);
    assert_eq!(
        oracle.at("class_bias.sink_pairs").as_array().map(Vec::len),
        Some(listed),
        "{}: pairs",
        oracle.name
    );
    for (place, pair) in found.confused.iter().enumerate().take(listed) {
        let path = format!("class_bias.sink_pairs.{place}");
        oracle.check(&format!("{path}.true"), Some(f64::from(pair.truth)));
        oracle.check(&format!("{path}.pred"), Some(f64::from(pair.predicted)));
        oracle.check(&format!("{path}.count"), Some(pair.rate.hits as f64));
        oracle.check(&format!("{path}.n_true"), Some(pair.rate.n as f64));
        oracle.check(&format!("{path}.rate"), Some(pair.rate.value));
        oracle.check_rate(&path, Some(pair.rate));
    }
}

fn check_calibration(oracle: &Oracle, found: &Evaluation) {
    let calibration = found.calibration.as_ref().unwrap();
    let kinds = oracle.expected["calibration"]["top_label"].as_array().unwrap();
    let kind = kinds.iter().position(|kind| kind["bins"] == 15 && kind["rule"] == "(a,b]").unwrap();
    let path = format!("calibration.top_label.{kind}");
    oracle.check(&format!("{path}.bins"), Some(calibration.bins.len() as f64));
    assert_eq!(oracle.at(&format!("{path}.rule")), "(a,b]");
    oracle.check(&format!("{path}.ece_l1"), Some(calibration.ece));
    oracle.check(&format!("{path}.mce"), Some(calibration.mce));
    for (bin, found) in calibration.bins.iter().enumerate() {
        let edge = |edge| oracle.at(&format!("{path}.edges.{edge}")).as_f64();
        assert_eq!(
            (edge(bin), edge(bin + 1)),
            (Some(found.low), Some(found.high)),
            "{}: {path}",
            oracle.name
        );
        let row = format!("{path}.table.{bin}");
        oracle.check(&format!("{row}.count"), Some(found.accuracy.map_or(0, |rate| rate.n) as f64));
        oracle.check(&format!("{row}.mean_conf"), found.confidence);
        oracle.check(&format!("{row}.accuracy"), found.accuracy.map(|rate| rate.value));
    }
    let table = kinds[kind]["table"].as_array().unwrap();
    let gap = |row: &Value| {
        let gap = row["mean_conf"].as_f64()? - row["accuracy"].as_f64()?;
        Some(gap * row["count"].as_f64()? / found.n as f64)
    };
    let overconfidence = table.iter().filter_map(gap).sum();
    oracle.close("overconfidence", Some(overconfidence), Some(calibration.overconfidence));
}

#[test]
fn every_figure_agrees_with_the_reference_packages() {
    let mut files = 0;
    for mut oracle in oracles() {
        if SKIPPED_FILES.iter().any(|(name, _)| *name == oracle.name) {
            continue;
        }
        assert!(oracle.input["sample_weight"].is_null(), "{}: weighted, yet not in the list", oracle.name);
        let found = tally(&oracle.input).evaluation(&oracle.name, Step(1), Epoch(1));
        check_confusion(&oracle, &found);
        check_classes(&oracle, &found);
        check_averages(&oracle, &found);
        check_confused(&oracle, &found);
        if OTHER_BINS.iter().any(|(name, _)| *name == oracle.name) {
            oracle.expected["calibration"].as_object_mut().unwrap().remove("top_label");
        } else {
            check_calibration(&oracle, &found);
        }
        oracle.check_nothing_forgotten();
        files += 1;
    }
    assert!(files >= 20, "expected at least 20 files in {}, found {files}", metrics_folder().display());
}

#[test]
fn intervals_of_groups_agree() {
    let mut compared = 0;
    for oracle in oracles() {
        let groups = oracle.expected.pointer("/fairness/groups").and_then(Value::as_array).cloned();
        for group in 0..groups.unwrap_or_default().len() {
            let path = format!("fairness.groups.{group}.ci95");
            let counts = (oracle.at(&format!("{path}.k")).as_u64(), oracle.at(&format!("{path}.n")).as_u64());
            oracle.check_counted_rate(&path, wilson(counts.0.unwrap(), counts.1.unwrap()));
            compared += 1;
        }
    }
    assert!(compared >= 10, "expected the accuracy of at least 10 groups, found {compared}");
}

#[test]
fn every_reason_is_still_needed() {
    let mut leaves = BTreeSet::new();
    oracles().iter().for_each(|oracle| collect_leaves(&oracle.expected, "", &mut leaves));
    for path in later() {
        assert!(leaves.iter().any(|leaf| covers(path, leaf)), "`{path}` is listed, and no file has it");
    }
}
