//! The figures of one evaluation: confusion, class intervals, calibration, each with its finding.

use trainscope_plot::number::{fixed, grouped, percent};
use trainscope_schema::figure::{
    CalibrationFigure, ClassInterval, ClassIntervalsFigure, ConfusionFigure, Figure, FigureBody,
};
use trainscope_schema::{Calibration, ClassRow, Evaluation, Rate};

use crate::report_input::ReportInput;
use crate::verdict::{class_text, evaluation_source};

/// The confusion matrix.
pub fn confusion(input: &ReportInput, evaluation: &Evaluation) -> Figure {
    Figure {
        title: confusion_title(evaluation),
        subtitle: "Counts. Rows: true class, columns: predicted class; colour: share of the row".into(),
        source: evaluation_source(input, evaluation),
        body: FigureBody::Confusion(ConfusionFigure {
            classes: evaluation.classes.clone(),
            counts: evaluation.confusion.clone(),
            pairs: evaluation.confused.clone(),
        }),
    }
}

/// Recall and precision of each class, lowest precision first.
pub fn class_intervals(input: &ReportInput, evaluation: &Evaluation) -> Figure {
    let mut classes: Vec<&ClassRow> = evaluation.per_class.iter().collect();
    let key = |rate: Option<Rate>| rate.map_or(f64::INFINITY, |rate| rate.value);
    classes.sort_by(|a, b| {
        key(a.precision).total_cmp(&key(b.precision)).then(key(a.recall).total_cmp(&key(b.recall)))
    });
    let row = |class: &&ClassRow| ClassInterval {
        name: class.name.clone(),
        n: class.support,
        recall: class.recall,
        precision: class.precision,
    };
    Figure {
        title: intervals_title(evaluation),
        subtitle:
            "Recall (filled) and precision (hollow) per class, %, with Wilson 95\u{a0}% intervals; lowest \
                   precision first"
                .into(),
        source: evaluation_source(input, evaluation),
        body: FigureBody::ClassIntervals(ClassIntervalsFigure { rows: classes.iter().map(row).collect() }),
    }
}

/// Share correct over confidence; `None` without probabilities.
pub fn calibration(input: &ReportInput, evaluation: &Evaluation) -> Option<Figure> {
    let calibration = evaluation.calibration.as_ref()?;
    let rows = calibration.bins.iter().filter_map(|bin| bin.accuracy).map(|rate| rate.n).sum::<u64>();
    let bins = calibration.bins.len();
    let mut source = evaluation_source(input, evaluation);
    if evaluation.bad_probability_rows > 0 {
        let bad = grouped(evaluation.bad_probability_rows);
        source.push_str(&format!(" · {bad} rows with invalid probabilities left out"));
    }
    Some(Figure {
        title: if rows == 0 {
            "No row has valid probabilities".into()
        } else {
            calibration_title(calibration)
        },
        subtitle: format!(
            "Share correct over mean confidence, %, {bins} equal bins (a,\u{a0}b], Wilson 95\u{a0}%; bars: rows per bin, \
             square-root scale"
        ),
        source,
        body: FigureBody::Calibration(CalibrationFigure { bins: calibration.bins.clone() }),
    })
}

fn confusion_title(evaluation: &Evaluation) -> String {
    let (k, n) = (evaluation.classes.len(), evaluation.n);
    if n == 0 || k == 0 || evaluation.confusion.len() != k * k {
        return "No rows were evaluated".into();
    }
    if k == 1 {
        return format!("Only one class, {}: nothing can be confused", class_text(&evaluation.classes[0]));
    }
    let errors = Errors::of(&evaluation.confusion, k);
    let rows = if n == 1 { "row" } else { "rows" };
    let (from, to) = (class_text(&evaluation.classes[errors.truth]), &evaluation.classes[errors.predicted]);
    match errors.total {
        0 => format!("No errors in {} {rows}", grouped(n)),
        1 => format!("1 error in {} {rows}: {from} taken for {}", grouped(n), class_text(to)),
        total => format!(
            "{} takes {} of the {} errors; {} → {} is the largest rate, {}\u{a0}% ({} of {})",
            sentence_start(&class_text(&evaluation.classes[errors.attractor])),
            grouped(errors.taken),
            grouped(total),
            from.trim_start_matches("class "),
            class_text(to).trim_start_matches("class "),
            percent(errors.hits as f64 / errors.support.max(1) as f64, 1),
            grouped(errors.hits),
            grouped(errors.support),
        ),
    }
}

/// What a confusion matrix's title tells of its errors.
#[derive(Default)]
struct Errors {
    /// Rows that were taken for another class.
    total: u64,
    /// The class that most errors were taken for, and how many.
    attractor: usize,
    taken: u64,
    /// The pair of the largest rate: `hits` of the `support` rows of `truth` were taken for `predicted`.
    truth: usize,
    predicted: usize,
    hits: u64,
    support: u64,
}

impl Errors {
    /// Of K × K counts, row-major. One pass: K may be thousands.
    fn of(confusion: &[u64], k: usize) -> Self {
        let (mut errors, mut largest, mut taken) = (Self::default(), (0.0, 0), vec![0u64; k]);
        for (truth, row) in confusion.chunks_exact(k).enumerate() {
            let support: u64 = row.iter().sum();
            for (predicted, hits) in row.iter().copied().enumerate().filter(|(column, _)| *column != truth) {
                taken[predicted] += hits;
                let key = (hits as f64 / support.max(1) as f64, hits);
                if key > largest {
                    largest = key;
                    errors = Self { truth, predicted, hits, support, ..errors };
                }
            }
        }
        for (class, taken) in taken.into_iter().enumerate() {
            errors.total += taken;
            if taken > errors.taken {
                (errors.attractor, errors.taken) = (class, taken);
            }
        }
        errors
    }
}

fn intervals_title(evaluation: &Evaluation) -> String {
    let lowest = |of: fn(&ClassRow) -> Option<Rate>| {
        let rated =
            evaluation.per_class.iter().filter_map(|class| Some((class.name.as_str(), of(class)?.value)));
        rated.filter(|(_, value)| value.is_finite()).min_by(|a, b| a.1.total_cmp(&b.1))
    };
    let absent = evaluation.per_class.iter().filter(|class| class.support == 0).count();
    let absent = match absent {
        0 => String::new(),
        1 => "; 1 class is absent".into(),
        n => format!("; {} classes are absent", grouped(n as u64)),
    };
    let text = |share: f64| format!("{}\u{a0}%", percent(share, 1));
    let finding = match (lowest(|class| class.precision), lowest(|class| class.recall)) {
        (None, None) => return "No class was present or predicted".into(),
        (Some((_, precision)), Some((_, recall))) if precision >= 1.0 && recall >= 1.0 => {
            "Every class has precision and recall of 100\u{a0}%".into()
        }
        (Some((a, precision)), Some((b, recall))) if a == b => format!(
            "{} has the lowest precision, {}, and the lowest recall, {}",
            sentence_start(&class_text(a)),
            text(precision),
            text(recall),
        ),
        (Some((a, precision)), Some((b, recall))) => format!(
            "{} has the lowest precision, {}; {} the lowest recall, {}",
            sentence_start(&class_text(a)),
            text(precision),
            class_text(b),
            text(recall),
        ),
        (Some((a, precision)), None) => {
            format!("{} has the lowest precision, {}", sentence_start(&class_text(a)), text(precision))
        }
        (None, Some((b, recall))) => {
            format!("{} has the lowest recall, {}", sentence_start(&class_text(b)), text(recall))
        }
    };
    finding + &absent
}

fn calibration_title(calibration: &Calibration) -> String {
    let ece = fixed(calibration.ece, 3);
    let points = fixed(calibration.overconfidence.abs() * 100.0, 1);
    match calibration.overconfidence {
        gap if gap.abs() < 0.0005 => format!("Confidence matches accuracy on average: ECE {ece}"),
        gap if gap > 0.0 => format!("Overconfident by {points} points: ECE {ece}"),
        gap if gap < 0.0 => format!("Underconfident by {points} points: ECE {ece}"),
        _ => format!("Calibration cannot be judged: ECE {ece}"),
    }
}

fn sentence_start(text: &str) -> String {
    text.strip_prefix("class ").map_or_else(|| text.to_owned(), |name| format!("Class {name}"))
}
