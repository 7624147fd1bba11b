//! Labels and predictions of each epoch's validation, out of Burn's own outputs.

use std::sync::Arc;

use burn::tensor::TensorReadError;
use burn::train::metric::{ConfusionStatsInput, Metric, MetricMetadata, MetricName, SerializedEntry};
use trainscope_hook::Run;
use trainscope_schema::{Epoch, NoteLevel, Predictions, Step};

use super::place::Place;
use crate::predict::{largest, predicted_from_logits};

/// Collects true and predicted classes of an epoch and records them at its end.
///
/// Takes what Burn's `ClassificationOutput` gives: rows × classes of logits or probabilities, and one-hot targets. Rows
/// that are not probabilities get a softmax (one column: a sigmoid). A row without exactly one true class has no place
/// in a confusion matrix; such rows are left out and counted in a note.
#[derive(Clone)]
pub struct ConfusionMetric {
    run: Run,
    place: Arc<Place>,
    split: &'static str,
    classes: Vec<String>,
    outputs: Vec<f32>,
    labels: Vec<u32>,
    columns: usize,
    left_out: usize,
    renamed: bool,
}

impl ConfusionMetric {
    pub(crate) fn new(run: &Run, place: Arc<Place>, split: &'static str, classes: Vec<String>) -> Self {
        Self {
            run: run.clone(),
            place,
            split,
            classes,
            outputs: Vec::new(),
            labels: Vec::new(),
            columns: 0,
            left_out: 0,
            renamed: false,
        }
    }

    fn collect(&mut self, outputs: &[f32], targets: &[i32], columns: usize) {
        self.columns = columns;
        for (output, target) in outputs.chunks_exact(columns).zip(targets.chunks_exact(columns)) {
            match label_of(target) {
                Some(label) => {
                    self.labels.push(label);
                    self.outputs.extend_from_slice(output);
                }
                None => self.left_out += 1,
            }
        }
    }

    fn record(&mut self) -> SerializedEntry {
        let classes = self.columns.max(2);
        let (predicted, probabilities) = probabilities_of(&self.outputs, self.columns);
        self.name_classes(classes);
        let step = Step(self.place.step());
        if self.left_out > 0 {
            let text = format!(
                "{} {} rows had not exactly one true class and were left out",
                self.left_out, self.split
            );
            self.run.note(NoteLevel::Warning, step, text);
        }
        let right = predicted.iter().zip(&self.labels).filter(|(a, b)| a == b).count();
        let text = format!("{right} of {} right", self.labels.len());
        self.run.predictions(Predictions {
            split: self.split.to_owned(),
            step,
            epoch: Epoch(self.place.epoch()),
            evaluation: 0,
            classes: self.classes.clone(),
            labels: std::mem::take(&mut self.labels),
            predicted,
            probabilities,
        });
        SerializedEntry::new(text.clone(), text)
    }

    /// The model decides how many classes there are; names of another count are no names.
    fn name_classes(&mut self, classes: usize) {
        if self.classes.len() == classes {
            return;
        }
        if !std::mem::replace(&mut self.renamed, true) {
            let text = format!("{} class names for {classes} classes: numbered instead", self.classes.len());
            self.run.note(NoteLevel::Warning, Step(self.place.step()), text);
        }
        self.classes = (0..classes).map(|class| class.to_string()).collect();
    }
}

impl Metric for ConfusionMetric {
    type Input = ConfusionStatsInput;

    fn name(&self) -> MetricName {
        Arc::new("Confusion".to_owned())
    }

    fn update(
        &mut self,
        input: &ConfusionStatsInput,
        _metadata: &MetricMetadata,
    ) -> Result<SerializedEntry, TensorReadError> {
        let [_, columns] = input.predictions.dims();
        let outputs = input.predictions.clone().try_into_vec_as::<f32>()?;
        let targets = input.targets.clone().int().try_into_vec_as::<i32>()?;
        if columns > 0 {
            self.collect(&outputs, &targets, columns);
        }
        // A confusion matrix means something at the end of the epoch only.
        Ok(SerializedEntry::not_available(None))
    }

    fn compute(&mut self) -> Result<SerializedEntry, TensorReadError> {
        if self.labels.is_empty() && self.left_out == 0 {
            return Ok(SerializedEntry::not_available(None));
        }
        Ok(self.record())
    }

    fn clear(&mut self) {
        self.outputs.clear();
        self.labels.clear();
        self.left_out = 0;
    }
}

/// The class of a one-hot row; of a single column, the column itself. `None` unless exactly one class is true.
fn label_of(target: &[i32]) -> Option<u32> {
    if let [only] = target {
        return Some(u32::from(*only != 0));
    }
    let mut classes = (0u32..).zip(target).filter(|(_, value)| **value != 0).map(|(class, _)| class);
    let class = classes.next()?;
    classes.next().is_none().then_some(class)
}

/// Predicted classes and probabilities from logits or probabilities, rows × columns.
fn probabilities_of(outputs: &[f32], columns: usize) -> (Vec<u32>, Vec<f32>) {
    let unit = |value: &f32| (0.0..=1.0).contains(value);
    if columns == 1 {
        let given = outputs.iter().all(unit);
        let positive = outputs.iter().map(|x| if given { *x } else { 1.0 / (1.0 + (-x).exp()) });
        let probabilities: Vec<f32> = positive.flat_map(|p| [1.0 - p, p]).collect();
        return (probabilities.as_chunks::<2>().0.iter().map(|row| largest(row)).collect(), probabilities);
    }
    // All rows decide together: one row of logits may look like probabilities by chance.
    let sums_to_one = |row: &[f32]| (row.iter().sum::<f32>() - 1.0).abs() < 1e-3;
    let given =
        columns > 0 && outputs.chunks_exact(columns).all(|row| row.iter().all(unit) && sums_to_one(row));
    if given || columns == 0 {
        return (outputs.chunks_exact(columns.max(1)).map(largest).collect(), outputs.to_vec());
    }
    let predicted = predicted_from_logits(outputs, columns);
    (predicted.predicted, predicted.probabilities)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logits_get_a_softmax_and_probabilities_stay() {
        let (predicted, probabilities) = probabilities_of(&[0.0, 3.0f32.ln(), 5.0, 5.0], 2);
        assert_eq!(predicted, [1, 0]);
        assert!((probabilities[0] - 0.25).abs() < 1e-6 && (probabilities[2] - 0.5).abs() < 1e-6);
        let given = [0.1, 0.9, 0.6, 0.4];
        assert_eq!(probabilities_of(&given, 2), (vec![1, 0], given.to_vec()));
        // One row in [0, 1] that sums to 1 does not make logits of the other rows probabilities.
        assert_ne!(probabilities_of(&[0.1, 0.9, -2.0, 7.0], 2).1[0], 0.1);
    }

    #[test]
    fn one_column_is_the_probability_of_class_1() {
        assert_eq!(probabilities_of(&[0.75, 0.25], 1), (vec![1, 0], vec![0.25, 0.75, 0.75, 0.25]));
        let (predicted, probabilities) = probabilities_of(&[0.0, 100.0, -100.0], 1);
        assert_eq!(predicted, [0, 1, 0]);
        assert_eq!(probabilities[..2], [0.5, 0.5]);
    }

    #[test]
    fn only_one_true_class_makes_a_label() {
        assert_eq!(label_of(&[0, 0, 1]), Some(2));
        assert_eq!(label_of(&[0, 0, 0]), None);
        assert_eq!(label_of(&[1, 0, 1]), None);
        assert_eq!((label_of(&[0]), label_of(&[1])), (Some(0), Some(1)));
    }

    #[test]
    fn no_outputs_are_no_predictions() {
        assert_eq!(probabilities_of(&[], 0), (vec![], vec![]));
        assert_eq!(probabilities_of(&[], 3), (vec![], vec![]));
    }
}
