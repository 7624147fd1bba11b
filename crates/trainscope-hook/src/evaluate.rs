//! Recording an evaluation of an own loop: labels and probabilities in, frames of predictions out.

use trainscope_schema::{Epoch, Predictions, Step};

use crate::run::Run;

/// An evaluation about to be recorded; see [`Run::evaluate`].
#[must_use = "nothing is recorded before `log`"]
pub struct Evaluate<'a> {
    run: &'a Run,
    split: &'a str,
    labels: &'a [u32],
    probabilities: &'a [f32],
    classes: Vec<String>,
    step: Step,
    epoch: Epoch,
}

/// Why an evaluation was not recorded.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluateError {
    /// No class names, and no way to know how many classes there are.
    #[error("classes are unknown: name them with `classes`, or give at least one row of probabilities")]
    NoClasses,
    /// Rows and columns do not fit.
    #[error("{labels} labels of {classes} classes need {} probabilities, found {probabilities}", labels * classes)]
    Shape {
        /// Rows.
        labels: usize,
        /// K.
        classes: usize,
        /// Numbers given.
        probabilities: usize,
    },
    /// A label is no class.
    #[error("row {row}: the label is {label}, classes are 0 to {}", classes - 1)]
    Label {
        /// Row, from 0.
        row: usize,
        /// What stands there.
        label: u32,
        /// K.
        classes: usize,
    },
}

impl<'a> Evaluate<'a> {
    pub(crate) fn new(run: &'a Run, split: &'a str, labels: &'a [u32], probabilities: &'a [f32]) -> Self {
        let (step, epoch) = (Step(0), Epoch(0));
        Self { run, split, labels, probabilities, classes: Vec::new(), step, epoch }
    }

    /// Names of the classes, in the order of the probabilities' columns; `0`, `1`… when not given.
    pub fn classes<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.classes = names.into_iter().map(Into::into).collect();
        self
    }

    /// When the model predicted: after that epoch and step.
    pub fn at(mut self, epoch: u32, step: u64) -> Self {
        (self.epoch, self.step) = (Epoch(epoch), Step(step));
        self
    }

    /// Records it. NaN probabilities are recorded as they are; the first largest number of a row is its prediction.
    pub fn log(mut self) -> Result<(), EvaluateError> {
        let rows = self.labels.len();
        if self.classes.is_empty() {
            let k = self
                .probabilities
                .len()
                .checked_div(rows)
                .filter(|k| *k > 0)
                .ok_or(EvaluateError::NoClasses)?;
            self.classes = (0..k).map(|class| class.to_string()).collect();
        }
        let classes = self.classes.len();
        if rows * classes != self.probabilities.len() {
            return Err(EvaluateError::Shape {
                labels: rows,
                classes,
                probabilities: self.probabilities.len(),
            });
        }
        if let Some((row, label)) =
            self.labels.iter().enumerate().find(|(_, label)| **label as usize >= classes)
        {
            return Err(EvaluateError::Label { row, label: *label, classes });
        }
        self.run.predictions(Predictions {
            split: self.split.to_owned(),
            step: self.step,
            epoch: self.epoch,
            evaluation: 0,
            predicted: self.probabilities.chunks(classes).map(first_largest).collect(),
            classes: self.classes,
            labels: self.labels.to_vec(),
            probabilities: self.probabilities.to_vec(),
        });
        Ok(())
    }
}

/// Index of the first largest number; NaN is smaller than everything.
fn first_largest(row: &[f32]) -> u32 {
    let mut best = 0;
    for (class, p) in row.iter().enumerate() {
        if *p > row[best] || (row[best].is_nan() && !p.is_nan()) {
            best = class;
        }
    }
    best as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_largest_wins_and_nan_never() {
        assert_eq!(first_largest(&[0.2, 0.4, 0.4]), 1);
        assert_eq!(first_largest(&[f32::NAN, 0.1, 0.9]), 2);
        assert_eq!(first_largest(&[f32::NAN, f32::NAN]), 0);
    }
}
