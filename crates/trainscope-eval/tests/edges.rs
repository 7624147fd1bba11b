//! Ends of the range: no rows, one class, all right, all wrong, and batches that are refused.

// Clippy's leave to unwrap in tests does not reach the functions that tests share.
#![allow(clippy::unwrap_used)]

use trainscope_eval::{
    AddPredictionsError, MAX_CLASSES, MergeTalliesError, Share, Tally, confusion_shares, evaluate,
};
use trainscope_schema::{Epoch, Evaluation, Predictions, Step};

fn batch(classes: &[&str], labels: &[u32], predicted: &[u32]) -> Predictions {
    Predictions {
        split: "test".into(),
        step: Step(7),
        epoch: Epoch(2),
        evaluation: 0,
        classes: classes.iter().map(|name| (*name).to_owned()).collect(),
        labels: labels.to_vec(),
        predicted: predicted.to_vec(),
        probabilities: Vec::new(),
    }
}

fn figures(classes: &[&str], labels: &[u32], predicted: &[u32]) -> Evaluation {
    evaluate(&batch(classes, labels, predicted)).unwrap()
}

#[test]
fn no_rows_leave_every_figure_undefined() {
    let found = figures(&["a", "b"], &[], &[]);
    assert_eq!((found.n, found.accuracy, found.log_loss, found.calibration), (0, None, None, None));
    let averages = found.averages;
    assert_eq!((averages.macro_precision, averages.macro_recall), (None, None));
    assert_eq!((averages.macro_f1, averages.mcc), (None, None));
    assert_eq!(found.confused, []);
    assert!(found.per_class.iter().all(|row| row.precision.is_none() && row.recall.is_none()));
    assert!(found.per_class.iter().all(|row| row.f1.is_none() && row.predicted_true_ratio.is_none()));
}

#[test]
fn no_classes_and_no_rows_are_an_empty_evaluation() {
    let found = figures(&[], &[], &[]);
    assert_eq!((found.n, found.confusion.len(), found.per_class.len()), (0, 0, 0));
    assert_eq!(confusion_shares(&found, Share::OfTrue), []);
}

#[test]
fn one_class_is_always_right_and_correlates_with_nothing() {
    let found = figures(&["only"], &[0, 0], &[0, 0]);
    assert_eq!(found.accuracy.map(|rate| (rate.value, rate.high)), Some((1.0, 1.0)));
    assert_eq!(found.averages.mcc, None);
    assert_eq!(found.confused, []);
}

#[test]
fn place_and_names_are_kept_as_they_are() {
    let found = figures(&["<img src=x onerror=alert(1)>", ""], &[0], &[1]);
    assert_eq!(found.per_class[0].name, "<img src=x onerror=alert(1)>");
    assert_eq!((found.split.as_str(), found.step, found.epoch), ("test", Step(7), Epoch(2)));
}

#[test]
fn an_absent_class_has_no_recall_and_an_unpredicted_one_no_precision() {
    let found = figures(&["a", "absent", "unpredicted", "neither"], &[0, 0, 2], &[0, 1, 0]);
    let absent = &found.per_class[1];
    assert_eq!((absent.recall, absent.predicted_true_ratio), (None, None));
    assert_eq!(absent.precision.map(|rate| (rate.value, rate.n)), Some((0.0, 1)));
    assert_eq!(absent.f1, Some(0.0));
    let unpredicted = &found.per_class[2];
    assert_eq!((unpredicted.precision, unpredicted.predicted_true_ratio), (None, Some(0.0)));
    assert_eq!(found.per_class[3].f1, None);
    assert_eq!(found.averages.macro_recall, Some(0.25));
    assert_eq!(confusion_shares(&found, Share::OfTrue)[4..8], [None; 4]);
    assert_eq!(confusion_shares(&found, Share::OfPredicted)[3], None);
}

#[test]
fn all_right_is_exactly_one() {
    let found = figures(&["a", "b", "c"], &[0, 1, 2, 2], &[0, 1, 2, 2]);
    assert_eq!(found.accuracy.map(|rate| rate.value), Some(1.0));
    assert_eq!((found.averages.mcc, found.averages.macro_f1), (Some(1.0), Some(1.0)));
    assert_eq!(found.confused, []);
}

#[test]
fn all_wrong_is_exactly_zero() {
    let found = figures(&["a", "b"], &[0, 1], &[1, 0]);
    assert_eq!(found.accuracy.map(|rate| (rate.low, rate.value)), Some((0.0, 0.0)));
    assert_eq!((found.averages.mcc, found.averages.macro_f1), (Some(-1.0), Some(0.0)));
    assert_eq!(found.confused.len(), 2);
}

#[test]
fn rows_of_bad_probabilities_alone_have_no_log_loss() {
    let rows = Predictions { probabilities: vec![f32::NAN, 0.5], ..batch(&["a", "b"], &[0], &[0]) };
    let found = evaluate(&rows).unwrap();
    assert_eq!((found.bad_probability_rows, found.log_loss, found.calibration), (1, None, None));
    assert_eq!(found.accuracy.map(|rate| rate.hits), Some(1));
}

#[test]
fn a_probability_of_zero_for_the_truth_costs_36_nats() {
    let rows = Predictions { probabilities: vec![0.0, 1.0], ..batch(&["a", "b"], &[0], &[1]) };
    let log_loss = evaluate(&rows).unwrap().log_loss.unwrap();
    assert!((log_loss - 36.04365338911715).abs() < 1e-12, "{log_loss}");
}

#[test]
fn calibration_speaks_of_the_largest_probability_not_of_the_predicted_class() {
    let rows = Predictions { probabilities: vec![0.7, 0.3], ..batch(&["a", "b"], &[0], &[1]) };
    let found = evaluate(&rows).unwrap();
    assert_eq!(found.accuracy.map(|rate| rate.hits), Some(0));
    let hits: u64 =
        found.calibration.unwrap().bins.iter().filter_map(|bin| bin.accuracy).map(|rate| rate.hits).sum();
    assert_eq!(hits, 1);
}

fn check_refused(batch: &Predictions, message: &str) {
    let mut tally = Tally::new(vec!["a".into(), "b".into()]);
    let empty = tally.clone();
    assert_eq!(tally.add(batch).unwrap_err().to_string(), message);
    assert_eq!(tally, empty, "a refused batch left something behind");
}

#[test]
fn other_classes_are_refused() {
    check_refused(
        &batch(&["a", "c"], &[0], &[0]),
        "expected 2 classes with class 1 \"b\", found 2 classes with class 1 \"c\": \
         tally predictions of different class lists apart",
    );
}

#[test]
fn columns_of_unequal_length_are_refused() {
    check_refused(
        &batch(&["a", "b"], &[0, 1], &[0]),
        "expected 2 numbers in column `predicted`, found 1: give each row its own",
    );
    check_refused(
        &Predictions { probabilities: vec![0.5; 3], ..batch(&["a", "b"], &[0, 1], &[0, 1]) },
        "expected 4 numbers in column `probability`, found 3: give each row its own",
    );
}

#[test]
fn classes_beyond_the_list_are_refused() {
    check_refused(
        &batch(&["a", "b"], &[0, 1, 0], &[0, 1, u32::MAX]),
        "expected classes below 2 in column `predicted`, found 4294967295 in row 2: name every class",
    );
}

#[test]
fn a_row_of_too_few_probabilities_is_refused() {
    let mut tally = Tally::new(vec!["a".into(), "b".into()]);
    let error = tally.add_row(0, 0, Some(&[1.0])).unwrap_err();
    assert_eq!(error, AddPredictionsError::ColumnLen { column: "probability", expected: 2, found: 1 });
    assert_eq!(tally.evaluation("test", Step(0), Epoch(0)).n, 0);
}

#[test]
fn more_classes_than_a_matrix_can_hold_are_refused_before_memory_is_taken() {
    let classes: Vec<String> = (0..=MAX_CLASSES).map(|class| class.to_string()).collect();
    let mut tally = Tally::new(classes);
    let error = tally.add_row(0, 0, None).unwrap_err();
    assert_eq!(error, AddPredictionsError::TooManyClasses { classes: MAX_CLASSES + 1 });
    assert_eq!(tally.evaluation("test", Step(0), Epoch(0)).accuracy, None);
}

#[test]
fn tallies_of_other_classes_are_not_merged() {
    let mut tally = Tally::new(vec!["a".into()]);
    let error = tally.merge(&Tally::new(vec!["b".into()])).unwrap_err();
    assert!(matches!(error, MergeTalliesError::Classes(_)));
}
