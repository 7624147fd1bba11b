//! A data set in memory: rows of features, one label a row, names of classes.

use crate::random::Random;

/// Rows of features with labels. Cheap to borrow; `fit` never copies it whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    shape: Vec<usize>,
    features: Vec<f32>,
    labels: Vec<u32>,
    classes: Vec<String>,
}

/// Why numbers are not a data set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatasetError {
    /// The shape of a row is not one that layers take.
    #[error(
        "a row has shape [features] or [channels, height, width], every side at least 1; this one is {0:?}"
    )]
    Shape(Vec<usize>),
    /// The features do not fit the labels.
    #[error(
        "{rows} labels with rows of shape {shape:?} need {expected} features, {found} were given: \
         features are row-major, one row a label"
    )]
    Features {
        /// Count of labels.
        rows: usize,
        /// Shape of a row.
        shape: Vec<usize>,
        /// Features needed.
        expected: usize,
        /// Features given.
        found: usize,
    },
    /// A label is no class.
    #[error("row {row} has label {label}, but there are {classes} classes: labels go from 0 to {}", classes - 1)]
    Label {
        /// The row, from 0.
        row: usize,
        /// Its label.
        label: u32,
        /// Count of classes.
        classes: usize,
    },
    /// There are no class names.
    #[error("a data set names its classes, and the list of names is empty: give one name for each class")]
    NoClasses,
}

impl Dataset {
    /// A data set of `labels.len()` rows; no rows at all is allowed (an empty validation set).
    ///
    /// `shape` is a row's shape: `[features]`, or `[channels, height, width]` for images. `features` holds
    /// rows × the shape's product numbers, row-major; NaN and ±Inf are kept and warned about by `fit`.
    /// `labels` are indices into `classes`.
    pub fn new(
        shape: impl Into<Vec<usize>>,
        features: Vec<f32>,
        labels: Vec<u32>,
        classes: Vec<String>,
    ) -> Result<Self, DatasetError> {
        let shape = shape.into();
        let width = shape.iter().try_fold(1usize, |len, side| len.checked_mul(*side)).unwrap_or(0);
        if !matches!(shape.len(), 1 | 3) || width == 0 {
            return Err(DatasetError::Shape(shape));
        }
        if classes.is_empty() {
            return Err(DatasetError::NoClasses);
        }
        let expected = labels.len().saturating_mul(width);
        if features.len() != expected {
            return Err(DatasetError::Features {
                rows: labels.len(),
                shape,
                expected,
                found: features.len(),
            });
        }
        if let Some(row) = labels.iter().position(|label| *label as usize >= classes.len()) {
            return Err(DatasetError::Label { row, label: labels[row], classes: classes.len() });
        }
        Ok(Self { shape, features, labels, classes })
    }

    /// Count of rows.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Shape of a row.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// All features, row-major.
    pub fn features(&self) -> &[f32] {
        &self.features
    }

    /// Label of each row.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Names of the classes.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// Features of one row; `None` past the end.
    pub fn row(&self, row: usize) -> Option<&[f32]> {
        let width = self.width();
        self.features.get(row.checked_mul(width)?..)?.get(..width)
    }

    /// Two sets: a random `fraction` of the rows, and the others. The same seed gives the same split.
    ///
    /// `fraction` is held between 0 and 1 (NaN counts as 0); the first set has `round(fraction × rows)` rows.
    pub fn split(&self, fraction: f64, seed: u64) -> (Self, Self) {
        let fraction = if fraction.is_nan() { 0.0 } else { fraction.clamp(0.0, 1.0) };
        let first = (self.len() as f64 * fraction).round() as usize;
        let order = Random::new(seed, 0x5917).permutation(self.len());
        let (first, second) = order.split_at(first.min(order.len()));
        (self.select(first), self.select(second))
    }

    /// The first rows, `len` of them at most.
    pub fn take(&self, len: usize) -> Self {
        let rows: Vec<usize> = (0..len.min(self.len())).collect();
        self.select(&rows)
    }

    /// Features that are NaN or infinite.
    pub(crate) fn count_not_finite(&self) -> usize {
        self.features.iter().filter(|value| !value.is_finite()).count()
    }

    /// Features of some rows, one after the other. Every index must be below [`Self::len`].
    pub(crate) fn gather(&self, rows: &[usize]) -> Vec<f32> {
        let width = self.width();
        let mut out = Vec::with_capacity(rows.len() * width);
        for row in rows {
            out.extend_from_slice(&self.features[row * width..(row + 1) * width]);
        }
        out
    }

    fn select(&self, rows: &[usize]) -> Self {
        Self {
            shape: self.shape.clone(),
            features: self.gather(rows),
            labels: rows.iter().map(|row| self.labels[*row]).collect(),
            classes: self.classes.clone(),
        }
    }

    fn width(&self) -> usize {
        self.shape.iter().product()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|class| format!("class {class}")).collect()
    }

    fn check(shape: &[usize], features: usize, labels: &[u32], classes: usize, expected: &str) {
        let error = Dataset::new(shape, vec![0.0; features], labels.to_vec(), names(classes)).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_label_out_of_range_names_row_label_and_range() {
        check(&[1], 3, &[0, 1, 2], 2, "row 2 has label 2, but there are 2 classes: labels go from 0 to 1");
    }

    #[test]
    fn lengths_must_fit() {
        check(
            &[1, 2, 2],
            7,
            &[0, 1],
            2,
            "2 labels with rows of shape [1, 2, 2] need 8 features, 7 were given: \
             features are row-major, one row a label",
        );
    }

    #[test]
    fn shapes_and_classes_are_checked() {
        let shape =
            "a row has shape [features] or [channels, height, width], every side at least 1; this one is";
        check(&[2, 2], 4, &[0], 1, &format!("{shape} [2, 2]"));
        check(&[0], 0, &[0], 1, &format!("{shape} [0]"));
        check(&[], 0, &[], 1, &format!("{shape} []"));
        check(&[1, usize::MAX, 2], 0, &[], 1, &format!("{shape} [1, 18446744073709551615, 2]"));
        check(
            &[1],
            0,
            &[],
            0,
            "a data set names its classes, and the list of names is empty: give one name for each class",
        );
    }

    #[test]
    fn no_rows_are_allowed() {
        assert!(Dataset::new([3], vec![], vec![], names(2)).unwrap().is_empty());
    }

    #[test]
    fn a_split_keeps_every_row_once_and_rows_with_their_labels() {
        let labels: Vec<u32> = (0..10).collect();
        let features = labels.iter().flat_map(|label| [*label as f32, -(*label as f32)]).collect();
        let all = Dataset::new([2], features, labels, names(10)).unwrap();
        let (first, second) = all.split(0.7, 3);
        assert_eq!((first.len(), second.len()), (7, 3));
        let mut labels: Vec<u32> = first.labels().iter().chain(second.labels()).copied().collect();
        labels.sort_unstable();
        assert_eq!(labels, (0..10).collect::<Vec<_>>());
        for row in 0..first.len() {
            assert_eq!(first.row(row).unwrap()[0], first.labels()[row] as f32);
        }
        assert_eq!(all.split(0.7, 3), (first.clone(), second));
        assert_ne!(all.split(0.7, 4).0, first);
        assert_eq!(all.split(f64::NAN, 3).0.len(), 0);
        assert_eq!(all.split(9.0, 3).0.len(), 10);
        assert_eq!(all.row(10), None);
        assert_eq!(all.row(usize::MAX), None);
    }
}
