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
    let k = evaluation.classes.len();
    let n = evaluation.n;
    if n == 0 || k == 0 || evaluation.confusion.len() != k * k {
        return "No rows were evaluated".into();
    }
    let count = |truth: usize, predicted: usize| evaluation.confusion[truth * k + predicted];
    let wrong =
        || (0..k * k).map(|cell| (cell / k, cell % k)).filter(|(truth, predicted)| truth != predicted);
    let errors: u64 = wrong().map(|(truth, predicted)| count(truth, predicted)).sum();
    let rows = if n == 1 { "row" } else { "rows" };
    match errors {
        _ if k == 1 => {
            return format!(
                "Only one class, {}: nothing can be confused",
                class_text(&evaluation.classes[0])
            );
        }
        0 => return format!("No errors in {} {rows}", grouped(n)),
        _ => {}
    }
    let rate = |(truth, predicted): &(usize, usize)| {
        count(*truth, *predicted) as f64
            / (0..k).map(|column| count(*truth, column)).sum::<u64>().max(1) as f64
    };
    let key = |cell: &(usize, usize)| (rate(cell), count(cell.0, cell.1));
    let largest = wrong().reduce(|best, cell| if key(&cell) > key(&best) { cell } else { best });
    let Some((truth, predicted)) = largest else { return String::new() };
    let (from, to) = (&evaluation.classes[truth], &evaluation.classes[predicted]);
    if errors == 1 {
        return format!(
            "1 error in {} {rows}: {} taken for {}",
            grouped(n),
            class_text(from),
            class_text(to)
        );
    }
    let taken =
        |class: usize| wrong().filter(|cell| cell.1 == class).map(|cell| count(cell.0, cell.1)).sum::<u64>();
    let taken: Vec<u64> = (0..k).map(taken).collect();
    let attractor =
        (0..k).reduce(|best, class| if taken[class] > taken[best] { class } else { best }).unwrap_or(0);
    let support: u64 = (0..k).map(|column| count(truth, column)).sum();
    format!(
        "{} takes {} of the {} errors; {} → {} is the largest rate, {}\u{a0}% ({} of {})",
        sentence_start(&class_text(&evaluation.classes[attractor])),
        grouped(taken[attractor]),
        grouped(errors),
        class_text(from).trim_start_matches("class "),
        class_text(to).trim_start_matches("class "),
        percent(rate(&(truth, predicted)), 1),
        grouped(count(truth, predicted)),
        grouped(support),
    )
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
