//! The sentence that answers first, and the source lines of figures.

use trainscope_plot::number::{fixed, grouped, percent};
use trainscope_schema::{Evaluation, Rate, RunState, SeriesIndex};

use crate::class_names::{classes_text, lowest};
use crate::curves::{Metric, broken_from, title};
use crate::report_input::{ReportInput, ReportSeries};

/// What the run comes to, in plain text.
pub fn verdict(input: &ReportInput) -> String {
    let mut sentences = Vec::new();
    for series in broken(input) {
        sentences.push(format!("{}.", title(series, Metric::Loss)));
    }
    match input.subject() {
        Some(evaluation) => sentences.push(result(evaluation)),
        None => sentences.extend(last_loss(input).map(|series| format!("{}.", title(series, Metric::Loss)))),
    }
    if sentences.is_empty() {
        sentences.push("Nothing that could be judged was recorded.".into());
    }
    sentences.push(ending(input.state).into());
    sentences.dedup();
    sentences.join(" ")
}

/// Losses that end as NaN or infinity.
pub fn broken(input: &ReportInput) -> impl Iterator<Item = &ReportSeries> {
    input.series.iter().filter(|series| series.metric() == "loss" && broken_from(series).is_some())
}

/// Run, epoch, step, split and n.
pub fn evaluation_source(input: &ReportInput, evaluation: &Evaluation) -> String {
    let (epoch, step) = (grouped(u64::from(evaluation.epoch.0)), grouped(evaluation.step.0));
    let n = grouped(evaluation.n);
    format!("{} · epoch {epoch} · step {step} · {}, n = {n}", input.run_name, evaluation.split)
}

/// `91.3 % (Wilson 95 %: 90.0 to 92.4)`.
pub fn rate_text(rate: Rate) -> String {
    let (value, low, high) = (percent(rate.value, 1), percent(rate.low, 1), percent(rate.high, 1));
    format!("{value}\u{a0}% (Wilson 95\u{a0}%: {low} to {high})")
}

fn result(evaluation: &Evaluation) -> String {
    let Some(accuracy) = evaluation.accuracy else {
        return format!("The evaluation on {} has no rows.", evaluation.split);
    };
    let mut sentence = format!(
        "Accuracy {} on {}, n = {}, after epoch {}",
        rate_text(accuracy),
        evaluation.split,
        grouped(evaluation.n),
        evaluation.epoch.0,
    );
    // An absent class has an F1 when it was predicted; it is no weakest class of these rows.
    let present = evaluation.per_class.iter().filter(|class| class.support > 0);
    let weakest = lowest(present.filter_map(|class| Some((class.name.as_str(), class.f1?))));
    if let Some((names, f1)) = weakest.filter(|(_, f1)| *f1 < 1.0 && evaluation.per_class.len() > 1) {
        let verb = if names.len() == 1 { "has" } else { "have" };
        sentence.push_str(&format!("; {} {verb} the lowest F1, {}", classes_text(&names), fixed(f1, 3)));
    }
    sentence + "."
}

fn last_loss(input: &ReportInput) -> Option<&ReportSeries> {
    let losses =
        || input.series.iter().filter(|series| series.metric() == "loss" && !series.points.is_empty());
    let per_epoch = || losses().filter(|series| series.index == SeriesIndex::Epoch);
    per_epoch()
        .find(|series| series.split() == "validation")
        .or_else(|| per_epoch().next())
        .or_else(|| losses().next())
}

fn ending(state: RunState) -> &'static str {
    match state {
        RunState::Live => "The run is still going: these numbers may change.",
        RunState::Finished => "The run finished.",
        RunState::Failed => "The run's program said that it failed.",
        RunState::Interrupted => "The run was interrupted: its log has no end.",
    }
}
