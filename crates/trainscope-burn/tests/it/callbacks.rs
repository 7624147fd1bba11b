//! The order of callbacks, and how they stop a training.

use std::sync::mpsc;

use trainscope_burn::learner::Gate;
use trainscope_burn::{
    BatchEnd, Callback, Control, EpochBegin, EpochEnd, ProgressBar, StopOnNan, TrainContext, TrainEnd,
};
use trainscope_schema::Note;

use crate::toys::{bars, convolutional, dense, points, quick};

#[derive(Default)]
struct Diary {
    lines: Vec<String>,
    stop_at_step: Option<u64>,
    stop_at_epoch: Option<u32>,
}

impl Callback for Diary {
    fn on_train_begin(&mut self, c: &TrainContext<'_>) {
        let (layers, rows) = (c.model.layers.len(), c.validation_rows);
        self.lines
            .push(format!("begin: {layers} layers, {} steps, {} rows, {rows:?}", c.steps, c.train_rows));
    }
    fn on_epoch_begin(&mut self, begin: &EpochBegin) {
        self.lines.push(format!("epoch {} after {}", begin.epoch, begin.step));
    }
    fn on_batch_end(&mut self, batch: &BatchEnd) -> Control {
        self.lines.push(format!("batch {}/{}: {} rows", batch.step, batch.steps, batch.rows));
        if Some(batch.step) == self.stop_at_step {
            Control::stop("enough batches")
        } else {
            Control::Continue
        }
    }
    fn on_epoch_end(&mut self, end: &EpochEnd<'_>) -> Control {
        let validated = end.validation.map(|v| (v.labels.len(), v.predicted.len(), v.probabilities.len()));
        self.lines.push(format!("epoch {} ends at {}, {validated:?}", end.scores.epoch, end.scores.step));
        if Some(end.scores.epoch) == self.stop_at_epoch {
            Control::stop("enough epochs")
        } else {
            Control::Continue
        }
    }
    fn on_note(&mut self, note: &Note) {
        self.lines.push(format!("note at {}", note.step.0));
    }
    fn on_train_end(&mut self, end: &TrainEnd<'_>) {
        self.lines.push(format!("end: {:?}", end.history.stopped));
    }
}

#[test]
fn callbacks_are_called_in_order() {
    let mut diary = Diary::default();
    let (train, validation) = (points(12), points(6));
    dense().fit(&train, quick(2).validate(&validation).callback(&mut diary)).unwrap();
    assert_eq!(
        diary.lines,
        [
            "begin: 2 layers, 4 steps, 12 rows, Some(6)",
            "epoch 1 after 0",
            "batch 1/4: 8 rows",
            "batch 2/4: 4 rows",
            "epoch 1 ends at 2, Some((6, 6, 12))",
            "epoch 2 after 2",
            "batch 3/4: 8 rows",
            "batch 4/4: 4 rows",
            "epoch 2 ends at 4, Some((6, 6, 12))",
            "end: None",
        ]
    );
}

#[test]
fn a_callback_stops_at_a_batch_or_an_epoch_and_the_others_still_hear_it() {
    let set = points(24);
    let mut stopper = Diary { stop_at_step: Some(2), ..Diary::default() };
    let mut other = Diary::default();
    let history = dense().fit(&set, quick(5).callback(&mut stopper).callback(&mut other)).unwrap();
    assert_eq!((history.stopped.as_deref(), history.steps), (Some("enough batches"), 2));
    assert_eq!(
        other.lines[1..],
        [
            "epoch 1 after 0",
            "batch 1/15: 8 rows",
            "batch 2/15: 8 rows",
            "epoch 1 ends at 2, None",
            "end: Some(\"enough batches\")"
        ]
    );

    let mut stopper = Diary { stop_at_epoch: Some(2), ..Diary::default() };
    let history = dense().fit(&set, quick(5).callback(&mut stopper)).unwrap();
    assert_eq!((history.stopped.as_deref(), history.epochs.len()), (Some("enough epochs"), 2));
}

#[test]
fn closures_are_callbacks() {
    let set = points(24);
    let mut losses = Vec::new();
    let fit = quick(5)
        .on_batch_end(|batch| {
            losses.push(batch.loss);
            Control::Continue
        })
        .on_epoch_end(|end| if end.scores.epoch == 3 { Control::stop("three") } else { Control::Continue });
    assert_eq!(dense().fit(&set, fit).unwrap().epochs.len(), 3);
    assert_eq!(losses.len(), 9);
}

#[test]
fn a_diverging_training_can_be_stopped() {
    let set = points(24);
    let diverging = || quick(50).learning_rate(1e30);
    let history = dense().fit(&set, diverging().callback(StopOnNan)).unwrap();
    let reason = history.stopped.unwrap();
    assert!(reason.starts_with("the loss became ") && history.epochs.len() < 50, "{reason}");
    let notes = dense().fit(&set, diverging()).unwrap().notes;
    assert_eq!(notes.len(), 1, "noted once: {notes:?}");
}

#[test]
fn feature_maps_are_made_only_for_those_who_want_them() {
    struct Wants(bool, Vec<String>);
    impl Callback for Wants {
        fn wants_probe(&self) -> bool {
            self.0
        }
        fn on_epoch_end(&mut self, end: &EpochEnd<'_>) -> Control {
            for tensor in end.probe {
                assert_eq!(tensor.values.len(), tensor.shape.iter().product::<u32>() as usize);
                let least = tensor.values.iter().copied().fold(f32::INFINITY, f32::min);
                assert!(least >= 0.0, "{} is shown after relu, but holds {least}", tensor.name);
                self.1.push(format!(
                    "{} {:?} {:?} {:?}",
                    tensor.name, tensor.role, tensor.shape, tensor.caption
                ));
            }
            Control::Continue
        }
    }
    let (set, mut yes, mut no) = (bars(8), Wants(true, vec![]), Wants(false, vec![]));
    convolutional().fit(&set, quick(1).probe(1).callback(&mut yes)).unwrap();
    assert_eq!(
        yes.1,
        [
            "input Input [1, 6, 6] Some(\"label horizontal\")",
            "conv1 Activation [4, 4, 4] Some(\"label horizontal\")"
        ]
    );
    convolutional().fit(&set, quick(1).callback(&mut no)).unwrap();
    assert!(no.1.is_empty());
}

#[test]
fn the_progress_bar_writes_a_line_an_epoch() {
    struct Sender(mpsc::Sender<Vec<u8>>);
    impl std::io::Write for Sender {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.send(bytes.to_vec()).map_err(std::io::Error::other)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (sender, receiver) = mpsc::channel();
    let set = points(24);
    let bar = ProgressBar::to(Sender(sender), false);
    dense().fit(&set, quick(3).validate(&set).callback(bar)).unwrap();
    let text = String::from_utf8(receiver.iter().flatten().collect()).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[2].starts_with("epoch  3/3  loss ") && lines[2].ends_with("0:00 left"), "{text}");
}

#[test]
fn a_gate_holds_fit_between_batches() {
    let gate = Gate::new();
    gate.pause();
    let (seen, steps) = mpsc::channel();
    std::thread::scope(|scope| {
        let callback = gate.callback();
        let training = scope.spawn(move || {
            let fit = quick(2).callback(callback).on_batch_end(move |batch| {
                seen.send(batch.step).unwrap();
                Control::Continue
            });
            dense().fit(&points(16), fit).unwrap().steps
        });
        while !gate.is_waiting() {
            std::thread::yield_now();
        }
        assert!(steps.try_recv().is_err(), "the gate stands before the second callback of batch 1");
        gate.resume();
        assert_eq!(training.join().unwrap(), 4);
    });
    assert_eq!(steps.iter().collect::<Vec<_>>(), [1, 2, 3, 4]);
}
