//! Burn's own `SupervisedTraining` on handwritten digits, recorded in a run: `cargo run --release -p learner`.
//!
//! The model, the batches and the metrics are plain Burn. What Trainscope adds are four lines in `main`.

use std::error::Error;
use std::io::Write;
use std::sync::Arc;

use burn::data::dataloader::batcher::Batcher;
use burn::data::dataloader::{DataLoader, DataLoaderBuilder};
use burn::data::dataset::InMemDataset;
use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{Linear, LinearConfig, Relu};
use burn::optim::AdamConfig;
use burn::tensor::{Device, Int, Tensor, TensorData};
use burn::train::metric::{AccuracyMetric, LossMetric};
use burn::train::{ClassificationOutput, InferenceStep, Learner, SupervisedTraining, TrainOutput, TrainStep};
use digits::data::{Digits, SIDE};
use trainscope_burn::{Dataset, RunExt};
use trainscope_hook::RunOptions;

#[derive(Module, Debug)]
struct Cnn {
    conv: Conv2d,
    relu: Relu,
    pool: MaxPool2d,
    output: Linear,
}

impl Cnn {
    fn new(device: &Device) -> Self {
        Self {
            conv: Conv2dConfig::new([1, 16], [3, 3]).init(device),
            relu: Relu::new(),
            pool: MaxPool2dConfig::new([2, 2]).init(),
            output: LinearConfig::new(16 * 3 * 3, 10).init(device),
        }
    }

    fn classify(&self, batch: Batch) -> ClassificationOutput {
        let maps = self.pool.forward(self.relu.forward(self.conv.forward(batch.images)));
        let output = self.output.forward(maps.flatten(1, 3));
        let loss = CrossEntropyLossConfig::new().init(&output.device());
        ClassificationOutput::new(loss.forward(output.clone(), batch.labels.clone()), output, batch.labels)
    }
}

impl TrainStep for Cnn {
    type Input = Batch;
    type Output = ClassificationOutput;
    fn step(&self, batch: Batch) -> TrainOutput<ClassificationOutput> {
        let output = self.classify(batch);
        TrainOutput::new(self, output.loss.backward(), output)
    }
}

impl InferenceStep for Cnn {
    type Input = Batch;
    type Output = ClassificationOutput;
    fn step(&self, batch: Batch) -> ClassificationOutput {
        self.classify(batch)
    }
}

type Image = (Vec<f32>, u32);

#[derive(Clone, Debug)]
struct Batch {
    images: Tensor<4>,
    labels: Tensor<1, Int>,
}

#[derive(Clone)]
struct ToBatch;

impl Batcher<Image, Batch> for ToBatch {
    fn batch(&self, items: Vec<Image>, device: &Device) -> Batch {
        let rows = items.len();
        let labels: Vec<i32> = items.iter().map(|(_, label)| *label as i32).collect();
        let images: Vec<f32> = items.into_iter().flat_map(|(image, _)| image).collect();
        Batch {
            images: Tensor::from_data(TensorData::new(images, [rows, 1, SIDE, SIDE]), device),
            labels: Tensor::from_data(TensorData::new(labels, [rows]), device),
        }
    }
}

fn loader(set: &Dataset) -> Arc<dyn DataLoader<Batch>> {
    let images = set.features().chunks(SIDE * SIDE).map(<[f32]>::to_vec).zip(set.labels().iter().copied());
    DataLoaderBuilder::new(ToBatch).batch_size(32).shuffle(7).build(InMemDataset::new(images.collect()))
}

fn main() -> Result<(), Box<dyn Error>> {
    let digits = Digits::embedded()?;
    let run = RunOptions::new("learner").config("learning_rate", 1e-3).start()?;
    let learner = run.learner();
    // Burn's own files lie beside the log; a folder of an older training would mix its epochs in.
    let artifacts = run.dir().join("burn");

    let training =
        SupervisedTraining::new(&artifacts, learner.gated(loader(&digits.train)), loader(&digits.validation))
            .metrics((LossMetric::new(), AccuracyMetric::new()))
            .metric_valid(learner.confusion(digits.validation.classes()))
            .num_epochs(10)
            .summary();
    let device = Device::default();
    device.seed(7);
    let model = Learner::new(Cnn::new(&device.autodiff()), AdamConfig::new().init(), 1e-3);
    let result = learner.attach(training, &artifacts).launch(model);

    match &result.error {
        Some(error) => {
            run.fail();
            return Err(error.to_string().into());
        }
        None => run.finish(),
    }
    writeln!(std::io::stdout(), "recorded in {}", run.dir().display())?;
    Ok(())
}
