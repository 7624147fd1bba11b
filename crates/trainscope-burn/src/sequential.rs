//! A model as a list of layers, as Keras has it.

use std::fmt::Write;
use std::path::Path;

use burn::module::Module;
use burn::tensor::Device;
use trainscope_schema::ModelSummary;

use crate::build_error::BuildError;
use crate::dataset::Dataset;
use crate::fit::{Fit, FitError};
use crate::history::History;
use crate::layer::Layer;
use crate::network::Network;
use crate::plan::Plan;
use crate::predict::{self, PredictError, Predicted, Scores};
use crate::training;
use crate::weights::{self, LoadModelError, SaveModelError};

/// A classifier: layers one after the other, trained with cross-entropy.
///
/// Sizes are inferred when the model is built, by [`Self::build`] or the first [`Self::fit`].
#[derive(Clone, Debug)]
pub struct Sequential {
    pub(crate) layers: Vec<Layer>,
    pub(crate) seed: Option<u64>,
    /// Without autodiff; training adds it.
    pub(crate) device: Device,
    pub(crate) built: Option<Built>,
}

/// Plan and weights, once the input's shape is known.
#[derive(Clone, Debug)]
pub(crate) struct Built {
    pub(crate) plan: Plan,
    pub(crate) network: Network,
}

impl Sequential {
    /// A model of these layers, on Burn's default device.
    pub fn new(layers: impl IntoIterator<Item = Layer>) -> Self {
        Self { layers: layers.into_iter().collect(), seed: None, device: Device::default(), built: None }
    }

    /// Seed of the weights; without it, `fit`'s seed counts, and 0 for [`Self::build`].
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The device that the model lives on. Call it before the model is built.
    pub fn on(mut self, device: Device) -> Self {
        self.device = device.inner();
        self
    }

    /// Infers all sizes from the shape of one input row and draws new weights.
    pub fn build(&mut self, input: &[usize]) -> Result<(), BuildError> {
        self.build_with(input, self.seed.unwrap_or(0))
    }

    pub(crate) fn build_with(&mut self, input: &[usize], seed: u64) -> Result<(), BuildError> {
        let plan = Plan::new(&self.layers, input)?;
        let network = Network::new(&plan, seed, &self.device.clone().autodiff());
        self.built = Some(Built { plan, network });
        Ok(())
    }

    /// Trains the model; returns when all epochs are done or a callback said stop.
    ///
    /// A second call goes on from the weights of the first, with a fresh optimizer and steps counted from 1 again.
    /// Everything random comes from the seed: the same data, seed and machine give the same [`History`].
    pub fn fit(&mut self, train: &Dataset, fit: Fit<'_>) -> Result<History, FitError> {
        training::train(self, train, fit)
    }

    /// Loss, accuracy, predictions and probabilities over a labelled set.
    pub fn evaluate(&self, set: &Dataset) -> Result<Scores, PredictError> {
        let Built { plan, network } = self.built()?;
        if plan.input != set.shape() {
            return Err(PredictError::Shape { expected: plan.input.clone(), found: set.shape().to_vec() });
        }
        if plan.output() != [set.classes().len()] {
            let expected = plan.output().iter().product();
            return Err(PredictError::Classes { expected, found: set.classes().len() });
        }
        if set.is_empty() {
            return Err(PredictError::Empty);
        }
        let logits = predict::logits(&network.valid(), plan, set.features(), &self.device)?;
        Ok(predict::scores_from_logits(&logits, set))
    }

    /// Probabilities for rows of features, row-major; no rows give no predictions.
    pub fn predict(&self, features: &[f32]) -> Result<Predicted, PredictError> {
        let Built { plan, network } = self.built()?;
        let width: usize = plan.input.iter().product();
        if !features.len().is_multiple_of(width) {
            return Err(PredictError::Features { shape: plan.input.clone(), width, found: features.len() });
        }
        let logits = predict::logits(&network.valid(), plan, features, &self.device)?;
        Ok(predict::predicted_from_logits(&logits, plan.output().iter().product()))
    }

    /// The layers with their sizes; sizes are unknown (empty shapes, no parameters) before the model is built.
    pub fn model_summary(&self) -> Option<ModelSummary> {
        self.built.as_ref().map(|built| built.plan.summary())
    }

    /// The layers as a table of plain text.
    pub fn summary(&self) -> String {
        let Some(summary) = self.model_summary() else {
            return format!(
                "a model of {} layers, not built yet: its sizes follow from the input\n",
                self.layers.len()
            );
        };
        let rows: Vec<[String; 4]> = summary
            .layers
            .iter()
            .map(|l| [l.name.clone(), l.kind.clone(), shape_text(&l.output_shape), l.parameters.to_string()])
            .collect();
        let total: u64 = summary.layers.iter().map(|layer| layer.parameters).sum();
        table(&["layer", "kind", "output", "parameters"].map(str::to_owned), &rows)
            + &format!("{total} trainable parameters\n")
    }

    /// Writes the weights to a file, in Burn's record format.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), SaveModelError> {
        let built = self.built.as_ref().ok_or(SaveModelError::NotBuilt)?;
        weights::save(&built.network, path.as_ref())
    }

    /// Reads the weights from a file that a model of the same layers saved. Build the model first.
    pub fn load(&mut self, path: impl AsRef<Path>) -> Result<(), LoadModelError> {
        let built = self.built.as_mut().ok_or(LoadModelError::NotBuilt)?;
        built.network = weights::load(&built.network, path.as_ref())?;
        Ok(())
    }

    fn built(&self) -> Result<&Built, PredictError> {
        self.built.as_ref().ok_or(PredictError::NotBuilt)
    }
}

fn shape_text(shape: &[u32]) -> String {
    shape.iter().map(u32::to_string).collect::<Vec<_>>().join("×")
}

/// Left-aligned columns, the last right-aligned, a rule under the head.
fn table(head: &[String; 4], rows: &[[String; 4]]) -> String {
    let all = || std::iter::once(head).chain(rows);
    let widths: [usize; 4] =
        std::array::from_fn(|column| all().map(|row| row[column].chars().count()).max().unwrap_or(0));
    let mut out = String::new();
    for (index, row) in all().enumerate() {
        let [a, b, c, d] = row;
        let [wa, wb, wc, wd] = widths;
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{a:<wa$}  {b:<wb$}  {c:<wc$}  {d:>wd$}");
        if index == 0 {
            out += &"─".repeat(widths.iter().sum::<usize>() + 6);
            out.push('\n');
        }
    }
    out
}
