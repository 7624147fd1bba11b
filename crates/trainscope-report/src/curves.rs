//! The figures of loss and accuracy over epochs, or over steps where nothing was recorded per epoch.

use trainscope_plot::number::{grouped, value};
use trainscope_schema::figure::{Figure, FigureBody, LineFigure, LineSeries, Mark, Scale, Tone};
use trainscope_schema::{Num, SeriesIndex};

use crate::report_input::{ReportInput, ReportSeries};

/// A metric that has a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Lower is better; drawn as it is.
    Loss,
    /// Higher is better; shares, drawn in percent.
    Accuracy,
}

impl Metric {
    /// Its name in series and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::Accuracy => "accuracy",
        }
    }

    /// A value with its unit, for sentences.
    fn text(self, raw: f64) -> String {
        match self {
            Self::Loss => value(raw),
            Self::Accuracy if raw.is_finite() => {
                format!("{}\u{a0}%", trainscope_plot::number::percent(raw, 1))
            }
            Self::Accuracy => value(raw),
        }
    }

    fn better(self, a: f64, b: f64) -> bool {
        match self {
            Self::Loss => a < b,
            Self::Accuracy => a > b,
        }
    }
}

/// The figure of a metric; `None` without a series of it.
pub fn curve(input: &ReportInput, metric: Metric) -> Option<Figure> {
    let series = chosen(input, metric);
    let main = *series.last()?;
    let per_epoch = main.index == SeriesIndex::Epoch;
    let mut lines: Vec<LineSeries> =
        series.iter().map(|series| line(series, metric, *series == main)).collect();
    let banded = metric == Metric::Accuracy && per_epoch && add_band(input, main, lines.last_mut()?);
    let y_scale = scale(&lines, metric);
    let mark = per_epoch.then(|| mark(main, metric, lines.len() - 1)).flatten();
    let percent = metric == Metric::Accuracy;
    let body = LineFigure {
        x_title: if per_epoch { "epoch" } else { "step" }.into(),
        y_title: if percent { "% correct" } else { "loss" }.into(),
        unit: if percent { "%" } else { "" }.into(),
        y_scale,
        series: lines,
        mark,
    };
    let what = if percent { "Share predicted correctly" } else { "Mean loss" };
    let mut subtitle = format!("{what} per {}", if per_epoch { "epoch" } else { "batch" });
    subtitle.push_str(if percent { ", %" } else { "" });
    subtitle.push_str(if y_scale == Scale::Log { ", logarithmic axis" } else { "" });
    subtitle.push_str(if banded { "; band: Wilson 95\u{a0}%" } else { "" });
    Some(Figure {
        title: title(main, metric),
        subtitle,
        source: source(input, &series),
        body: FigureBody::Line(body),
    })
}

/// Run, and the last epoch or step of what is drawn.
fn source(input: &ReportInput, drawn: &[&ReportSeries]) -> String {
    let per_epoch = drawn.iter().any(|series| series.index == SeriesIndex::Epoch);
    let last = drawn.iter().filter_map(|series| series.points.last()).map(|(index, _)| *index).max();
    format!(
        "{} · {} {}",
        input.run_name,
        if per_epoch { "epoch" } else { "step" },
        grouped(last.unwrap_or(0))
    )
}

/// The finding of a series in words.
pub fn title(series: &ReportSeries, metric: Metric) -> String {
    let name = format!("{} {}", capital(&split_word(series.split())), metric.name());
    let at = if series.index == SeriesIndex::Epoch { "epoch" } else { "step" };
    let nonfinite = series.points.iter().filter(|(_, value)| !value.is_finite()).count();
    if let Some((index, word)) = broken_from(series) {
        return format!("{name} is {word} from {at} {}", grouped(index));
    }
    let (Some(first), Some(last), Some(best)) =
        (series.points.first(), series.points.last(), best(series, metric))
    else {
        return format!("{name} has no points");
    };
    let gaps = match nonfinite {
        0 => String::new(),
        1 => "; 1 value is not a finite number".into(),
        n => format!("; {} values are not finite numbers", grouped(n as u64)),
    };
    let finding = if series.points.len() == 1 {
        format!("{name} is {} after {at} {}", metric.text(last.1), grouped(last.0))
    } else if series.index == SeriesIndex::Step {
        format!("{name} per batch goes from {} to {}", metric.text(first.1), metric.text(last.1))
    } else if series.points.iter().all(|(_, value)| *value == best.1) {
        format!("{name} stays at {}", metric.text(best.1))
    } else {
        let extreme = if metric == Metric::Loss { "lowest" } else { "highest" };
        let end = match best.0 == last.0 {
            true => String::new(),
            false => format!("; it ends at {}", metric.text(last.1)),
        };
        format!("{name} is {extreme} at epoch {}, {}{end}", grouped(best.0), metric.text(best.1))
    };
    finding + &gaps
}

/// From which index on every value is NaN or infinite, and which of them it is; `None` when the last value is finite.
pub fn broken_from(series: &ReportSeries) -> Option<(u64, &'static str)> {
    let tail = series.points.iter().rev().take_while(|(_, value)| !value.is_finite());
    let broken: Vec<_> = tail.collect();
    let word = match &broken[..] {
        [] => return None,
        values if values.iter().all(|(_, value)| value.is_nan()) => "NaN",
        values if values.iter().all(|(_, value)| value.is_infinite()) => "infinite",
        _ => "NaN or infinite",
    };
    broken.last().map(|(index, _)| (*index, word))
}

/// The series to draw, the one that matters last (drawn on top): per epoch where there are any, else per step.
fn chosen(input: &ReportInput, metric: Metric) -> Vec<&ReportSeries> {
    let of = |index: SeriesIndex| {
        let fits = |series: &&ReportSeries| series.metric() == metric.name() && series.index == index;
        input.series.iter().filter(fits).filter(|series| !series.points.is_empty()).collect::<Vec<_>>()
    };
    let mut series = of(SeriesIndex::Epoch);
    if series.is_empty() {
        series = of(SeriesIndex::Step);
    }
    series.sort_by_key(|series| match split_word(series.split()).as_str() {
        "validation" => 3,
        "test" => 2,
        "training" => 0,
        _ => 1,
    });
    series
}

/// A split's name as a word.
fn split_word(split: &str) -> String {
    match split {
        "train" => "training".into(),
        "val" | "valid" | "dev" => "validation".into(),
        other => other.into(),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn line(series: &ReportSeries, metric: Metric, main: bool) -> LineSeries {
    let factor = if metric == Metric::Accuracy { 100.0 } else { 1.0 };
    let name = split_word(series.split());
    LineSeries {
        name: if name.is_empty() { metric.name().to_owned() } else { name },
        points: series
            .points
            .iter()
            .map(|(index, value)| (Num(*index as f64), Num(value * factor)))
            .collect(),
        band: Vec::new(),
        tone: match metric {
            _ if !main => Tone::Grey,
            Metric::Loss => Tone::Vermilion,
            Metric::Accuracy => Tone::Blue,
        },
        dashed: !main,
    }
}

/// Draws the intervals of the evaluations of the same split around the line, where both say the same accuracy.
fn add_band(input: &ReportInput, main: &ReportSeries, line: &mut LineSeries) -> bool {
    let split = split_word(main.split());
    for (epoch, drawn) in &main.points {
        let same_epoch =
            input.evaluations.iter().filter(|evaluation| u64::from(evaluation.epoch.0) == *epoch);
        let rate =
            same_epoch.filter(|evaluation| split_word(&evaluation.split) == split).find_map(|e| e.accuracy);
        if let Some(rate) = rate.filter(|rate| (rate.value - drawn).abs() < 0.005) {
            line.band.push((Num(*epoch as f64), Num(rate.low * 100.0), Num(rate.high * 100.0)));
        }
    }
    line.band.len() > 1
}

/// Logarithmic for losses whose positive values span more than a decade: what is 0 is left out there and counted by
/// whoever draws. A loss that is often negative is no ratio, and stays linear.
fn scale(lines: &[LineSeries], metric: Metric) -> Scale {
    let values = || lines.iter().flat_map(|line| &line.points).map(|(_, y)| y.0).filter(|y| y.is_finite());
    let positive = || values().filter(|y| *y > 0.0);
    let (low, high) = positive().fold((f64::INFINITY, 0.0_f64), |(low, high), y| (low.min(y), high.max(y)));
    let often_negative = values().filter(|y| *y < 0.0).count() * 10 > values().count();
    let wide = high > low * 10.0;
    if metric == Metric::Loss && wide && !often_negative { Scale::Log } else { Scale::Linear }
}

/// The first of the best finite points.
fn best(series: &ReportSeries, metric: Metric) -> Option<(u64, f64)> {
    let finite = series.points.iter().filter(|(_, value)| value.is_finite()).copied();
    finite.reduce(|best, point| if metric.better(point.1, best.1) { point } else { best })
}

fn mark(series: &ReportSeries, metric: Metric, place: usize) -> Option<Mark> {
    let (index, raw) = best(series, metric)?;
    if series.points.len() < 2 {
        return None;
    }
    let factor = if metric == Metric::Accuracy { 100.0 } else { 1.0 };
    let text = format!("epoch {}: {}", grouped(index), metric.text(raw));
    Some(Mark { series: place, x: Num(index as f64), y: Num(raw * factor), text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, values: &[f64], expected: &str) {
        let (index, metric) = match name {
            "train/loss" => (SeriesIndex::Step, Metric::Loss),
            name if name.ends_with("accuracy") => (SeriesIndex::Epoch, Metric::Accuracy),
            _ => (SeriesIndex::Epoch, Metric::Loss),
        };
        let points = values.iter().enumerate().map(|(i, value)| (i as u64 + 1, *value)).collect();
        let series = ReportSeries { name: name.into(), index, points };
        assert_eq!(title(&series, metric).replace('\u{a0}', " "), expected);
    }

    #[test]
    fn titles_are_findings() {
        check(
            "validation/epoch_loss",
            &[1.0, 0.0811, 0.12],
            "Validation loss is lowest at epoch 2, 0.081; it ends at 0.120",
        );
        check("validation/epoch_loss", &[1.0, 0.5, 0.25], "Validation loss is lowest at epoch 3, 0.250");
        check(
            "validation/epoch_accuracy",
            &[0.5, 0.978, 0.97],
            "Validation accuracy is highest at epoch 2, 97.8 %; it ends at 97.0 %",
        );
        check("train/loss", &[2.3, 0.4, 0.5], "Training loss per batch goes from 2.300 to 0.500");
        check("val/epoch_loss", &[0.5, 0.5], "Validation loss stays at 0.500");
        check("validation/epoch_loss", &[0.5], "Validation loss is 0.500 after epoch 1");
    }

    #[test]
    fn what_is_not_finite_is_said() {
        let nan = f64::NAN;
        check("train/epoch_loss", &[1.0, 0.8, nan, nan], "Training loss is NaN from epoch 3");
        check("train/epoch_loss", &[nan, nan], "Training loss is NaN from epoch 1");
        check("train/epoch_loss", &[1.0, f64::INFINITY], "Training loss is infinite from epoch 2");
        check(
            "train/epoch_loss",
            &[1.0, f64::INFINITY, nan],
            "Training loss is NaN or infinite from epoch 2",
        );
        check(
            "train/epoch_loss",
            &[1.0, nan, 0.5],
            "Training loss is lowest at epoch 3, 0.500; 1 value is not a finite number",
        );
        check("train/epoch_loss", &[], "Training loss has no points");
    }
}
