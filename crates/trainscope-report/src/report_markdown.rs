//! `report.md`: the report for people. Answer first, then figures, tables, methods, and what could not be recorded.

use std::fmt::Write as _;

use trainscope_plot::number::{fixed, grouped, percent, value};
use trainscope_schema::{
    Calibration, CalibrationBin, ClassRow, Evaluation, NoteLevel, Rate, RunState, SeriesIndex,
};

use crate::markdown::{escape, table, without_breaks};
use crate::report_files::{Figures, NamedFigure};
use crate::report_input::{ReportInput, ReportSeries};
use crate::verdict::{rate_text, verdict};

/// Rows of a table before it says how many more there are.
const MOST_ROWS: usize = 100;

/// The text of `report.md`.
pub fn markdown(input: &ReportInput, figures: &Figures) -> String {
    let mut out = format!("# {}\n\n**{}**\n", escape(&input.run_name), escape(&verdict(input)));
    figure_section(&mut out, figures);
    if let Some(evaluation) = input.subject() {
        scores_section(&mut out, evaluation);
        classes_section(&mut out, evaluation);
        pairs_section(&mut out, evaluation);
    }
    history_section(&mut out, input);
    series_section(&mut out, input);
    model_section(&mut out, input);
    config_section(&mut out, input);
    notes_section(&mut out, input);
    methods_section(&mut out, input);
    recording_section(&mut out, input);
    out
}

fn figure_section(out: &mut String, figures: &Figures) {
    section(out, "Figures");
    let block = |named: &NamedFigure| {
        let (name, title) = (named.name, escape(&named.figure.title));
        format!("![{}]({name}.png)\n\n{title} ([SVG]({name}.svg))\n", without_breaks(&title))
    };
    let blocks: Vec<String> = figures.drawn.iter().map(block).collect();
    out.push_str(&blocks.join("\n"));
    if !(blocks.is_empty() || figures.missing.is_empty()) {
        out.push('\n');
    }
    for sentence in &figures.missing {
        let _ = writeln!(out, "* Not drawn: {sentence}");
    }
}

fn scores_section(out: &mut String, evaluation: &Evaluation) {
    section(out, &format!("Scores on {}, n = {}", escape(&evaluation.split), grouped(evaluation.n)));
    let score = |score: Option<f64>| score.map_or_else(undefined, |score| fixed(score, 4));
    let averages = &evaluation.averages;
    let calibration = evaluation.calibration.as_ref();
    let rows = [
        ("accuracy", evaluation.accuracy.map_or_else(undefined, rate_text)),
        ("macro recall (balanced accuracy)", score(averages.macro_recall)),
        ("macro precision", score(averages.macro_precision)),
        ("macro F1", score(averages.macro_f1)),
        ("Matthews correlation", score(averages.mcc)),
        ("log-loss, nats", score(evaluation.log_loss)),
        ("expected calibration error", score(calibration.map(|calibration| calibration.ece))),
        ("largest calibration error of a bin of 5 rows or more", largest_gap(calibration)),
    ];
    out.push_str(&table(&["score", "value"], 1, rows.map(|(name, value)| vec![name.to_owned(), value])));
    if evaluation.bad_probability_rows > 0 {
        let bad = grouped(evaluation.bad_probability_rows);
        let _ = writeln!(
            out,
            "\n{bad} rows had probabilities that are no probabilities; log-loss and calibration leave them out."
        );
    }
}

/// The largest difference of share correct and confidence, with its bin's rows. One row can be off by nearly 1: bins of
/// fewer than 5 rows, which have no dot in the figure either, say nothing.
fn largest_gap(calibration: Option<&Calibration>) -> String {
    let bins = calibration.map_or(&[][..], |calibration| &calibration.bins);
    let gap = |bin: &CalibrationBin| {
        let (confidence, accuracy) = (bin.confidence?, bin.accuracy.filter(|rate| rate.n >= 5)?);
        Some(((confidence - accuracy.value).abs(), accuracy.n))
    };
    let largest = bins.iter().filter_map(gap).max_by(|a, b| a.0.total_cmp(&b.0));
    largest.map_or_else(undefined, |(gap, n)| format!("{} (n = {})", fixed(gap, 4), grouped(n)))
}

fn classes_section(out: &mut String, evaluation: &Evaluation) {
    section(out, "Classes");
    if evaluation.per_class.is_empty() {
        out.push_str("There are none.\n");
        return;
    }
    let interval = |rate: Option<Rate>| {
        rate.map_or_else(undefined, |rate| {
            format!("{} [{}, {}]", percent(rate.value, 1), percent(rate.low, 1), percent(rate.high, 1))
        })
    };
    let row = |class: &ClassRow| {
        vec![
            escape(&class.name),
            grouped(class.support),
            interval(class.precision),
            interval(class.recall),
            class.f1.map_or_else(undefined, |f1| fixed(f1, 3)),
            class.predicted_true_ratio.map_or_else(undefined, |ratio| fixed(ratio, 2)),
        ]
    };
    let head = ["class", "n", "precision, %", "recall, %", "F1", "predicted / true"];
    out.push_str(&table(&head, 1, evaluation.per_class.iter().take(MOST_ROWS).map(row)));
    more(out, evaluation.per_class.len());
    out.push_str("\nIn brackets: Wilson 95\u{a0}% interval. n: rows of the class; precision counts over the rows predicted as it.\n");
}

fn pairs_section(out: &mut String, evaluation: &Evaluation) {
    section(out, "Most confused pairs");
    let name = |class: u32| {
        evaluation.classes.get(class as usize).map_or_else(|| class.to_string(), |name| escape(name))
    };
    let rows = evaluation.confused.iter().map(|pair| {
        let rate = pair.rate;
        vec![
            name(pair.truth),
            name(pair.predicted),
            format!("{} of {}", grouped(rate.hits), grouped(rate.n)),
            format!("{} [{}, {}]", percent(rate.value, 1), percent(rate.low, 1), percent(rate.high, 1)),
        ]
    });
    match evaluation.confused.is_empty() {
        true => out.push_str("No pair was confused.\n"),
        false => {
            out.push_str(&table(&["true class", "predicted class", "rows", "%, Wilson 95\u{a0}%"], 2, rows));
        }
    }
}

fn history_section(out: &mut String, input: &ReportInput) {
    if input.evaluations.len() < 2 {
        return;
    }
    section(out, "Evaluations");
    let row = |evaluation: &Evaluation| {
        vec![
            escape(&evaluation.split),
            evaluation.epoch.0.to_string(),
            grouped(evaluation.n),
            evaluation.accuracy.map_or_else(undefined, |rate| percent(rate.value, 1)),
            evaluation.averages.macro_f1.map_or_else(undefined, |f1| fixed(f1, 3)),
            evaluation.log_loss.map_or_else(undefined, value),
        ]
    };
    let skipped = input.evaluations.len().saturating_sub(MOST_ROWS);
    let rows = input.evaluations.iter().skip(skipped).map(row);
    out.push_str(&table(&["split", "epoch", "n", "accuracy, %", "macro F1", "log-loss"], 1, rows));
    match skipped {
        0 => {}
        1 => out.push_str("\nThe first one is in report.json.\n"),
        n => {
            let _ = writeln!(out, "\nThe first {} are in report.json.", grouped(n as u64));
        }
    }
}

fn series_section(out: &mut String, input: &ReportInput) {
    section(out, "Series");
    if input.series.is_empty() {
        out.push_str("The run recorded none.\n");
        return;
    }
    let row = |series: &ReportSeries| {
        let finite = || series.points.iter().map(|(_, value)| *value).filter(|value| value.is_finite());
        let extreme = |fold: fn(f64, f64) -> f64| finite().reduce(fold).map_or_else(undefined, value);
        let index = if series.index == SeriesIndex::Epoch { "epoch" } else { "step" };
        vec![
            escape(&series.name),
            index.to_owned(),
            grouped(series.points.len() as u64),
            series.points.last().map_or_else(undefined, |(_, last)| value(*last)),
            extreme(f64::min),
            extreme(f64::max),
            grouped((series.points.len() - finite().count()) as u64),
        ]
    };
    let head = ["series", "per", "points", "last", "lowest", "highest", "NaN or ∞"];
    out.push_str(&table(&head, 2, input.series.iter().take(MOST_ROWS).map(row)));
    more(out, input.series.len());
}

fn model_section(out: &mut String, input: &ReportInput) {
    let Some(model) = &input.model else { return };
    section(out, "Model");
    let row = |layer: &trainscope_schema::LayerSummary| {
        let shape: Vec<String> = layer.output_shape.iter().map(u32::to_string).collect();
        vec![escape(&layer.name), escape(&layer.kind), shape.join(" × "), grouped(layer.parameters)]
    };
    let rows = model.layers.iter().take(MOST_ROWS).map(row);
    out.push_str(&table(&["layer", "kind", "output", "parameters"], 2, rows));
    more(out, model.layers.len());
    let parameters = model.layers.iter().fold(0u64, |sum, layer| sum.saturating_add(layer.parameters));
    let _ = writeln!(out, "\n{} parameters in all.", grouped(parameters));
}

fn config_section(out: &mut String, input: &ReportInput) {
    section(out, "Configuration");
    if input.config.is_empty() {
        out.push_str("The run recorded none.\n");
        return;
    }
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let rows = input.config.iter().map(|(key, value)| vec![escape(key), escape(&text(value))]);
    out.push_str(&table(&["setting", "value"], 2, rows));
}

fn notes_section(out: &mut String, input: &ReportInput) {
    if input.notes.is_empty() {
        return;
    }
    section(out, "Notes");
    for note in input.notes.iter().take(MOST_ROWS) {
        let level = if note.level == NoteLevel::Warning { "Warning, step" } else { "Step" };
        let _ = writeln!(out, "* {level} {}: {}", grouped(note.step.0), escape(&note.text));
    }
    more(out, input.notes.len());
}

fn methods_section(out: &mut String, input: &ReportInput) {
    section(out, "Methods");
    out.push_str(
        "* Intervals of accuracy, precision, recall and confusion rates: Wilson score, 95\u{a0}%, without continuity \
         correction.\n\
         * Macro averages: macro recall is the mean over the classes present, macro precision over the classes predicted, \
         macro F1 over the classes present or predicted. A class that is absent but predicted has an F1 of 0.\n\
         * Matthews correlation: the form for K classes (R_K); undefined when one class only is present or predicted.\n\
         * Predicted / true: rows predicted as the class over rows of the class; 1 is unbiased.\n",
    );
    if let Some(calibration) = input.subject().and_then(|evaluation| evaluation.calibration.as_ref()) {
        let _ = writeln!(
            out,
            "* Calibration: confidence of the predicted class in {} bins of equal width, (a, b\\]; ECE is the mean over rows of \
             \\|accuracy − confidence\\| of their bin.",
            calibration.bins.len(),
        );
    }
}

fn recording_section(out: &mut String, input: &ReportInput) {
    section(out, "What could not be recorded");
    // The counters do not know why: a full queue, a full disk and a record too long look alike.
    let health = &input.health;
    let losses = [
        (health.scalars_lost > 0).then(|| {
            let (lost, written) = (grouped(health.scalars_lost), grouped(health.scalars_written));
            format!("Points lost: {lost}; {written} were written.")
        }),
        (health.records_lost > 0).then(|| {
            format!("Other records (tensors, predictions, notes) lost: {}.", grouped(health.records_lost))
        }),
        damage(input),
        (input.unreadable_points > 0).then(|| {
            format!("Points in the log whose series is unknown: {}.", grouped(input.unreadable_points))
        }),
    ];
    for loss in losses.iter().flatten() {
        let _ = writeln!(out, "* {loss}");
    }
    if losses.iter().all(Option::is_none) {
        out.push_str(match input.state {
            RunState::Finished => {
                "Nothing is missing: no point or record was lost, and no part of the log is damaged.\n"
            }
            _ => "No point or record is known to be lost, and no part of the log is damaged.\n",
        });
    }
    if input.state == RunState::Interrupted {
        out.push_str(
            "\nThe run was interrupted: the last moments before its end may be missing (normally up to 50 ms when a process \
             is killed).\n",
        );
    }
}

/// What is damaged in the log; `None` when nothing is.
fn damage(input: &ReportInput) -> Option<String> {
    let (stretches, frames) = (u64::from(input.damaged_stretches), input.missing_frames);
    let bytes = format!("{} bytes skipped", grouped(input.damaged_bytes));
    let frames_text = format!(", {} frames missing by their numbers", grouped(frames));
    (stretches > 0 || frames > 0).then(|| {
        format!(
            "Damaged places in the log: {} ({bytes}{}).",
            grouped(stretches),
            if frames > 0 { frames_text.as_str() } else { "" }
        )
    })
}

fn section(out: &mut String, title: &str) {
    let _ = writeln!(out, "\n## {title}\n");
}

fn more(out: &mut String, len: usize) {
    if len > MOST_ROWS {
        let _ = writeln!(out, "\nAnd {} more: see report.json.", grouped((len - MOST_ROWS) as u64));
    }
}

fn undefined() -> String {
    "–".into()
}
