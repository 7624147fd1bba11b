//! From counts to the figures of an evaluation.

use trainscope_schema::{Averages, ClassRow, Epoch, Evaluation, Predictions, Step};

use crate::confusion::{Margins, most_confused};
use crate::interval::wilson;
use crate::mean::mean_of_defined;
use crate::scores::Scores;
use crate::tally::{AddPredictionsError, Tally};

/// The evaluation of one batch. For several batches use a [`Tally`].
///
/// # Errors
/// When columns have unequal lengths, a class is beyond the class list, or the class list is too long.
pub fn evaluate(predictions: &Predictions) -> Result<Evaluation, AddPredictionsError> {
    let mut tally = Tally::new(predictions.classes.clone());
    tally.add(predictions)?;
    Ok(tally.evaluation(&predictions.split, predictions.step, predictions.epoch))
}

/// The evaluation of K × K counts (row-major, rows are true classes) and of what probabilities added up to.
pub(crate) fn from_counts(
    classes: &[String],
    confusion: &[u64],
    scores: &Scores,
    (split, step, epoch): (&str, Step, Epoch),
) -> Evaluation {
    let margins = Margins::new(confusion, classes.len());
    let per_class: Vec<ClassRow> =
        classes.iter().enumerate().map(|(class, name)| class_row(name, class, &margins)).collect();
    Evaluation {
        split: split.to_owned(),
        step,
        epoch,
        n: margins.n,
        classes: classes.to_vec(),
        confusion: confusion.to_vec(),
        accuracy: wilson(margins.all_hits(), margins.n),
        log_loss: scores.log_loss(),
        averages: averages(&per_class, &margins),
        per_class,
        confused: most_confused(confusion, &margins),
        calibration: scores.calibration(),
        bad_probability_rows: scores.bad_rows,
    }
}

fn class_row(name: &str, class: usize, margins: &Margins) -> ClassRow {
    let (support, predicted, hits) = (margins.support[class], margins.predicted[class], margins.hits[class]);
    // 2 TP + FP + FN is support + predicted; both can be near u64::MAX.
    let marked = support as f64 + predicted as f64;
    ClassRow {
        name: name.to_owned(),
        support,
        predicted,
        precision: wilson(hits, predicted),
        recall: wilson(hits, support),
        f1: (marked > 0.0).then(|| 2.0 * hits as f64 / marked),
        predicted_true_ratio: (support > 0).then(|| predicted as f64 / support as f64),
    }
}

fn averages(per_class: &[ClassRow], margins: &Margins) -> Averages {
    Averages {
        macro_precision: mean_of_defined(per_class.iter().map(|row| row.precision.map(|rate| rate.value))),
        macro_recall: mean_of_defined(per_class.iter().map(|row| row.recall.map(|rate| rate.value))),
        macro_f1: mean_of_defined(per_class.iter().map(|row| row.f1)),
        mcc: margins.matthews(),
    }
}
