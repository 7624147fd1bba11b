//! The trainable part of a model: Burn's modules, run in the order of a plan.

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::MaxPool2dConfig;
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::{Device, Tensor, TensorData};

use crate::plan::{Op, Plan, PlannedLayer};
use crate::random::Random;

/// What flows between layers: the batch is axis 0.
#[derive(Clone)]
pub(crate) enum Signal {
    /// `[batch, channels, height, width]`.
    Maps(Tensor<4>),
    /// `[batch, features]`.
    Rows(Tensor<2>),
}

impl Signal {
    /// Rows of a data set as a tensor; `shape` is a row's shape, `features` holds whole rows.
    pub(crate) fn new(features: Vec<f32>, shape: &[usize], device: &Device) -> Self {
        let width: usize = shape.iter().product();
        let rows = features.len().checked_div(width).unwrap_or(0);
        match *shape {
            [channels, height, width] => {
                let data = TensorData::new(features, [rows, channels, height, width]);
                Self::Maps(Tensor::from_data(data, device))
            }
            _ => Self::Rows(Tensor::from_data(TensorData::new(features, [rows, width]), device)),
        }
    }

    /// As rows; feature maps are flattened.
    pub(crate) fn into_rows(self) -> Tensor<2> {
        match self {
            Self::Maps(maps) => maps.flatten(1, 3),
            Self::Rows(rows) => rows,
        }
    }
}

/// Burn's modules, by kind. A [`Plan`] tells how they follow each other; their order here is the order there.
#[derive(Module, Debug)]
pub(crate) struct Network {
    conv: Vec<Conv2d>,
    dense: Vec<Linear>,
    norm: Vec<BatchNorm>,
}

impl Network {
    /// Modules with random weights: uniform between ±√(1 / inputs of a unit), Burn's default for both kinds of layer.
    pub(crate) fn new(plan: &Plan, seed: u64, device: &Device) -> Self {
        let mut random = Random::new(seed, 1);
        let mut network = Self { conv: Vec::new(), dense: Vec::new(), norm: Vec::new() };
        for layer in &plan.layers {
            match layer.op {
                Op::Conv2d { inputs, filters, kernel, stride, same, .. } => {
                    let mut conv = Conv2dConfig::new([inputs, filters], [kernel, kernel])
                        .with_stride([stride, stride])
                        .with_padding(padding(same))
                        .init(device);
                    let bound = (1.0 / (inputs * kernel * kernel) as f32).sqrt();
                    conv.weight = parameter([filters, inputs, kernel, kernel], bound, &mut random, device);
                    conv.bias = Some(parameter([filters], bound, &mut random, device));
                    network.conv.push(conv);
                }
                Op::Dense { inputs, units, .. } => {
                    let mut dense = LinearConfig::new(inputs, units).init(device);
                    let bound = (1.0 / inputs as f32).sqrt();
                    dense.weight = parameter([inputs, units], bound, &mut random, device);
                    dense.bias = Some(parameter([units], bound, &mut random, device));
                    network.dense.push(dense);
                }
                Op::BatchNorm { features, .. } => {
                    network.norm.push(BatchNormConfig::new(features).init(device));
                }
                Op::MaxPool2d { .. } | Op::Dropout { .. } | Op::Flatten | Op::Pass => {}
            }
        }
        network
    }

    /// Logits, `[batch, classes]`. With `dropout` the layers behave as in training, without as in use.
    ///
    /// `tap` sees the output of each layer by its index in the plan.
    pub(crate) fn forward(
        &self,
        plan: &Plan,
        input: Signal,
        mut dropout: Option<&mut Random>,
        mut tap: impl FnMut(usize, &Signal),
    ) -> Tensor<2> {
        let mut signal = input;
        for (index, layer) in plan.layers.iter().enumerate() {
            signal = self.apply(layer, signal, dropout.as_deref_mut());
            tap(index, &signal);
        }
        signal.into_rows()
    }

    fn apply(&self, layer: &PlannedLayer, signal: Signal, dropout: Option<&mut Random>) -> Signal {
        let signal = match (&layer.op, signal) {
            (Op::Conv2d { index, .. }, Signal::Maps(x)) => Signal::Maps(self.conv[*index].forward(x)),
            (Op::MaxPool2d { size, stride, same }, Signal::Maps(x)) => {
                let pool = MaxPool2dConfig::new([*size, *size])
                    .with_strides([*stride, *stride])
                    .with_padding(padding(*same))
                    .init();
                Signal::Maps(pool.forward(x))
            }
            (Op::Dense { index, .. }, x) => Signal::Rows(self.dense[*index].forward(x.into_rows())),
            (Op::BatchNorm { index, .. }, Signal::Maps(x)) => Signal::Maps(self.norm[*index].forward(x)),
            (Op::BatchNorm { index, .. }, Signal::Rows(x)) => Signal::Rows(self.norm[*index].forward(x)),
            (Op::Dropout { rate }, x) => match dropout {
                Some(random) => drop_out(x, *rate, random),
                None => x,
            },
            (Op::Flatten, x) => Signal::Rows(x.into_rows()),
            // The plan gives windows to feature maps only; anything else passes through unchanged.
            (Op::Conv2d { .. } | Op::MaxPool2d { .. } | Op::Pass, x) => x,
        };
        match (layer.activation, signal) {
            (Some(activation), Signal::Maps(x)) => Signal::Maps(activation.apply(x)),
            (Some(activation), Signal::Rows(x)) => Signal::Rows(activation.apply(x)),
            (None, x) => x,
        }
    }
}

fn padding(same: bool) -> PaddingConfig2d {
    if same { PaddingConfig2d::Same } else { PaddingConfig2d::Valid }
}

fn parameter<const D: usize>(
    shape: [usize; D],
    bound: f32,
    random: &mut Random,
    device: &Device,
) -> Param<Tensor<D>> {
    let values = random.uniform(shape.iter().product(), bound);
    Param::from_data(TensorData::new(values, shape), device)
}

/// Inverted dropout with a mask from our own generator: Burn's is shared by the whole process, see `random`.
fn drop_out(signal: Signal, rate: f32, random: &mut Random) -> Signal {
    match signal {
        Signal::Maps(x) => Signal::Maps(mask(x, rate, random)),
        Signal::Rows(x) => Signal::Rows(mask(x, rate, random)),
    }
}

fn mask<const D: usize>(x: Tensor<D>, rate: f32, random: &mut Random) -> Tensor<D> {
    if rate == 0.0 {
        return x;
    }
    let (shape, device) = (x.dims(), x.device());
    let kept = 1.0 / (1.0 - rate);
    let values: Vec<f32> =
        (0..shape.iter().product()).map(|_| if random.unit() < rate { 0.0 } else { kept }).collect();
    x * Tensor::from_data(TensorData::new(values, shape), &device)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::{BatchNorm, Conv2d, Dense, Dropout, Flatten, Layer, MaxPool2d};

    fn rows(network: &Network, plan: &Plan, input: Signal, dropout: Option<&mut Random>) -> Vec<f32> {
        network.forward(plan, input, dropout, |_, _| {}).into_data().try_into_vec::<f32>().unwrap()
    }

    fn build(layers: &[Layer], input: &[usize]) -> (Network, Plan, Device) {
        let device = Device::default().autodiff();
        let plan = Plan::new(layers, input).unwrap();
        (Network::new(&plan, 1, &device), plan, device)
    }

    #[test]
    fn every_layer_gives_the_planned_shape_and_has_the_planned_parameters() {
        let layers = [
            Conv2d::new(4, 3).relu(),
            BatchNorm::new(),
            MaxPool2d::new(2),
            Conv2d::new(6, 4).same().stride(2).tanh(),
            MaxPool2d::new(2).same().stride(1),
            Dropout::new(0.3),
            Flatten::new(),
            Dense::new(7).sigmoid(),
            BatchNorm::new(),
            Dense::new(3).softmax(),
        ];
        let (network, plan, device) = build(&layers, &[2, 9, 8]);
        let input = Signal::new(vec![0.5; 5 * 2 * 9 * 8], &[2, 9, 8], &device);
        let mut shapes = Vec::new();
        network.forward(&plan, input, None, |_, signal| {
            shapes.push(match signal {
                Signal::Maps(x) => x.dims()[1..].to_vec(),
                Signal::Rows(x) => x.dims()[1..].to_vec(),
            });
        });
        let planned: Vec<_> = plan.layers.iter().map(|layer| layer.output.clone()).collect();
        assert_eq!(shapes, planned);
        // Burn also counts the running mean and variance of a normalisation, two numbers a channel.
        let running = 2 * (4 + 7);
        let parameters: u64 = plan.layers.iter().map(|layer| layer.parameters).sum();
        assert_eq!(network.num_params() as u64, parameters + running);
    }

    #[test]
    fn dropout_drops_in_training_only() {
        let (network, plan, device) = build(&[Dropout::new(0.5)], &[1000]);
        let input = Signal::new(vec![1.0; 1000], &[1000], &device);
        let trained = rows(&network, &plan, input.clone(), Some(&mut Random::new(1, 0)));
        let dropped = trained.iter().filter(|v| **v == 0.0).count();
        assert!((400..600).contains(&dropped), "{dropped}");
        assert!(trained.iter().all(|v| *v == 0.0 || *v == 2.0));
        assert_eq!(rows(&network, &plan, input, None), [1.0; 1000]);
    }

    #[test]
    fn normalisation_uses_the_batch_in_training_and_running_statistics_in_use() {
        let (network, plan, device) = build(&[BatchNorm::new()], &[1]);
        let values = vec![1.0, 3.0];
        let trained = rows(&network, &plan, Signal::new(values.clone(), &[1], &device), None);
        assert!((trained[0] + 1.0).abs() < 1e-3 && (trained[1] - 1.0).abs() < 1e-3, "{trained:?}");
        let used = rows(&network.valid(), &plan, Signal::new(values, &[1], &device.inner()), None);
        // The running mean moved by a tenth towards 2, the variance by a tenth from 1 towards the batch's.
        assert!(used[0] > 0.5 && used[1] > 2.0, "{used:?}");
    }

    #[test]
    fn the_same_seed_gives_the_same_weights() {
        let layers = [Conv2d::new(2, 3), Flatten::new(), Dense::new(2)];
        let device = Device::default();
        let plan = Plan::new(&layers, &[1, 4, 4]).unwrap();
        let run = |seed| {
            let input = Signal::new((0..16).map(|v| v as f32).collect(), &[1, 4, 4], &device);
            rows(&Network::new(&plan, seed, &device), &plan, input, None)
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
    }
}
