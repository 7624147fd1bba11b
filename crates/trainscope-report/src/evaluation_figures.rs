//! The figures of one evaluation: confusion, class intervals, calibration, each with its finding.

use std::cmp::Ordering;

use trainscope_plot::number::{fixed, grouped, percent};
use trainscope_schema::figure::{
    CalibrationFigure, ClassInterval, ClassIntervalsFigure, ConfusionFigure, Figure, FigureBody,
};
use trainscope_schema::{Calibration, ClassRow, Evaluation, Rate};

use crate::class_names::{class_text, classes_text, lowest, sentence_start};
use crate::report_input::ReportInput;
use crate::verdict::evaluation_source;

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
    let name = |class: usize| class_text(&evaluation.classes[class]);
    match errors.total {
        0 => format!("No errors in {} {rows}", grouped(n)),
        1 => {
            let (from, to) = errors.pairs[0];
            format!("1 error in {} {rows}: {} taken for {}", grouped(n), name(from), name(to))
        }
        _ => format!("{}; {}", errors.attractor_text(evaluation), errors.pair_text(evaluation)),
    }
}

/// What a confusion matrix's title tells of its errors.
#[derive(Default)]
struct Errors {
    /// Rows that were taken for another class.
    total: u64,
    /// The classes that most errors were taken for, and how many each.
    attractors: Vec<usize>,
    taken: u64,
    /// The first two pairs of the largest rate, true and predicted class, and how many have it: `hits` of the `support` rows of the first one's true class.
    pairs: Vec<(usize, usize)>,
    tied: usize,
    hits: u64,
    support: u64,
}

impl Errors {
    /// Of K × K counts, row-major. One pass: K may be thousands.
    fn of(confusion: &[u64], k: usize) -> Self {
        let (mut errors, mut taken) = (Self { support: 1, ..Self::default() }, vec![0u64; k]);
        for (truth, row) in confusion.chunks_exact(k).enumerate() {
            let support = row.iter().fold(0, |sum: u64, count| sum.saturating_add(*count));
            for (predicted, hits) in
                row.iter().copied().enumerate().filter(|(column, hits)| *column != truth && *hits > 0)
            {
                taken[predicted] = taken[predicted].saturating_add(hits);
                // Rates compared by their products: equal ones tie whatever their supports are.
                let rate = u128::from(hits) * u128::from(errors.support);
                match rate.cmp(&(u128::from(errors.hits) * u128::from(support))) {
                    Ordering::Less => {}
                    Ordering::Equal => {
                        errors.tied += 1;
                        // All pairs of thousands of classes can tie: they are only counted.
                        if errors.tied == 2 {
                            errors.pairs.push((truth, predicted));
                        }
                    }
                    Ordering::Greater => {
                        errors = Self { pairs: vec![(truth, predicted)], tied: 1, hits, support, ..errors };
                    }
                }
            }
        }
        errors.total = taken.iter().fold(0, |sum, taken| sum.saturating_add(*taken));
        errors.taken = taken.iter().copied().max().unwrap_or(0);
        errors.attractors = (0..k).filter(|class| taken[*class] == errors.taken).collect();
        errors
    }

    fn attractor_text(&self, evaluation: &Evaluation) -> String {
        let names: Vec<&str> =
            self.attractors.iter().map(|class| evaluation.classes[*class].as_str()).collect();
        let (taken, total) = (grouped(self.taken), grouped(self.total));
        let classes = sentence_start(&classes_text(&names));
        match names.len() {
            1 => format!("{classes} takes {taken} of the {total} errors"),
            _ => format!("{classes} take {taken} each of the {total} errors"),
        }
    }

    fn pair_text(&self, evaluation: &Evaluation) -> String {
        let short =
            |class: usize| class_text(&evaluation.classes[class]).trim_start_matches("class ").to_owned();
        let arrow =
            |(truth, predicted): &(usize, usize)| format!("{} → {}", short(*truth), short(*predicted));
        let rate = percent(self.hits as f64 / self.support as f64, 1);
        match &self.pairs[..] {
            [pair] => {
                let (hits, support) = (grouped(self.hits), grouped(self.support));
                format!("{} is the largest rate, {rate}\u{a0}% ({hits} of {support})", arrow(pair))
            }
            [a, b] if self.tied == 2 => {
                format!("{} and {} are the largest rates, {rate}\u{a0}% each", arrow(a), arrow(b))
            }
            _ => {
                format!("{} pairs have the largest rate, {rate}\u{a0}% each", grouped(self.tied as u64))
            }
        }
    }
}

fn intervals_title(evaluation: &Evaluation) -> String {
    // An absent class that was predicted has a precision of 0, which says nothing about these rows' classes.
    let present = || evaluation.per_class.iter().filter(|class| class.support > 0);
    let least = |of: fn(&ClassRow) -> Option<Rate>| {
        lowest(present().filter_map(|class| Some((class.name.as_str(), of(class)?.value))))
    };
    let absent = match evaluation.per_class.len() - present().count() {
        0 => String::new(),
        1 => "; 1 class is absent".into(),
        n => format!("; {} classes are absent", grouped(n as u64)),
    };
    let text = |share: f64| format!("{}\u{a0}%", percent(share, 1));
    let has = |names: &[&str]| {
        format!("{} {}", sentence_start(&classes_text(names)), if names.len() == 1 { "has" } else { "have" })
    };
    let finding = match (least(|class| class.precision), least(|class| class.recall)) {
        (None, None) => return "No class was present".into(),
        (Some((_, precision)), Some((_, recall))) if precision >= 1.0 && recall >= 1.0 => {
            let classes = if absent.is_empty() { "Every class" } else { "Every class present" };
            format!("{classes} has precision and recall of 100\u{a0}%")
        }
        (Some((a, precision)), Some((b, recall))) if a == b => format!(
            "{} the lowest precision, {}, and the lowest recall, {}",
            has(&a),
            text(precision),
            text(recall),
        ),
        (Some((a, precision)), Some((b, recall))) => format!(
            "{} the lowest precision, {}; {} the lowest recall, {}",
            has(&a),
            text(precision),
            classes_text(&b),
            text(recall),
        ),
        (Some((a, precision)), None) => format!("{} the lowest precision, {}", has(&a), text(precision)),
        (None, Some((b, recall))) => format!("{} the lowest recall, {}", has(&b), text(recall)),
    };
    finding + &absent
}

fn calibration_title(calibration: &Calibration) -> String {
    let ece = fixed(calibration.ece, 3);
    let size = calibration.overconfidence.abs() * 100.0;
    let points = fixed(size, 1);
    match calibration.overconfidence {
        _ if size < 0.05 => format!("Confidence matches accuracy on average: ECE {ece}"),
        // Rounded up, so that "within" holds; a gap this small is no headline.
        _ if size < 1.0 => {
            let within = fixed((size * 10.0 - 1e-9).ceil() / 10.0, 1);
            format!("Calibrated within {within} points on average: ECE {ece}")
        }
        gap if gap > 0.0 => format!("Overconfident by {points} points: ECE {ece}"),
        gap if gap < 0.0 => format!("Underconfident by {points} points: ECE {ece}"),
        _ => format!("Calibration cannot be judged: ECE {ece}"),
    }
}
