//! Burn's metrics as series of a run.

use std::collections::HashMap;

use burn::train::logger::MetricLogger;
use burn::train::metric::store::{EpochSummary, MetricsUpdate, Split};
use burn::train::metric::{MetricDefinition, MetricId, NumericEntry};
use trainscope_hook::{Run, Scalar};

/// Records all numeric metrics: `train/loss` per batch, `train/epoch_loss` and `validation/epoch_loss` per epoch, and
/// so on for every metric, by its name in small letters. Burn's accuracy, a percentage, is recorded as 0 to 1.
///
/// It writes only. Keep a `FileMetricLogger` beside it: early stopping and summaries read from that one.
/// Steps count from 1, also after a resume from a checkpoint.
pub struct RunMetricLogger {
    run: Run,
    names: HashMap<MetricId, String>,
    series: HashMap<(MetricId, &'static str, bool), Scalar>,
    step: u64,
}

impl RunMetricLogger {
    pub(crate) fn new(run: &Run) -> Self {
        Self { run: run.clone(), names: HashMap::new(), series: HashMap::new(), step: 0 }
    }

    fn series(&mut self, metric: &MetricId, split: &'static str, is_final: bool) -> &Scalar {
        let Self { run, names, series, .. } = self;
        series.entry((metric.clone(), split, is_final)).or_insert_with(|| {
            let name = names.get(metric).map_or("metric", String::as_str);
            if is_final {
                run.epoch_scalar(&format!("{split}/epoch_{name}"))
            } else {
                run.scalar(&format!("{split}/{name}"))
            }
        })
    }

    fn is_accuracy(&self, metric: &MetricId) -> bool {
        self.names.get(metric).is_some_and(|name| name == "accuracy")
    }
}

impl MetricLogger for RunMetricLogger {
    fn log(&mut self, update: MetricsUpdate, epoch: usize, split: &Split) {
        let split_name = match split {
            Split::Train => "train",
            Split::Valid => "validation",
            Split::Test(_) => "test",
        };
        let is_final = |entry: &Option<NumericEntry>| matches!(entry, Some(NumericEntry::Final(_)));
        let is_batch = update.entries_numeric.iter().any(|update| !is_final(&update.numeric_entry));
        if is_batch && *split == Split::Train {
            self.step += 1;
        }
        for update in update.entries_numeric {
            let Some(entry) = update.numeric_entry else { continue };
            let id = update.entry.metric_id;
            let value = entry.current() / if self.is_accuracy(&id) { 100.0 } else { 1.0 };
            match entry {
                NumericEntry::Final(_) => self.series(&id, split_name, true).log(epoch as u64, value),
                // Batches of a validation are parts of one mean, which comes as the final entry.
                _ if *split != Split::Train => {}
                _ => {
                    let step = self.step;
                    self.series(&id, split_name, false).log(step, value);
                }
            }
        }
    }

    fn read_numeric(
        &mut self,
        _name: &str,
        _epoch: usize,
        _split: &Split,
    ) -> Result<Vec<NumericEntry>, String> {
        Err("a run log is only written here: keep a FileMetricLogger beside it".to_owned())
    }

    fn log_metric_definition(&mut self, definition: MetricDefinition) {
        self.names.insert(definition.metric_id, series_name(&definition.name));
    }

    fn log_epoch_summary(&mut self, _summary: EpochSummary) {}
}

/// `Top-K Accuracy @ 5` → `top_k_accuracy_5`.
fn series_name(metric: &str) -> String {
    let words = metric.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("_").to_lowercase();
    if name.is_empty() { "metric".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metric_names_become_series_names() {
        assert_eq!(series_name("Loss"), "loss");
        assert_eq!(series_name("Top-K Accuracy @ 5"), "top_k_accuracy_5");
        assert_eq!(series_name("<b>F1</b>/x"), "b_f1_b_x");
        assert_eq!(series_name("%"), "metric");
    }
}
