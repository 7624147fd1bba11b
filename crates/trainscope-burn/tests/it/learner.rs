//! Burn's own `SupervisedTraining` with the bundle, end to end.

use std::sync::Arc;

use burn::data::dataloader::DataLoaderBuilder;
use burn::data::dataloader::batcher::Batcher;
use burn::data::dataset::InMemDataset;
use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Linear, LinearConfig};
use burn::optim::AdamConfig;
use burn::tensor::{Device, Int, Tensor, TensorData};
use burn::train::metric::{AccuracyMetric, LossMetric};
use burn::train::{
    ClassificationOutput, InferenceStep, Learner, LearningResult, SupervisedTraining, TrainOutput, TrainStep,
};
use trainscope_burn::RunExt;
use trainscope_burn::learner::LearnerRun;
use trainscope_schema::Record;

use crate::toys::{records, run, series};

#[derive(Module, Debug)]
struct Model {
    linear: Linear,
}

#[derive(Clone, Debug)]
struct Batch {
    inputs: Tensor<2>,
    targets: Tensor<1, Int>,
}

#[derive(Clone)]
struct ToBatch;

impl Batcher<(f32, i32), Batch> for ToBatch {
    fn batch(&self, items: Vec<(f32, i32)>, device: &Device) -> Batch {
        let rows = items.len();
        let inputs: Vec<f32> = items.iter().map(|(x, _)| *x).collect();
        let targets: Vec<i32> = items.iter().map(|(_, label)| *label).collect();
        Batch {
            inputs: Tensor::from_data(TensorData::new(inputs, [rows, 1]), device),
            targets: Tensor::from_data(TensorData::new(targets, [rows]), device),
        }
    }
}

impl Model {
    fn forward(&self, batch: Batch) -> ClassificationOutput {
        let output = self.linear.forward(batch.inputs);
        let loss = CrossEntropyLossConfig::new()
            .init(&output.device())
            .forward(output.clone(), batch.targets.clone());
        ClassificationOutput::new(loss, output, batch.targets)
    }
}

impl TrainStep for Model {
    type Input = Batch;
    type Output = ClassificationOutput;
    fn step(&self, batch: Batch) -> TrainOutput<ClassificationOutput> {
        let output = self.forward(batch);
        TrainOutput::new(self, output.loss.backward(), output)
    }
}

impl InferenceStep for Model {
    type Input = Batch;
    type Output = ClassificationOutput;
    fn step(&self, batch: Batch) -> ClassificationOutput {
        self.forward(batch)
    }
}

fn launch(learner: &LearnerRun, dir: &std::path::Path, classes: &[&str]) -> LearningResult<Model> {
    let rows = |n: i32| {
        (0..n).map(|row| (if row % 2 == 0 { -1.0 } else { 1.0 } * (1.0 + row as f32), row % 2)).collect()
    };
    let loader = |n| DataLoaderBuilder::new(ToBatch).batch_size(5).build(InMemDataset::new(rows(n)));
    let device = Device::default().autodiff();
    let training = SupervisedTraining::new(dir, learner.gated(loader(20)), loader(8))
        .metrics((LossMetric::new(), AccuracyMetric::new()))
        .metric_valid(learner.confusion(classes.iter().copied()))
        .with_application_logger(None)
        .num_epochs(3);
    let model = Model { linear: LinearConfig::new(1, 2).init(&device) };
    learner.attach(training, dir).launch(Learner::new(model, AdamConfig::new().init(), 0.1))
}

#[test]
fn burns_own_training_is_in_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let run = run(dir.path());
    let result = launch(&run.learner(), &dir.path().join("artifacts"), &["neg", "pos"]);
    assert!(result.error.is_none() && result.interrupted.is_none());
    run.finish();
    let records = records(&run);

    let steps: Vec<u64> = series(&records, "train/loss").iter().map(|(step, _)| *step).collect();
    assert_eq!(steps, (1..=12).collect::<Vec<_>>());
    for name in
        ["train/epoch_loss", "train/epoch_accuracy", "validation/epoch_loss", "validation/epoch_accuracy"]
    {
        let epochs: Vec<u64> = series(&records, name).iter().map(|(epoch, _)| *epoch).collect();
        assert_eq!(epochs, [1, 2, 3], "{name}");
    }
    let accuracy = series(&records, "validation/epoch_accuracy");
    assert!(accuracy.iter().all(|(_, value)| (0.0..=1.0).contains(value)), "{accuracy:?}");

    let batches: Vec<_> =
        records.iter().filter_map(|r| if let Record::Predictions(p) = r { Some(p) } else { None }).collect();
    assert_eq!(batches.iter().map(|p| (p.epoch.0, p.step.0)).collect::<Vec<_>>(), [(1, 4), (2, 8), (3, 12)]);
    for (batch, (_, accuracy)) in batches.iter().zip(&accuracy) {
        assert_eq!(
            (batch.split.as_str(), batch.labels.as_slice()),
            ("validation", &[0, 1, 0, 1, 0, 1, 0, 1][..])
        );
        let right = batch.labels.iter().zip(&batch.predicted).filter(|(a, b)| a == b).count();
        assert!((right as f64 / 8.0 - accuracy).abs() < 1e-6, "predictions and Burn's accuracy agree");
        assert!(
            batch.probabilities.chunks(2).all(|row| (row[0] + row[1] - 1.0).abs() < 1e-6),
            "softmax was applied"
        );
    }
    let progress =
        records.iter().rev().find_map(|r| if let Record::Progress(p) = r { Some(*p) } else { None }).unwrap();
    assert_eq!((progress.epoch.0, progress.epochs, progress.step.0, progress.steps), (3, 3, 12, 12));
}

#[test]
fn wrong_class_names_are_numbered_and_noted_once() {
    let dir = tempfile::tempdir().unwrap();
    let run = run(dir.path());
    launch(&run.learner(), &dir.path().join("artifacts"), &["only one"]);
    run.finish();
    let records = records(&run);
    let notes: Vec<_> = records
        .iter()
        .filter_map(|r| if let Record::Note(note) = r { Some(note.text.as_str()) } else { None })
        .collect();
    assert_eq!(notes, ["1 class names for 2 classes: numbered instead"]);
    assert!(records.iter().any(|r| matches!(r, Record::Predictions(p) if p.classes == ["0", "1"])));
}

#[test]
fn a_paused_training_can_be_stepped_and_stopped() {
    let dir = Arc::new(tempfile::tempdir().unwrap());
    let run = run(dir.path());
    let learner = run.learner();
    learner.gate().pause();
    let training = {
        let (learner, artifacts) = (learner.clone(), dir.path().join("artifacts"));
        std::thread::spawn(move || launch(&learner, &artifacts, &["neg", "pos"]).interrupted)
    };
    let wait = || {
        while !learner.gate().is_waiting() {
            assert!(!training.is_finished(), "a paused training goes nowhere");
            std::thread::yield_now();
        }
    };
    wait();
    learner.gate().step(2);
    while !(learner.gate().is_paused() && learner.gate().is_waiting()) {
        std::thread::yield_now();
    }
    learner.stop("seen enough");
    let interruption = training.join().unwrap().unwrap();
    assert_eq!(interruption.reason.as_deref(), Some("seen enough"));
    run.finish();
    let steps = series(&records(&run), "train/loss").len();
    assert!((2..=4).contains(&steps), "two steps, and at most what was under way: {steps}");
}
