//! `report.json`: the report for programs, in full precision.
//!
//! Keys of [`REPORT_SCHEMA`]: `schema`; `run` (`id`, `name`, `state`, `step`, `epoch`); `verdict` (a sentence);
//! `config`; `series` (for each: `name`, `index`, `points`, `nonfinite`, and `last`, `lowest`, `highest` as
//! `{index, value}` or null); `evaluations` (the latest of each split, each as in the schema's `Evaluation`);
//! `subject` (position in them of the one that the figures show, or null); `earlier_evaluations` (all others in their
//! order, each as `epoch`, `step`, `split`, `n`, `accuracy`, `macro_f1`, `mcc`, `log_loss`, `ece`, the scores as numbers
//! or null); `figures` (`name`, `title`, `files`); `missing` (sentences); `model`; `notes`;
//! `recording` (`scalars_written`, `scalars_lost`, `records_lost`, `damaged_stretches`, `damaged_bytes`, and, when
//! they are not 0, `missing_frames`, `unreadable_points`).
//! Shares are from 0 to 1. What is undefined is null; NaN and infinities are `"NaN"`, `"Infinity"`, `"-Infinity"`.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use trainscope_schema::{Evaluation, Num};

use crate::report_files::Figures;
use crate::report_input::{ReportInput, ReportSeries};
use crate::verdict::verdict;

/// Name and version of the format of `report.json`; the number grows when a key changes its meaning or goes away.
pub const REPORT_SCHEMA: &str = "trainscope-report/2";

/// The text of `report.json`, with a line break at its end.
pub fn json(input: &ReportInput, figures: &Figures) -> String {
    let latest = latest(input);
    let subject = input.subject().and_then(|subject| latest.iter().position(|e| std::ptr::eq(*e, subject)));
    let earlier = input.evaluations.iter().filter(|e| !latest.iter().any(|latest| std::ptr::eq(*e, *latest)));
    let files = |name: &str| [format!("{name}.svg"), format!("{name}.png")];
    let drawn: Vec<Value> = figures
        .drawn
        .iter()
        .map(|named| json!({"name": named.name, "title": named.figure.title, "files": files(named.name)}))
        .collect();
    let mut report = json!({
        "schema": REPORT_SCHEMA,
        "run": {
            "id": input.run_id,
            "name": input.run_name,
            "state": input.state,
            "step": input.step,
            "epoch": input.epoch,
        },
        "verdict": verdict(input),
        "config": input.config,
        "series": input.series.iter().map(series).collect::<Vec<_>>(),
        "evaluations": latest.iter().map(|latest| evaluation(latest)).collect::<Vec<_>>(),
        "earlier_evaluations": earlier.map(row).collect::<Vec<_>>(),
        "subject": subject,
        "figures": drawn,
        "missing": figures.missing,
        "model": input.model,
        "notes": input.notes,
        "recording": {
            "scalars_written": input.health.scalars_written,
            "scalars_lost": input.health.scalars_lost,
            "records_lost": input.health.records_lost,
            "damaged_stretches": input.damaged_stretches,
            "damaged_bytes": input.damaged_bytes,
        },
    });
    let counts = [("missing_frames", input.missing_frames), ("unreadable_points", input.unreadable_points)];
    for (name, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        report["recording"][name] = json!(count);
    }
    format!("{report:#}\n")
}

fn series(series: &ReportSeries) -> Value {
    let point =
        |point: Option<(u64, f64)>| point.map(|(index, value)| json!({"index": index, "value": Num(value)}));
    let finite = || series.points.iter().copied().filter(|(_, value)| value.is_finite());
    json!({
        "name": series.name,
        "index": series.index,
        "points": series.points.len(),
        "nonfinite": series.points.len() - finite().count(),
        "last": point(series.points.last().copied()),
        "lowest": point(finite().reduce(|best, next| if next.1 < best.1 { next } else { best })),
        "highest": point(finite().reduce(|best, next| if next.1 > best.1 { next } else { best })),
    })
}

/// The last evaluation of each split, in their order.
fn latest(input: &ReportInput) -> Vec<&Evaluation> {
    let mut splits = BTreeSet::new();
    let mut latest: Vec<&Evaluation> = input
        .evaluations
        .iter()
        .rev()
        .filter(|evaluation| splits.insert(evaluation.split.as_str()))
        .collect();
    latest.reverse();
    latest
}

/// The scores of an evaluation without its classes: thousands of whole ones would be tens of megabytes.
fn row(evaluation: &Evaluation) -> Value {
    json!({
        "epoch": evaluation.epoch,
        "step": evaluation.step,
        "split": evaluation.split,
        "n": evaluation.n,
        "accuracy": evaluation.accuracy.map(|rate| Num(rate.value)),
        "macro_f1": evaluation.averages.macro_f1.map(Num),
        "mcc": evaluation.averages.mcc.map(Num),
        "log_loss": evaluation.log_loss.map(Num),
        "ece": evaluation.calibration.as_ref().map(|calibration| Num(calibration.ece)),
    })
}

/// The evaluation; scores that are NaN keep their word instead of becoming null.
fn evaluation(evaluation: &Evaluation) -> Value {
    let mut value = json!(evaluation);
    let averages = &evaluation.averages;
    let mut keep = |pointer: &str, score: Option<f64>| {
        if let (Some(place), Some(score)) =
            (value.pointer_mut(pointer), score.filter(|score| !score.is_finite()))
        {
            *place = json!(Num(score));
        }
    };
    keep("/log_loss", evaluation.log_loss);
    keep("/averages/macro_precision", averages.macro_precision);
    keep("/averages/macro_recall", averages.macro_recall);
    keep("/averages/macro_f1", averages.macro_f1);
    keep("/averages/mcc", averages.mcc);
    if let Some(calibration) = &evaluation.calibration {
        keep("/calibration/ece", Some(calibration.ece));
        keep("/calibration/mce", Some(calibration.mce));
        keep("/calibration/overconfidence", Some(calibration.overconfidence));
    }
    for (place, class) in evaluation.per_class.iter().enumerate() {
        keep(&format!("/per_class/{place}/f1"), class.f1);
        keep(&format!("/per_class/{place}/predicted_true_ratio"), class.predicted_true_ratio);
    }
    value
}
