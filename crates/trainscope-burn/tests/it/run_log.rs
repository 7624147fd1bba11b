//! What `run.callback()` leaves in the run log.

use trainscope_burn::{EarlyStopping, RunExt};
use trainscope_schema::{Record, TensorRole};

use crate::toys::{bars, convolutional, dense, points, quick, records, run, series};

#[test]
fn a_training_is_in_the_log() {
    let (dir, set) = (tempfile::tempdir().unwrap(), bars(20));
    let run = run(dir.path());
    let history =
        convolutional().fit(&set, quick(3).validate(&set).probe(2).callback(run.callback())).unwrap();
    run.finish();
    let records = records(&run);

    let losses = series(&records, "train/loss");
    assert_eq!(losses.iter().map(|(step, _)| *step).collect::<Vec<_>>(), (1..=9).collect::<Vec<_>>());
    assert_eq!(series(&records, "train/accuracy").len(), 9);
    let weighted = (losses[0].1 * 8.0 + losses[1].1 * 8.0 + losses[2].1 * 4.0) / 20.0;
    assert!(
        (weighted - history.epochs[0].train.loss).abs() < 1e-9,
        "the epoch's loss is the mean over its rows"
    );
    for (name, value) in [
        ("train/epoch_loss", history.epochs[2].train.loss),
        ("train/epoch_accuracy", history.epochs[2].train.accuracy),
        ("validation/epoch_loss", history.epochs[2].validation.unwrap().loss),
        ("validation/epoch_accuracy", history.epochs[2].validation.unwrap().accuracy),
    ] {
        let points = series(&records, name);
        assert_eq!((points.len(), points[2]), (3, (3, value)), "{name}");
    }

    let model =
        records.iter().find_map(|r| if let Record::Model(model) = r { Some(model) } else { None }).unwrap();
    assert_eq!(model.layers[0].kind, "Conv2d 3×3, relu");
    let batches: Vec<_> =
        records.iter().filter_map(|r| if let Record::Predictions(p) = r { Some(p) } else { None }).collect();
    assert_eq!(batches.iter().map(|p| (p.epoch.0, p.step.0)).collect::<Vec<_>>(), [(1, 3), (2, 6), (3, 9)]);
    assert_eq!((batches[0].split.as_str(), batches[0].labels.as_slice()), ("validation", set.labels()));
    assert_eq!(batches[2].classes, ["vertical", "horizontal"]);

    let tensors: Vec<_> =
        records.iter().filter_map(|r| if let Record::Tensor(t) = r { Some(t) } else { None }).collect();
    let seen: Vec<_> = tensors.iter().map(|t| (t.epoch.0, t.name.as_str(), t.role, t.order)).collect();
    let epoch = |e| [(e, "input", TensorRole::Input, 0), (e, "conv1", TensorRole::Activation, 1)];
    assert_eq!(seen, [epoch(1), epoch(2), epoch(3)].concat());
    assert_eq!(tensors[0].values, set.row(2).unwrap());

    let progress =
        records.iter().rev().find_map(|r| if let Record::Progress(p) = r { Some(*p) } else { None }).unwrap();
    assert_eq!((progress.epoch.0, progress.epochs, progress.step.0, progress.steps), (3, 3, 9, 9));
    assert_eq!((run.losses().scalars, run.losses().records), (0, 0));
}

#[test]
fn nan_losses_and_stops_are_in_the_log() {
    let (dir, set) = (tempfile::tempdir().unwrap(), points(16));
    let run = run(dir.path());
    let fit = quick(20).learning_rate(1e30).callback(EarlyStopping::monitor("loss").patience(2));
    let history = dense().fit(&set, fit.callback(run.callback())).unwrap();
    run.finish();
    let records = records(&run);
    let losses = series(&records, "train/loss");
    assert_eq!(losses.len() as u64, history.steps);
    assert!(losses.iter().any(|(_, loss)| !loss.is_finite()), "{losses:?}");
    let notes: Vec<_> = records
        .iter()
        .filter_map(|r| if let Record::Note(note) = r { Some(note.text.as_str()) } else { None })
        .collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].starts_with("the loss became "), "{notes:?}");
    assert!(notes[1].starts_with("training stopped: train/epoch_loss did not get better"), "{notes:?}");
}
