//! Laws of tallies and evaluations, on random predictions.

// Clippy's leave to unwrap in tests does not reach the functions that tests share.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use trainscope_eval::{Share, Tally, confusion_shares, evaluate, wilson};
use trainscope_schema::{Epoch, Evaluation, Predictions, Step};

/// A row: true class, predicted class, probabilities.
type Row = (u32, u32, Vec<f32>);

fn batch(classes: usize, rows: &[Row]) -> Predictions {
    Predictions {
        split: "test".into(),
        step: Step(3),
        epoch: Epoch(1),
        evaluation: 0,
        classes: (0..classes).map(|class| format!("class {class}")).collect(),
        labels: rows.iter().map(|row| row.0).collect(),
        predicted: rows.iter().map(|row| row.1).collect(),
        probabilities: rows.iter().flat_map(|row| row.2.clone()).collect(),
    }
}

fn tally(classes: usize, rows: &[Row]) -> Tally {
    let batch = batch(classes, rows);
    let mut tally = Tally::new(batch.classes.clone());
    tally.add(&batch).unwrap();
    tally
}

fn merged(left: &Tally, right: &Tally) -> Tally {
    let mut sum = left.clone();
    sum.merge(right).unwrap();
    sum
}

fn shown(tally: &Tally) -> Evaluation {
    tally.evaluation("test", Step(3), Epoch(1))
}

/// Equal but for the last digits of what is summed in f64.
fn assert_same(left: &Evaluation, right: &Evaluation) {
    let close = |left: Option<f64>, right: Option<f64>| match (left, right) {
        (Some(left), Some(right)) => assert!((left - right).abs() <= 1e-12, "{left} and {right}"),
        (left, right) => assert_eq!(left, right),
    };
    close(left.log_loss, right.log_loss);
    assert_eq!(left.calibration.is_some(), right.calibration.is_some());
    if let (Some(left), Some(right)) = (&left.calibration, &right.calibration) {
        close(Some(left.ece), Some(right.ece));
        close(Some(left.mce), Some(right.mce));
        close(Some(left.overconfidence), Some(right.overconfidence));
        for (left, right) in left.bins.iter().zip(&right.bins) {
            assert_eq!(left.accuracy, right.accuracy);
            close(left.confidence, right.confidence);
        }
    }
    let counts = |of: &Evaluation| Evaluation { log_loss: None, calibration: None, ..of.clone() };
    assert_eq!(counts(left), counts(right));
}

fn finite(evaluation: &Evaluation) -> bool {
    let calibration = evaluation.calibration.iter();
    let figures = calibration.flat_map(|c| [c.ece, c.mce, c.overconfidence]).chain(evaluation.log_loss);
    figures.chain(evaluation.averages.mcc).all(f64::is_finite)
}

fn row(classes: usize, probability: impl Strategy<Value = f32> + Clone) -> impl Strategy<Value = Row> {
    let class = 0..classes as u32;
    (class.clone(), class, prop::collection::vec(probability, classes))
}

fn rows(
    probability: impl Strategy<Value = f32> + Clone + 'static,
) -> impl Strategy<Value = (usize, Vec<Row>)> {
    (1usize..6).prop_flat_map(move |classes| {
        prop::collection::vec(row(classes, probability.clone()), 0..40).prop_map(move |rows| (classes, rows))
    })
}

fn sound() -> impl Strategy<Value = f32> + Clone {
    prop_oneof![4 => 0.0f32..=1.0, 1 => Just(0.0), 1 => Just(1.0), 1 => Just(0.2)]
}

fn hostile() -> impl Strategy<Value = f32> + Clone {
    prop_oneof![
        9 => sound(),
        1 => prop::sample::select(vec![f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -0.25, 1.5, -1e-5, 1.00001, f32::MAX]),
    ]
}

#[test]
fn a_probability_that_rounding_put_outside_counts_as_0_or_1() {
    let of = |outside: f32, inside: f32| {
        let rows = |p: f32| vec![(0, 0, vec![p, 0.25]), (1, 1, vec![0.75, p])];
        let (rounded, exact) = (shown(&tally(2, &rows(outside))), shown(&tally(2, &rows(inside))));
        assert_eq!(rounded.bad_probability_rows, 0, "{outside}");
        assert_eq!(rounded, exact, "{outside} is not read as {inside}");
    };
    of(1.000_000_1, 1.0);
    of(-1e-7, 0.0);
    of(-1e-30, 0.0);
}

proptest! {
    #[test]
    fn merging_is_commutative_associative_and_equals_adding_all(
        (classes, rows) in rows(hostile()), cuts in (0.0..1.0, 0.0..1.0)
    ) {
        let cut = |share: f64| (rows.len() as f64 * share) as usize;
        let (first, second) = (cut(f64::min(cuts.0, cuts.1)), cut(f64::max(cuts.0, cuts.1)));
        let [a, b, c] = [&rows[..first], &rows[first..second], &rows[second..]].map(|rows| tally(classes, rows));
        let all = shown(&tally(classes, &rows));
        assert_same(&shown(&merged(&merged(&a, &b), &c)), &all);
        assert_same(&shown(&merged(&a, &merged(&b, &c))), &all);
        assert_same(&shown(&merged(&c, &merged(&b, &a))), &all);
    }

    #[test]
    fn the_order_of_rows_changes_nothing((classes, rows) in rows(hostile()), by in any::<prop::sample::Index>()) {
        let mut turned = rows.clone();
        turned.reverse();
        if !turned.is_empty() {
            let by = by.index(turned.len());
            turned.rotate_left(by);
        }
        assert_same(&shown(&tally(classes, &turned)), &shown(&tally(classes, &rows)));
    }

    #[test]
    fn counts_add_up((classes, rows) in rows(hostile())) {
        let found = shown(&tally(classes, &rows));
        let n = rows.len() as u64;
        prop_assert_eq!(found.n, n);
        prop_assert_eq!(found.confusion.iter().sum::<u64>(), n);
        prop_assert_eq!(found.per_class.iter().map(|row| row.support).sum::<u64>(), n);
        prop_assert_eq!(found.per_class.iter().map(|row| row.predicted).sum::<u64>(), n);
        let bins = found.calibration.iter().flat_map(|calibration| &calibration.bins);
        let scored: u64 = bins.filter_map(|bin| bin.accuracy).map(|rate| rate.n).sum();
        prop_assert_eq!(scored + found.bad_probability_rows, n);
        for class in 0..classes {
            let shares = &confusion_shares(&found, Share::OfTrue)[class * classes..(class + 1) * classes];
            let sum: Option<f64> = shares.iter().copied().sum();
            prop_assert!(sum.is_none_or(|sum| (sum - 1.0).abs() < 1e-12));
            prop_assert_eq!(sum.is_none(), found.per_class[class].recall.is_none());
        }
    }

    #[test]
    fn bad_probabilities_are_counted_and_poison_nothing((classes, rows) in rows(hostile())) {
        let bad = |row: &Row| row.2.iter().any(|p| !p.is_finite() || *p < 0.0 || *p > 1.0);
        let found = shown(&tally(classes, &rows));
        prop_assert_eq!(found.bad_probability_rows, rows.iter().filter(|row| bad(row)).count() as u64);
        prop_assert!(finite(&found));
        let sound: Vec<Row> = rows.iter().filter(|row| !bad(row)).cloned().collect();
        let without = shown(&tally(classes, &sound));
        prop_assert_eq!(found.log_loss, without.log_loss);
        prop_assert_eq!(found.calibration, without.calibration);
    }

    #[test]
    fn ece_is_between_overconfidence_and_mce((classes, rows) in rows(sound())) {
        if let Some(found) = shown(&tally(classes, &rows)).calibration {
            prop_assert!(found.overconfidence.abs() <= found.ece + 1e-12);
            prop_assert!(found.ece <= found.mce + 1e-12 && found.mce <= 1.0);
        }
    }

    #[test]
    fn one_batch_is_a_tally_of_it((classes, rows) in rows(hostile())) {
        prop_assert_eq!(evaluate(&batch(classes, &rows)).unwrap(), shown(&tally(classes, &rows)));
    }

    #[test]
    fn f32_rows_are_their_f64_selves((classes, rows) in rows(hostile())) {
        let mut widened = Tally::new(batch(classes, &[]).classes);
        for (label, predicted, row) in &rows {
            let row: Vec<f64> = row.iter().map(|p| f64::from(*p)).collect();
            widened.add_row(*label, *predicted, Some(&row)).unwrap();
        }
        prop_assert_eq!(widened, tally(classes, &rows));
    }

    #[test]
    fn wilson_contains_its_estimate_and_narrows(hits in any::<u64>(), n in 1..=u64::MAX) {
        let hits = hits % n.saturating_add(1).max(1);
        let rate = wilson(hits, n).unwrap();
        prop_assert!(0.0 <= rate.low && rate.low <= rate.value);
        prop_assert!(rate.value <= rate.high && rate.high <= 1.0);
        let (hits, n) = (hits % 1_000, 1_000);
        let narrow = wilson(hits * 10, n * 10).unwrap();
        let wide = wilson(hits, n).unwrap();
        prop_assert!(narrow.high - narrow.low < wide.high - wide.low);
    }
}
