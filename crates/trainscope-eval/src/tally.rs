//! Counts over predictions that can be added to and merged; what an evaluation is computed from.

use thiserror::Error;
use trainscope_schema::{Epoch, Evaluation, Predictions, Step};

use crate::classes::{ClassListMismatch, same_classes};
use crate::evaluation;
use crate::scores::Scores;

/// Most classes of a tally: their confusion matrix takes 128 MiB.
pub const MAX_CLASSES: usize = 4096;

/// Counts over predictions of one class list.
///
/// Memory grows with the square of the classes, never with rows. Adding rows in any order, in any number of batches,
/// or in tallies of their own that are merged later, gives the same counts exactly, and the same log-loss and
/// calibration to about 1e-15.
///
/// Calibration speaks of the class of the largest probability (the first of equals), also when another was predicted;
/// the confusion matrix and all that follows from it speaks of the predicted class.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    classes: Vec<String>,
    confusion: Vec<u64>,
    scores: Scores,
}

impl Tally {
    /// An empty tally. With more than [`MAX_CLASSES`] classes it refuses every row.
    pub fn new(classes: Vec<String>) -> Self {
        let cells = if classes.len() > MAX_CLASSES { 0 } else { classes.len() * classes.len() };
        Self { classes, confusion: vec![0; cells], scores: Scores::default() }
    }

    /// Adds a batch. Probabilities are widened to f64 as they are; a row whose probabilities are not all within
    /// [0, 1] counts as bad, and otherwise only in the confusion matrix.
    ///
    /// # Errors
    /// When the batch has other classes, columns of unequal length, or a class beyond the class list. Then nothing of
    /// it is added.
    pub fn add(&mut self, batch: &Predictions) -> Result<(), AddPredictionsError> {
        same_classes(&self.classes, &batch.classes)?;
        self.check_columns(batch)?;
        self.count(&batch.labels, &batch.predicted);
        if batch.probabilities.is_empty() {
            return Ok(());
        }
        let rows = batch.probabilities.chunks_exact(self.classes.len().max(1));
        for (label, row) in batch.labels.iter().zip(rows) {
            self.scores.add(*label as usize, row.iter().copied().map(f64::from));
        }
        Ok(())
    }

    /// Adds one row: its true class, its predicted class, and the probabilities of all classes if there are any.
    ///
    /// # Errors
    /// When a class is beyond the class list, or there are not as many probabilities as classes. Then nothing is added.
    pub fn add_row(
        &mut self,
        label: u32,
        predicted: u32,
        probabilities: Option<&[f64]>,
    ) -> Result<(), AddPredictionsError> {
        self.check_classes("label", &[label])?;
        self.check_classes("predicted", &[predicted])?;
        if let Some(row) = probabilities {
            check_len("probability", self.classes.len(), row.len())?;
            self.scores.add(label as usize, row.iter().copied());
        }
        self.count(&[label], &[predicted]);
        Ok(())
    }

    /// Adds the rows of another tally.
    ///
    /// # Errors
    /// When it has other classes. Then nothing is added.
    pub fn merge(&mut self, other: &Self) -> Result<(), MergeTalliesError> {
        same_classes(&self.classes, &other.classes)?;
        for (count, other) in self.confusion.iter_mut().zip(&other.confusion) {
            *count = count.saturating_add(*other);
        }
        self.scores.merge(&other.scores);
        Ok(())
    }

    /// Class names, in class order.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The evaluation of the rows so far, under the name and the place given.
    pub fn evaluation(&self, split: &str, step: Step, epoch: Epoch) -> Evaluation {
        evaluation::from_counts(&self.classes, &self.confusion, &self.scores, (split, step, epoch))
    }

    fn count(&mut self, labels: &[u32], predicted: &[u32]) {
        let classes = self.classes.len();
        for (label, predicted) in labels.iter().zip(predicted) {
            let count = &mut self.confusion[*label as usize * classes + *predicted as usize];
            *count = count.saturating_add(1);
        }
    }

    fn check_columns(&self, batch: &Predictions) -> Result<(), AddPredictionsError> {
        let rows = batch.labels.len();
        check_len("predicted", rows, batch.predicted.len())?;
        if !batch.probabilities.is_empty() {
            check_len("probability", rows.saturating_mul(self.classes.len()), batch.probabilities.len())?;
        }
        self.check_classes("label", &batch.labels)?;
        self.check_classes("predicted", &batch.predicted)
    }

    fn check_classes(&self, column: &'static str, classes: &[u32]) -> Result<(), AddPredictionsError> {
        let len = self.classes.len();
        let Some(largest) = classes.iter().copied().max() else { return Ok(()) };
        if len > MAX_CLASSES {
            return Err(AddPredictionsError::TooManyClasses { classes: len });
        }
        if (largest as usize) < len {
            return Ok(());
        }
        let row = classes.iter().position(|class| *class as usize >= len).unwrap_or(0);
        Err(AddPredictionsError::ClassBeyondList { column, row, class: classes[row], classes: len })
    }
}

/// Why predictions were not added to a tally.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AddPredictionsError {
    /// The batch has other classes than the tally.
    #[error(transparent)]
    Classes(#[from] ClassListMismatch),
    /// The class list is longer than a confusion matrix can be.
    #[error("expected at most {MAX_CLASSES} classes, found {classes}: group classes before evaluating")]
    TooManyClasses {
        /// Classes found.
        classes: usize,
    },
    /// A column is not as long as the rows ask.
    #[error("expected {expected} numbers in column `{column}`, found {found}: give each row its own")]
    ColumnLen {
        /// Name of the column.
        column: &'static str,
        /// Numbers expected.
        expected: usize,
        /// Numbers found.
        found: usize,
    },
    /// A row names a class that the class list does not have.
    #[error(
        "expected classes below {classes} in column `{column}`, found {class} in row {row}: name every class"
    )]
    ClassBeyondList {
        /// Name of the column.
        column: &'static str,
        /// First such row, from 0.
        row: usize,
        /// The class it names.
        class: u32,
        /// Number of classes.
        classes: usize,
    },
}

/// Why two tallies were not merged.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MergeTalliesError {
    /// They have different classes.
    #[error(transparent)]
    Classes(#[from] ClassListMismatch),
}

fn check_len(column: &'static str, expected: usize, found: usize) -> Result<(), AddPredictionsError> {
    if expected == found {
        return Ok(());
    }
    Err(AddPredictionsError::ColumnLen { column, expected, found })
}
