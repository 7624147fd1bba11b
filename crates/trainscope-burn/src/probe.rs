//! One image, looked at after each epoch: what every convolution makes of it.

use burn::tensor::{Device, TensorReadError};
use trainscope_schema::{Epoch, Step, Tensor, TensorRole};

use crate::dataset::Dataset;
use crate::fit::{Fit, FitError};
use crate::network::{Network, Signal};
use crate::plan::Plan;

/// The row that is looked at.
pub(crate) struct Probe {
    features: Vec<f32>,
    caption: String,
}

impl Probe {
    /// The probe that `fit` asks for; none when no callback wants it.
    pub(crate) fn new(fit: &Fit<'_>, plan: &Plan, train: &Dataset) -> Result<Option<Self>, FitError> {
        let (split, set) = match fit.validation.filter(|set| !set.is_empty()) {
            Some(set) => ("validation", set),
            None => ("training", train),
        };
        let row = fit.probe.unwrap_or(0);
        let Some(features) = set.row(row) else {
            return Err(FitError::Probe { row, split, rows: set.len() });
        };
        if plan.taps.is_empty() && plan.input.len() == 1
            || !fit.callbacks.iter().any(|call| call.wants_probe())
        {
            return Ok(None);
        }
        let class = set.labels().get(row).and_then(|label| set.classes().get(*label as usize));
        let caption = format!("label {}", class.map_or("", String::as_str));
        Ok(Some(Self { features: features.to_vec(), caption }))
    }

    /// The image and the feature maps of each convolution, in order. `network` is in evaluation mode.
    pub(crate) fn tensors(
        &self,
        network: &Network,
        plan: &Plan,
        device: &Device,
        epoch: u32,
        step: u64,
    ) -> Result<Vec<Tensor>, TensorReadError> {
        let record = |name: &str, role, order, shape: &[usize], values| Tensor {
            name: name.to_owned(),
            role,
            order,
            shape: shape.iter().map(|side| *side as u32).collect(),
            step: Step(step),
            epoch: Epoch(epoch),
            caption: Some(self.caption.clone()),
            values,
        };
        let mut tensors = vec![record("input", TensorRole::Input, 0, &plan.input, self.features.clone())];
        let mut seen = Vec::with_capacity(plan.taps.len());
        let input = Signal::new(self.features.clone(), &plan.input, device);
        network.forward(plan, input, None, |index, signal| {
            if plan.taps.iter().any(|(_, shown_at)| *shown_at == index) {
                seen.push((index, signal.clone()));
            }
        });
        for (order, (conv, shown_at)) in (1..).zip(&plan.taps) {
            let Some((_, Signal::Maps(maps))) = seen.iter().find(|(index, _)| index == shown_at) else {
                continue;
            };
            let layer = &plan.layers[*conv];
            let values = maps.clone().try_into_vec_as::<f32>()?;
            tensors.push(record(
                &layer.name,
                TensorRole::Activation,
                order,
                &plan.layers[*shown_at].output,
                values,
            ));
        }
        Ok(tensors)
    }
}
