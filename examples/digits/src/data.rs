//! The digits: 8×8 images of handwritten numbers, read from CSV and split.

use std::path::Path;

use trainscope_burn::{Dataset, DatasetError};

/// Side of an image, in cells.
pub const SIDE: usize = 8;
const CELLS: usize = SIDE * SIDE;
const CLASSES: u32 = 10;
/// The split is part of the data: with another seed the accuracies of two runs would not compare.
const SPLIT_SEED: u64 = 1797;

/// Images to learn from, to watch while learning, and to judge by at the end.
#[derive(Clone, Debug)]
pub struct Digits {
    /// 1,297 images.
    pub train: Dataset,
    /// 250 images.
    pub validation: Dataset,
    /// 250 images.
    pub test: Dataset,
}

/// Why there are no digits.
#[derive(Debug, thiserror::Error)]
pub enum ReadDigitsError {
    /// The file cannot be read.
    #[error("cannot read the digits: {0}")]
    File(std::io::Error),
    /// The first line is not the header.
    #[error("the file starts with the line \"label,pixels\", this one starts with {0:?}")]
    Header(String),
    /// Too few images for three sets.
    #[error("{images} images leave none to test with: training, validation and test need at least one each")]
    TooFew {
        /// Images in the file.
        images: usize,
    },
    /// There is no image after the header.
    #[error("the file has a header and no images")]
    Empty,
    /// A line without a comma.
    #[error("line {line}: a row is a label, a comma and {CELLS} characters; there is no comma in {found:?}")]
    Comma {
        /// The line, from 1.
        line: usize,
        /// What stands there.
        found: String,
    },
    /// A label that is no digit.
    #[error("line {line}: the label is a digit from 0 to 9, here it is {found:?}")]
    Label {
        /// The line, from 1.
        line: usize,
        /// What stands there.
        found: String,
    },
    /// Too few or too many cells.
    #[error("line {line}: an image has {CELLS} cells, this one has {found}")]
    Length {
        /// The line, from 1.
        line: usize,
        /// Cells that are there.
        found: usize,
    },
    /// A cell that is no ink.
    #[error("line {line}, cell {cell}: ink is written 0 to 9 and A to G, here stands {found:?}")]
    Ink {
        /// The line, from 1.
        line: usize,
        /// The cell, from 1.
        cell: usize,
        /// What stands there.
        found: char,
    },
    /// The rows are no data set.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
}

impl Digits {
    /// The 1,797 images that come with the example.
    pub fn embedded() -> Result<Self, ReadDigitsError> {
        Self::split(&images_from_csv(include_str!("../data/digits.csv"))?)
    }

    /// Images from another file of the same form.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, ReadDigitsError> {
        let text = std::fs::read_to_string(path).map_err(ReadDigitsError::File)?;
        Self::split(&images_from_csv(&text)?)
    }

    fn split(all: &Dataset) -> Result<Self, ReadDigitsError> {
        let (train, rest) = all.split(1297.0 / 1797.0, SPLIT_SEED);
        let (validation, test) = rest.split(0.5, SPLIT_SEED);
        if [&train, &validation, &test].iter().any(|set| set.labels().is_empty()) {
            return Err(ReadDigitsError::TooFew { images: all.labels().len() });
        }
        Ok(Self { train, validation, test })
    }
}

/// Images of shape `[1, 8, 8]`, ink from 0 to 1.
pub fn images_from_csv(text: &str) -> Result<Dataset, ReadDigitsError> {
    let mut lines = text.lines();
    let header = lines.next().unwrap_or_default();
    if header.trim_start_matches('\u{feff}').trim_end() != "label,pixels" {
        return Err(ReadDigitsError::Header(shortened(header)));
    }
    let (mut features, mut labels) = (Vec::new(), Vec::new());
    for (line, text) in (2..).zip(lines).filter(|(_, text)| !text.trim().is_empty()) {
        let (label, pixels) =
            text.split_once(',').ok_or_else(|| ReadDigitsError::Comma { line, found: shortened(text) })?;
        labels.push(label_from(line, label.trim())?);
        read_pixels(line, pixels.trim(), &mut features)?;
    }
    if labels.is_empty() {
        return Err(ReadDigitsError::Empty);
    }
    let classes = (0..CLASSES).map(|digit| digit.to_string()).collect();
    Ok(Dataset::new([1, SIDE, SIDE], features, labels, classes)?)
}

fn label_from(line: usize, text: &str) -> Result<u32, ReadDigitsError> {
    let label = text.parse().ok().filter(|label| *label < CLASSES);
    label.ok_or_else(|| ReadDigitsError::Label { line, found: shortened(text) })
}

fn read_pixels(line: usize, pixels: &str, features: &mut Vec<f32>) -> Result<(), ReadDigitsError> {
    let found = pixels.chars().count();
    if found != CELLS {
        return Err(ReadDigitsError::Length { line, found });
    }
    for (cell, ink) in (1..).zip(pixels.chars()) {
        let level = ink.to_digit(17).ok_or(ReadDigitsError::Ink { line, cell, found: ink })?;
        features.push(level as f32 / 16.0);
    }
    Ok(())
}

/// A line of an unknown file may be as long as the file.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(images_from_csv(text).unwrap_err().to_string(), expected);
    }

    fn image() -> String {
        "0".repeat(CELLS)
    }

    #[test]
    fn the_embedded_digits_are_split_by_class_count() {
        let digits = Digits::embedded().unwrap();
        assert_eq!((digits.train.len(), digits.validation.len(), digits.test.len()), (1297, 250, 250));
        let ink = digits.train.features();
        assert!(ink.iter().all(|ink| (0.0..=1.0).contains(ink)) && ink.contains(&1.0));
        for set in [&digits.train, &digits.validation, &digits.test] {
            assert!((0..10).all(|digit| set.labels().contains(&digit)));
        }
    }

    #[test]
    fn the_first_image_is_a_zero() {
        let all = images_from_csv(include_str!("../data/digits.csv")).unwrap();
        assert_eq!((all.len(), all.labels()[0]), (1797, 0));
        let row = all.row(0).unwrap();
        let inks: Vec<u32> = row[..SIDE].iter().map(|ink| (ink * 16.0) as u32).collect();
        assert_eq!(inks, [0, 0, 5, 13, 9, 1, 0, 0]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let good = image();
        check("", "the file starts with the line \"label,pixels\", this one starts with \"\"");
        check("label,pixels\n\n", "the file has a header and no images");
        check(
            &format!("label,pixels\n3,{good}\n3 {}", &good[..5]),
            "line 3: a row is a label, a comma and 64 characters; there is no comma in \"3 00000\"",
        );
        check(
            &format!("label,pixels\n10,{good}"),
            "line 2: the label is a digit from 0 to 9, here it is \"10\"",
        );
        check(
            &format!("label,pixels\n-1,{good}"),
            "line 2: the label is a digit from 0 to 9, here it is \"-1\"",
        );
        check(&format!("label,pixels\n1,{good}0"), "line 2: an image has 64 cells, this one has 65");
        check(
            &format!("label,pixels\n\n1,0H{}", &good[2..]),
            "line 3, cell 2: ink is written 0 to 9 and A to G, here stands 'H'",
        );
        check(
            &format!("label,pixels\n1,é{}", &good[1..]),
            "line 2, cell 1: ink is written 0 to 9 and A to G, here stands 'é'",
        );
        let error = Digits::read("no/such/file.csv").unwrap_err().to_string();
        assert!(error.starts_with("cannot read the digits: "), "{error}");
    }

    #[test]
    fn too_few_images_for_three_sets_are_refused_before_training() {
        let rows: String = (0..2).map(|label| format!("{label},{}\n", image())).collect();
        let all = images_from_csv(&format!("label,pixels\n{rows}")).unwrap();
        let error = Digits::split(&all).unwrap_err().to_string();
        assert_eq!(
            error,
            "2 images leave none to test with: training, validation and test need at least one each"
        );
    }

    #[test]
    fn line_ends_of_other_systems_are_fine() {
        assert_eq!(
            images_from_csv(&format!("\u{feff}label,pixels\r\n7,{}\r\n", image())).unwrap().labels(),
            [7]
        );
    }
}
