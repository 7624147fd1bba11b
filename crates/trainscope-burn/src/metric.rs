//! The four numbers that each epoch ends with, and the names they go by.

use std::fmt;
use std::str::FromStr;

/// A number known at the end of each epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Mean loss of the epoch's batches, weighted by their rows.
    TrainLoss,
    /// Share of training rows predicted right while training, 0 to 1.
    TrainAccuracy,
    /// Mean loss over the validation set after the epoch.
    ValidationLoss,
    /// Share of validation rows predicted right after the epoch, 0 to 1.
    ValidationAccuracy,
}

impl Metric {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::TrainLoss, Self::TrainAccuracy, Self::ValidationLoss, Self::ValidationAccuracy];

    /// Name of its series in a run log.
    pub fn name(self) -> &'static str {
        match self {
            Self::TrainLoss => "train/epoch_loss",
            Self::TrainAccuracy => "train/epoch_accuracy",
            Self::ValidationLoss => "validation/epoch_loss",
            Self::ValidationAccuracy => "validation/epoch_accuracy",
        }
    }

    /// Keras' name for it.
    pub fn short_name(self) -> &'static str {
        match self {
            Self::TrainLoss => "loss",
            Self::TrainAccuracy => "accuracy",
            Self::ValidationLoss => "val_loss",
            Self::ValidationAccuracy => "val_accuracy",
        }
    }

    /// Whether larger is better.
    pub fn larger_is_better(self) -> bool {
        matches!(self, Self::TrainAccuracy | Self::ValidationAccuracy)
    }

    /// Whether it needs a validation set.
    pub fn needs_validation(self) -> bool {
        matches!(self, Self::ValidationLoss | Self::ValidationAccuracy)
    }

    /// All names, for a message.
    pub(crate) fn known() -> String {
        let names = Self::ALL.iter().map(|metric| format!("{} ({})", metric.short_name(), metric.name()));
        names.collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is none of [`Metric::ALL`]'s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownMetric;

impl FromStr for Metric {
    type Err = UnknownMetric;
    fn from_str(name: &str) -> Result<Self, UnknownMetric> {
        let found = Self::ALL.iter().find(|metric| metric.name() == name || metric.short_name() == name);
        found.copied().ok_or(UnknownMetric)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_names_are_known_and_no_others() {
        for metric in Metric::ALL {
            assert_eq!(metric.name().parse(), Ok(metric));
            assert_eq!(metric.short_name().parse(), Ok(metric));
        }
        assert_eq!("val_los".parse::<Metric>(), Err(UnknownMetric));
        assert_eq!("".parse::<Metric>(), Err(UnknownMetric));
    }
}
