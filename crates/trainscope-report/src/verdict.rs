//! The sentence that answers first, and the source lines of figures.

use trainscope_plot::number::{fixed, grouped, percent};
use trainscope_schema::{Evaluation, Rate, RunState, SeriesIndex};

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

/// Run, epoch and step.
pub fn run_source(input: &ReportInput) -> String {
    let (epoch, step) = (grouped(u64::from(input.epoch.0)), grouped(input.step.0));
    format!("{} · epoch {epoch} · step {step}", input.run_name)
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

/// A class in a sentence: numbers need the word, names need quotation marks.
pub fn class_text(name: &str) -> String {
    const MOST: usize = 32;
    let cut = if name.chars().count() > MOST {
        name.chars().take(MOST - 1).chain(['…']).collect()
    } else {
        name.to_owned()
    };
    if cut.parse::<f64>().is_ok() { format!("class {cut}") } else { format!("“{cut}”") }
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
    let scored = evaluation.per_class.iter().filter_map(|class| Some((class, class.f1?)));
    let weakest = scored.filter(|(_, f1)| f1.is_finite()).min_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((class, f1)) = weakest.filter(|(_, f1)| *f1 < 1.0 && evaluation.per_class.len() > 1) {
        sentence.push_str(&format!("; {} has the lowest F1, {}", class_text(&class.name), fixed(f1, 3)));
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
        RunState::Interrupted => "The run was cut off: its log has no end.",
    }
}
