//! Whole reports: of a good run, and of runs that lack everything.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json as value};
use trainscope_schema::{
    Averages, Calibration, CalibrationBin, ClassRow, ConfusedPair, Epoch, Evaluation, Health, LayerSummary,
    ModelSummary, Note, NoteLevel, Rate, RunState, SeriesIndex, Step,
};

use crate::report_files::{FIGURE_ENDINGS, FIGURE_NAMES, figures};
use crate::report_json::json;
use crate::report_markdown::markdown;
use crate::{REPORT_SCHEMA, ReportFile, ReportInput, ReportSeries, report, write_report};

/// Wilson 95 %.
fn rate(hits: u64, n: u64) -> Rate {
    let (z, p, rows) = (1.959_963_984_540_054_f64, hits as f64 / n as f64, n as f64);
    let centre = (p + z * z / 2.0 / rows) / (1.0 + z * z / rows);
    let half = z / (1.0 + z * z / rows) * (p * (1.0 - p) / rows + z * z / 4.0 / rows / rows).sqrt();
    Rate { value: p, low: (centre - half).max(0.0), high: (centre + half).min(1.0), hits, n }
}

fn evaluation(split: &str, epoch: u32, names: &[&str], confusion: &[u64]) -> Evaluation {
    let k = names.len();
    let n: u64 = confusion.iter().sum();
    let support = |class: usize| confusion[class * k..(class + 1) * k].iter().sum::<u64>();
    let predicted = |class: usize| confusion.iter().skip(class).step_by(k).sum::<u64>();
    let class = |(class, name): (usize, &&str)| {
        let hits = confusion[class * k + class];
        let (support, predicted) = (support(class), predicted(class));
        ClassRow {
            name: (*name).to_owned(),
            support,
            predicted,
            precision: (predicted > 0).then(|| rate(hits, predicted)),
            recall: (support > 0).then(|| rate(hits, support)),
            f1: (support + predicted > 0).then(|| 2.0 * hits as f64 / (support + predicted) as f64),
            predicted_true_ratio: (support > 0).then(|| predicted as f64 / support as f64),
        }
    };
    let pair = |cell: usize| ConfusedPair {
        truth: (cell / k) as u32,
        predicted: (cell % k) as u32,
        rate: rate(confusion[cell], support(cell / k)),
    };
    let mut confused: Vec<ConfusedPair> =
        (0..k * k).filter(|cell| cell / k != cell % k && confusion[*cell] > 0).map(pair).collect();
    confused.sort_by_key(|pair| std::cmp::Reverse(pair.rate.hits));
    let hits = (0..k).map(|class| confusion[class * k + class]).sum();
    Evaluation {
        split: split.into(),
        step: Step(u64::from(epoch) * 45),
        epoch: Epoch(epoch),
        n,
        classes: names.iter().map(|name| (*name).to_owned()).collect(),
        confusion: confusion.to_vec(),
        accuracy: (n > 0).then(|| rate(hits, n)),
        log_loss: Some(0.1),
        averages: Averages { macro_f1: Some(0.9), ..Averages::default() },
        per_class: names.iter().enumerate().map(class).collect(),
        confused,
        calibration: None,
        bad_probability_rows: 0,
    }
}

fn calibration() -> Calibration {
    let bin = |i: u32| CalibrationBin {
        low: f64::from(i) / 10.0,
        high: f64::from(i + 1) / 10.0,
        confidence: (i > 4).then(|| f64::from(i) / 10.0 + 0.06),
        accuracy: (i > 4).then(|| rate(u64::from(i) * 4, 40)),
    };
    Calibration { bins: (0..10).map(bin).collect(), ece: 0.0131, mce: 0.04, overconfidence: 0.0123 }
}

fn series(name: &str, index: SeriesIndex, values: &[f64]) -> ReportSeries {
    let points = values.iter().enumerate().map(|(i, value)| (i as u64 + 1, *value)).collect();
    ReportSeries { name: name.into(), index, points }
}

fn empty() -> ReportInput {
    ReportInput {
        run_name: "digits".into(),
        run_id: "00000000000000aa".into(),
        config: BTreeMap::new(),
        state: RunState::Finished,
        series: Vec::new(),
        evaluations: Vec::new(),
        model: None,
        notes: Vec::new(),
        health: Health::default(),
        damaged_stretches: 0,
        damaged_bytes: 0,
        missing_frames: 0,
        unreadable_points: 0,
        step: Step(450),
        epoch: Epoch(10),
    }
}

fn good() -> ReportInput {
    let names = ["cat", "dog", "8"];
    let mut test = evaluation("test", 10, &names, &[90, 6, 4, 2, 95, 12, 1, 2, 97]);
    test.calibration = Some(calibration());
    let validation = evaluation("validation", 9, &names, &[9, 1, 0, 0, 9, 1, 0, 0, 10]);
    let mut input = empty();
    input.config =
        BTreeMap::from([("learning_rate".into(), value!(0.001)), ("note|x".into(), value!("<b>\nbold</b>"))]);
    input.series = vec![
        series("train/loss", SeriesIndex::Step, &[2.3, 1.0, 0.7]),
        series("train/epoch_loss", SeriesIndex::Epoch, &[1.0, 0.3, 0.1]),
        series("validation/epoch_loss", SeriesIndex::Epoch, &[0.9, 0.0811, 0.12]),
        series("validation/epoch_accuracy", SeriesIndex::Epoch, &[0.8, 0.97, 0.96]),
    ];
    input.evaluations = vec![validation, test];
    let layer = LayerSummary {
        name: "conv1".into(),
        kind: "Conv2d 3×3, relu".into(),
        output_shape: vec![16, 6, 6],
        parameters: 160,
    };
    input.model = Some(ModelSummary { layers: vec![layer] });
    input.notes =
        vec![Note { level: NoteLevel::Warning, step: Step(12), text: "<script>alert(1)</script>".into() }];
    input
}

/// The report without its pictures, which take their time to draw in tests.
fn texts(input: &ReportInput) -> Vec<ReportFile> {
    let figures = figures(input);
    let file = |name: &str, text: String| ReportFile { name: name.into(), bytes: text.into_bytes() };
    vec![file("report.md", markdown(input, &figures)), file("report.json", json(input, &figures))]
}

fn text(files: &[ReportFile], name: &str) -> String {
    let file = files.iter().find(|file| file.name == name);
    let bytes = &file.unwrap_or_else(|| panic!("no {name} in {:?}", names(files))).bytes;
    String::from_utf8(bytes.clone()).unwrap().replace('\u{a0}', " ")
}

fn names(files: &[ReportFile]) -> Vec<&str> {
    files.iter().map(|file| file.name.as_str()).collect()
}

fn title(evaluation: Evaluation, figure: &str) -> String {
    let mut input = empty();
    input.evaluations = vec![evaluation];
    let json: Value = serde_json::from_str(&text(&texts(&input), "report.json")).unwrap();
    let figures = json["figures"].as_array().unwrap();
    figures.iter().find(|found| found["name"] == figure).unwrap()["title"]
        .as_str()
        .unwrap()
        .replace('\u{a0}', " ")
}

#[test]
fn a_good_run_has_five_figures_and_two_texts_and_the_same_bytes_twice() {
    let files = report(&good()).unwrap();
    let expected = "loss.svg loss.png accuracy.svg accuracy.png confusion.svg confusion.png class-intervals.svg \
                    class-intervals.png calibration.svg calibration.png report.md report.json";
    assert_eq!(names(&files).join(" "), expected);
    let figures =
        FIGURE_NAMES.iter().flat_map(|name| FIGURE_ENDINGS.map(|ending| format!("{name}.{ending}")));
    assert!(
        figures.eq(names(&files)[..10].iter().map(|name| (*name).to_owned())),
        "writing removes these names"
    );
    assert_eq!(files, report(&good()).unwrap());
    let png = files.iter().filter(|file| file.name.ends_with(".png"));
    assert!(png.into_iter().all(|file| file.bytes.starts_with(b"\x89PNG")));
}

#[test]
fn the_markdown_is_its_golden() {
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("goldens");
    let files = texts(&good());
    for name in ["report.md", "report.json"] {
        let bytes = &files.iter().find(|file| file.name == name).unwrap().bytes;
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(&golden).unwrap();
            std::fs::write(golden.join(name), bytes).unwrap();
        }
        let committed = std::fs::read(golden.join(name)).unwrap_or_default();
        assert!(
            committed == *bytes,
            "{name} changed: look at it, then UPDATE=1 cargo test -p trainscope-report"
        );
    }
}

#[test]
fn the_answer_comes_first() {
    let markdown = text(&texts(&good()), "report.md");
    let answer = "**Accuracy 91.3 % (Wilson 95 %: 87.6 to 93.9) on test, n = 309, after epoch 10; “dog” has the lowest F1, \
                  0.896. The run finished.**";
    assert_eq!(markdown.lines().nth(2).unwrap(), answer);
    assert!(
        markdown.contains("![Validation loss is lowest at epoch 2, 0.081; it ends at 0.120](loss.png)"),
        "{markdown}"
    );
    assert!(
        markdown
            .contains("Class 8 takes 16 of the 27 errors; “dog” → 8 is the largest rate, 11.0 % (12 of 109)"),
        "{markdown}"
    );
    assert!(markdown.contains("Overconfident by 1.2 points: ECE 0.013"), "{markdown}");
    assert!(!markdown.contains("<script>") && !markdown.contains("<b>"), "{markdown}");
    assert!(markdown.contains("| note\\|x | &lt;b&gt; bold&lt;/b&gt; |"), "{markdown}");
}

#[test]
fn the_json_keeps_full_precision_and_its_version() {
    let json: Value = serde_json::from_str(&text(&texts(&good()), "report.json")).unwrap();
    assert_eq!(json["schema"], REPORT_SCHEMA);
    assert_eq!(json["subject"], 1);
    assert_eq!(json["series"][2]["lowest"], value!({"index": 2, "value": 0.0811}));
    assert_eq!(json["evaluations"][1]["accuracy"]["value"], value!(282.0 / 309.0));
}

#[test]
fn nan_stands_in_json_as_a_word_and_in_the_verdict() {
    let mut input = good();
    input.series[1] = series("train/epoch_loss", SeriesIndex::Epoch, &[1.0, f64::NAN, f64::NAN]);
    input.evaluations[1].log_loss = Some(f64::NAN);
    let files = texts(&input);
    let json: Value = serde_json::from_str(&text(&files, "report.json")).unwrap();
    assert_eq!(json["series"][1]["last"]["value"], "NaN");
    assert_eq!(json["series"][1]["nonfinite"], 2);
    assert_eq!(json["evaluations"][1]["log_loss"], "NaN");
    assert!(text(&files, "report.md").contains("**Training loss is NaN from epoch 2. Accuracy"));
}

#[test]
fn an_empty_run_says_what_it_lacks() {
    let files = report(&empty()).unwrap();
    assert_eq!(names(&files), ["report.md", "report.json"]);
    let markdown = text(&files, "report.md");
    for sentence in [
        "**Nothing that could be judged was recorded. The run finished.**",
        "* Not drawn: loss: the run has no series of it.",
        "* Not drawn: confusion, class-intervals, calibration: the run has no evaluation.",
        "Nothing is missing: no point or record was lost",
    ] {
        assert!(markdown.contains(sentence), "{sentence} is not in\n{markdown}");
    }
}

#[test]
fn per_batch_series_stand_in_where_there_are_none_per_epoch() {
    let mut input = empty();
    input.series = vec![series("train/loss", SeriesIndex::Step, &[2.3, 1.0, 0.7])];
    let files = report(&input).unwrap();
    let figure = text(&files, "loss.svg");
    assert!(figure.contains("Training loss per batch goes from 2.300 to 0.700"), "{figure}");
    assert!(figure.contains(">step<"), "{figure}");
}

#[test]
fn losses_and_damage_are_counted() {
    let mut input = good();
    input.health = Health { scalars_written: 90_000, scalars_lost: 12, records_lost: 3, ..Health::default() };
    (input.damaged_stretches, input.damaged_bytes, input.state) = (1, 4096, RunState::Interrupted);
    (input.missing_frames, input.unreadable_points) = (2, 1234);
    let files = texts(&input);
    let json: Value = serde_json::from_str(&text(&files, "report.json")).unwrap();
    assert_eq!(json["recording"]["missing_frames"], 2);
    assert_eq!(json["recording"]["unreadable_points"], 1234);
    let markdown = text(&files, "report.md");
    for sentence in [
        "* Points lost: 12; 90 000 were written.",
        "* Other records (tensors, predictions, notes) lost: 3.",
        "* Damaged places in the log: 1 (4 096 bytes skipped, 2 frames missing by their numbers).",
        "* Points in the log whose series is unknown: 1 234.",
        "The run was interrupted: the last moments before its end may be missing (normally up to 50 ms",
        "The run was interrupted: its log has no end.",
    ] {
        assert!(markdown.contains(sentence), "{sentence} is not in\n{markdown}");
    }
}

#[test]
fn only_a_finished_run_misses_nothing() {
    let recording = |state: RunState| {
        let input = ReportInput { state, ..empty() };
        let markdown = text(&texts(&input), "report.md");
        markdown.split_once("## What could not be recorded\n\n").unwrap().1.to_owned()
    };
    let known = "No point or record is known to be lost, and no part of the log is damaged.\n";
    let finished = recording(RunState::Finished);
    assert!(finished.starts_with("Nothing is missing") && !finished.contains("interrupted"), "{finished}");
    assert_eq!(recording(RunState::Failed), known);
    assert_eq!(recording(RunState::Live), known);
    let interrupted = recording(RunState::Interrupted);
    assert!(
        interrupted.starts_with(known) && interrupted.contains("\n\nThe run was interrupted"),
        "{interrupted}"
    );
}

#[test]
fn each_figure_is_a_block_of_its_own() {
    let markdown = text(&texts(&good()), "report.md");
    let lines: Vec<&str> = markdown.lines().collect();
    let pictures: Vec<usize> = (0..lines.len()).filter(|i| lines[*i].starts_with("![")).collect();
    assert_eq!(pictures.len(), 5);
    for at in pictures {
        assert_eq!([lines[at - 1], lines[at + 1], lines[at + 3]], [""; 3], "around {}", lines[at]);
    }
}

#[test]
fn a_thousand_classes_have_their_title() {
    let k = 1000;
    let mut confusion = vec![1; k * k];
    (confusion[7 * k + 3], confusion[9 * k + 3]) = (1000, 500);
    let names: Vec<String> = (0..k).map(|class| class.to_string()).collect();
    let mut large = evaluation("test", 1, &["a"], &[1]);
    (large.n, large.classes, large.confusion) = (confusion.iter().sum(), names, confusion);
    let title = crate::evaluation_figures::confusion(&empty(), &large).title.replace('\u{a0}', " ");
    let expected =
        "Class 3 takes 2 497 of the 1 000 498 errors; 7 → 3 is the largest rate, 50.0 % (1 000 of 1 999)";
    assert_eq!(title, expected);
}

#[test]
fn titles_of_odd_evaluations_are_honest() {
    let check = |names: &[&str], confusion: &[u64], figure: &str, expected: &str| {
        assert_eq!(title(evaluation("test", 1, names, confusion), figure), expected);
    };
    check(&["a", "b"], &[5, 0, 0, 7], "confusion", "No errors in 12 rows");
    check(&["a", "b"], &[5, 0, 0, 7], "class-intervals", "Every class has precision and recall of 100 %");
    check(&["a", "b"], &[5, 1, 0, 7], "confusion", "1 error in 13 rows: “a” taken for “b”");
    check(&["a"], &[5], "confusion", "Only one class, “a”: nothing can be confused");
    check(&["a", "b"], &[0; 4], "confusion", "No rows were evaluated");
    check(&["a", "b"], &[0; 4], "class-intervals", "No class was present");
    check(&[], &[], "confusion", "No rows were evaluated");
    check(
        &["1", "2", "3"],
        &[5, 5, 0, 0, 10, 0, 0, 0, 0],
        "class-intervals",
        "Class 2 has the lowest precision, 66.7 %; class 1 the lowest recall, 50.0 %; 1 class is absent",
    );
}

#[test]
fn the_subject_is_test_then_validation_then_the_latest() {
    let with = |splits: &[&str]| {
        let mut input = empty();
        input.evaluations = splits.iter().map(|split| evaluation(split, 1, &["a"], &[1])).collect();
        input.subject().map(|subject| subject.split.clone()).unwrap()
    };
    assert_eq!(with(&["test", "validation", "train"]), "test");
    assert_eq!(with(&["validation", "train"]), "validation");
    assert_eq!(with(&["mine", "yours"]), "yours");
}

#[test]
fn a_report_is_written_whole() {
    let dir = tempfile::tempdir().unwrap();
    let files = texts(&good());
    write_report(dir.path(), &files).unwrap();
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), files.len());
}

#[test]
fn ties_are_told_as_ties() {
    let check = |confusion: &[u64], figure: &str, expected: &str| {
        assert_eq!(title(evaluation("test", 1, &["1", "4", "7"], confusion), figure), expected);
    };
    check(
        &[8, 2, 0, 2, 8, 0, 0, 0, 10],
        "confusion",
        "Classes 1 and 4 take 2 each of the 4 errors; 1 → 4 and 4 → 1 are the largest rates, 20.0 % each",
    );
    check(
        &[8, 1, 1, 1, 8, 1, 1, 1, 8],
        "confusion",
        "Classes 1, 4 and 7 take 2 each of the 6 errors; 6 pairs have the largest rate, 10.0 % each",
    );
    check(
        &[8, 2, 0, 2, 8, 0, 0, 0, 10],
        "class-intervals",
        "Classes 1 and 4 have the lowest precision, 80.0 %, and the lowest recall, 80.0 %",
    );
}

#[test]
fn a_class_that_is_only_predicted_is_lowest_in_nothing() {
    let few = evaluation("test", 1, &["0", "1", "2"], &[4, 1, 0, 0, 0, 0, 1, 0, 5]);
    let mut input = empty();
    input.evaluations = vec![few.clone()];
    assert_eq!(
        title(few, "class-intervals"),
        "Class 0 has the lowest precision, 80.0 %, and the lowest recall, 80.0 %; 1 class is absent"
    );
    let markdown = text(&texts(&input), "report.md");
    assert!(markdown.contains("class 0 has the lowest F1, 0.800"), "{markdown}");
    assert!(markdown.contains("macro precision over the classes predicted"), "{markdown}");
}

#[test]
fn footers_tell_what_is_drawn() {
    let mut input = good();
    (input.epoch, input.step) = (Epoch(4502), Step(184_563));
    let sources: Vec<String> = figures(&input).drawn.into_iter().map(|named| named.figure.source).collect();
    assert_eq!(sources[..2], ["digits · epoch 3", "digits · epoch 3"]);
    assert!(
        sources[2..].iter().all(|source| source.starts_with("digits · epoch 10 · step 450 · ")),
        "{sources:?}"
    );
}

#[test]
fn one_loss_of_zero_keeps_the_logarithmic_axis() {
    let drawn = |values: &[f64]| {
        let mut input = empty();
        input.series = vec![series("train/epoch_loss", SeriesIndex::Epoch, values)];
        let figure = figures(&input).drawn.remove(0).figure;
        (figure.subtitle.contains("logarithmic"), trainscope_plot::svg(&figure))
    };
    let (log, svg) = drawn(&[2.0, 0.5, 0.0, 0.1]);
    assert!(log && svg.contains("not drawn: 1 value of 0 or below"), "{svg}");
    assert!(!drawn(&[2.0, 0.5, 0.2]).0, "one decade or less is linear");
    assert!(!drawn(&[2.0, 0.0, 0.0]).0, "a single positive value spans nothing");
    assert!(!drawn(&[2.0, 0.1, -0.5, -2.0]).0, "a negative loss is no ratio");
}

#[test]
fn only_the_latest_evaluation_of_a_split_is_whole() {
    let mut input = good();
    let earlier = (1..=1000).map(|epoch| evaluation("validation", epoch, &["cat", "dog"], &[9, 1, 0, 10]));
    input.evaluations.splice(0..0, earlier);
    input.evaluations[1].averages.mcc = Some(f64::NAN);
    let files = texts(&input);
    let json = text(&files, "report.json");
    assert!(json.len() < 400_000, "{} bytes", json.len());
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["evaluations"].as_array().unwrap().len(), 2);
    assert_eq!(json["subject"], 1);
    assert_eq!(json["evaluations"][1]["split"], "test");
    let rows = json["earlier_evaluations"].as_array().unwrap();
    assert_eq!(rows.len(), 1000);
    let first = value!({"epoch": 1, "step": 45, "split": "validation", "n": 20, "accuracy": 0.95, "macro_f1": 0.9,
        "mcc": null, "log_loss": 0.1, "ece": null});
    assert_eq!(rows[0], first);
    assert_eq!(rows[1]["mcc"], "NaN");
    assert!(text(&files, "report.md").contains("The first 902 are in report.json."));
}

#[test]
fn small_numbers_are_no_headlines() {
    let judged = |overconfidence: f64| {
        let mut test = evaluation("test", 1, &["a", "b"], &[5, 1, 0, 7]);
        test.calibration = Some(Calibration { overconfidence, ..calibration() });
        title(test, "calibration")
    };
    assert_eq!(judged(0.003), "Calibrated within 0.3 points on average: ECE 0.013");
    assert_eq!(judged(-0.0034), "Calibrated within 0.4 points on average: ECE 0.013");
    assert_eq!(judged(-0.021), "Underconfident by 2.1 points: ECE 0.013");
    let mut input = good();
    let bins = &mut input.evaluations[1].calibration.as_mut().unwrap().bins;
    (bins[0].confidence, bins[0].accuracy) = (Some(0.05), Some(rate(2, 2)));
    let markdown = text(&texts(&input), "report.md");
    let row = "| largest calibration error of a bin of 5 rows or more | 0.0600 (n = 40) |";
    assert!(markdown.contains(row), "{markdown}");
    input.evaluations.splice(0..0, std::iter::repeat_n(input.evaluations[0].clone(), 99));
    assert!(text(&texts(&input), "report.md").contains("\nThe first one is in report.json.\n"));
}
