//! `fit`, `evaluate`, `predict`: learning, determinism, errors.

use trainscope_burn::{
    BatchNorm, Conv2d, Dataset, Dense, EarlyStopping, Fit, FitError, Flatten, Optimizer, PredictError,
    Sequential,
};

use crate::toys::{bars, convolutional, dense, points, quick};

fn refused(model: &mut Sequential, set: &Dataset, fit: Fit<'_>) -> String {
    model.fit(set, fit).unwrap_err().to_string()
}

#[test]
fn the_loss_falls_and_both_optimizers_learn() {
    let set = points(64);
    for optimizer in [Optimizer::Adam, Optimizer::Sgd { momentum: 0.0 }, Optimizer::Sgd { momentum: 0.9 }] {
        let mut model = dense();
        let history = model.fit(&set, quick(10).optimizer(optimizer)).unwrap();
        let (first, last) = (history.epochs[0].train, history.epochs[9].train);
        assert!(last.loss < first.loss / 2.0, "{optimizer:?}: {first:?} → {last:?}");
        assert_eq!(model.evaluate(&set).unwrap().accuracy, 1.0, "{optimizer:?}");
    }
}

#[test]
fn a_convolutional_model_learns_with_normalisation_and_without() {
    let set = bars(96);
    let normal =
        Sequential::new([Conv2d::new(4, 3).same(), BatchNorm::new().relu(), Flatten::new(), Dense::new(2)]);
    for mut model in [convolutional(), normal] {
        let history = model.fit(&set, quick(12).validate(&set)).unwrap();
        let validation = history.epochs.last().unwrap().validation.unwrap();
        assert!(validation.accuracy > 0.95, "{validation:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_history_and_another_seed_another() {
    let set = bars(70);
    let history = |seed| {
        let mut model = convolutional();
        model.fit(&set, quick(3).seed(seed).validate(&set)).unwrap()
    };
    assert_eq!(history(1), history(1));
    assert_ne!(history(1), history(2));
}

#[test]
fn evaluate_agrees_with_validation_and_predict() {
    let set = bars(40);
    let mut model = convolutional();
    let history = model.fit(&set, quick(2).validate(&set)).unwrap();
    let scores = model.evaluate(&set).unwrap();
    let validation = history.epochs[1].validation.unwrap();
    assert_eq!((scores.loss, scores.accuracy), (validation.loss, validation.accuracy));
    let predicted = model.predict(set.features()).unwrap();
    assert_eq!((&predicted.probabilities, &predicted.predicted), (&scores.probabilities, &scores.predicted));
    for row in predicted.probabilities.chunks(2) {
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6, "{row:?}");
    }
    assert!(model.predict(&[]).unwrap().predicted.is_empty());
}

#[test]
fn an_empty_validation_set_is_noted_once_and_gives_no_numbers() {
    let (set, empty) = (points(16), points(0));
    let history =
        dense().fit(&set, quick(2).validate(&empty).callback(EarlyStopping::monitor("val_loss"))).unwrap();
    assert_eq!(history.epochs.len(), 2);
    assert!(history.epochs.iter().all(|epoch| epoch.validation.is_none()));
    let notes: Vec<_> = history.notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(notes, ["the validation set is empty: nothing is validated"]);
    let mut model = dense();
    model.build(&[2]).unwrap();
    assert_eq!(model.evaluate(&empty), Err(PredictError::Empty));
}

#[test]
fn nan_in_the_data_is_noted_and_training_goes_on() {
    let set = points(16);
    let mut features = set.features().to_vec();
    features[3] = f32::NAN;
    let set = Dataset::new([2], features, set.labels().to_vec(), set.classes().to_vec()).unwrap();
    let history = dense().fit(&set, quick(3)).unwrap();
    assert_eq!(history.epochs.len(), 3);
    assert!(history.epochs[2].train.loss.is_nan());
    let notes: Vec<_> = history.notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert_eq!(notes[0], "1 of 32 features of the training set are NaN or infinite");
    assert!(notes[1].starts_with("the loss became NaN at step "), "{notes:?}");
}

#[test]
fn the_last_batch_may_be_one_row_even_with_normalisation() {
    let set = points(17);
    let mut model = Sequential::new([Dense::new(4), BatchNorm::new().relu(), Dense::new(2)]);
    let history = model.fit(&set, quick(2)).unwrap();
    assert_eq!(history.steps, 6);
    assert!(model.evaluate(&set).unwrap().loss.is_finite());
}

#[test]
fn a_second_fit_goes_on_from_the_first() {
    let set = points(64);
    let mut model = dense();
    let first = model.fit(&set, quick(3)).unwrap();
    let second = model.fit(&set, quick(1)).unwrap();
    assert!(second.epochs[0].train.loss < first.epochs[0].train.loss);
    assert_eq!(second.steps, 8);
}

#[test]
fn no_epochs_build_the_model_and_train_nothing() {
    let mut model = dense();
    assert!(model.fit(&points(4), quick(0)).unwrap().epochs.is_empty());
    assert!(model.model_summary().is_some());
}

#[test]
fn a_metric_that_no_epoch_ends_with_is_refused_before_training() {
    let set = points(4);
    let stop = |name: &str| quick(1).validate(&set).callback(EarlyStopping::monitor(name));
    assert_eq!(
        refused(&mut dense(), &set, stop("val_los")),
        "a callback watches \"val_los\", which no epoch ends with; known are loss (train/epoch_loss), \
         accuracy (train/epoch_accuracy), val_loss (validation/epoch_loss), val_accuracy (validation/epoch_accuracy)"
    );
    let without = quick(1).callback(EarlyStopping::monitor("val_loss"));
    assert_eq!(
        refused(&mut dense(), &set, without),
        "a callback watches \"val_loss\", but there is no validation set: add .validate(&set)"
    );
    assert!(dense().fit(&set, stop("validation/epoch_loss")).is_ok());
}

#[test]
fn what_cannot_be_trained_is_refused_with_a_reason() {
    let set = points(8);
    let check = |fit: Fit<'_>, expected: &str| assert_eq!(refused(&mut dense(), &set, fit), expected);
    check(quick(1).batch(0), "the batch is 0, but it must be at least 1 row");
    check(quick(1).learning_rate(-1.0), "the learning rate is -1, but it must be a finite number above 0");
    check(
        quick(1).learning_rate(f64::NAN),
        "the learning rate is NaN, but it must be a finite number above 0",
    );
    let sgd = Optimizer::Sgd { momentum: 1.0 };
    check(quick(1).optimizer(sgd), "the momentum is 1, but it must be at least 0 and below 1");
    check(quick(1).probe(8), "the probe is row 8 of the training set, which has 8 rows, from 0");
    let other = bars(4);
    check(
        quick(1).validate(&other),
        "the validation set must look like the training set: its row shape should be [2], but is [1, 6, 6]",
    );
    assert_eq!(dense().fit(&points(0), quick(1)), Err(FitError::EmptyTrainingSet));
    let mut wide = Sequential::new([Dense::new(3)]);
    assert_eq!(
        refused(&mut wide, &set, quick(1)),
        "the last layer, dense1, gives [3], but 2 classes need 2 numbers: end with Dense::new(2)"
    );
    let mut built = dense();
    built.build(&[3]).unwrap();
    assert_eq!(
        refused(&mut built, &set, quick(1)),
        "the model was built for rows of shape [3], the training set has [2]: build a new model"
    );
}

#[test]
fn a_model_says_what_it_cannot_predict() {
    let mut model = dense();
    assert_eq!(model.predict(&[0.0; 2]), Err(PredictError::NotBuilt));
    model.build(&[2]).unwrap();
    assert_eq!(
        model.predict(&[0.0; 3]).unwrap_err().to_string(),
        "rows of shape [2] have 2 features each, 3 features are no whole rows"
    );
    assert!(matches!(model.evaluate(&bars(2)), Err(PredictError::Shape { .. })));
    let three = Dataset::new([2], vec![0.0; 2], vec![0], vec!["a".into(), "b".into(), "c".into()]).unwrap();
    assert!(matches!(model.evaluate(&three), Err(PredictError::Classes { expected: 2, found: 3 })));
}

#[test]
fn the_summary_is_a_table() {
    let mut model = convolutional();
    assert_eq!(model.summary(), "a model of 5 layers, not built yet: its sizes follow from the input\n");
    model.build(&[1, 6, 6]).unwrap();
    let expected = "\
layer     kind              output  parameters
──────────────────────────────────────────────
conv1     Conv2d 3×3, relu  4×4×4           40
pool1     MaxPool2d 2×2     4×2×2            0
flatten1  Flatten           16               0
dropout1  Dropout 0.2       16               0
dense1    Dense, softmax    2               34
74 trainable parameters
";
    assert_eq!(model.summary(), expected);
}
