//! The plan of a model: layers with every size known, inferred from the shape of the input.

use std::collections::BTreeSet;

use trainscope_schema::{LayerSummary, ModelSummary};

use crate::activation::Activation;
use crate::build_error::BuildError;
use crate::layer::{Kind, Layer};

/// A layer with its sizes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlannedLayer {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) op: Op,
    pub(crate) activation: Option<Activation>,
    pub(crate) output: Vec<usize>,
    pub(crate) parameters: u64,
}

/// What a layer computes. Indices point into the lists of [`Network`](crate::network::Network).
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Op {
    Conv2d { index: usize, inputs: usize, filters: usize, kernel: usize, stride: usize, same: bool },
    MaxPool2d { size: usize, stride: usize, same: bool },
    Dense { index: usize, inputs: usize, units: usize },
    BatchNorm { index: usize, features: usize },
    Dropout { rate: f32 },
    Flatten,
    Pass,
}

/// All layers with their sizes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    pub(crate) input: Vec<usize>,
    pub(crate) layers: Vec<PlannedLayer>,
    /// For each convolution: its index, and the index of the layer whose output shows it after its activation.
    pub(crate) taps: Vec<(usize, usize)>,
}

impl Plan {
    pub(crate) fn new(layers: &[Layer], input: &[usize]) -> Result<Self, BuildError> {
        if layers.is_empty() {
            return Err(BuildError::NoLayers);
        }
        if !matches!(input.len(), 1 | 3) || input.contains(&0) {
            return Err(BuildError::Input(input.to_vec()));
        }
        let names = names_of(layers)?;
        let mut planned: Vec<PlannedLayer> = Vec::with_capacity(layers.len());
        let mut shape = input.to_vec();
        for (layer, name) in layers.iter().zip(names) {
            let next = plan_layer(layer, name, &shape, &planned)?;
            shape.clone_from(&next.output);
            planned.push(next);
        }
        // The loss works on logits; a softmax at the end would be applied twice.
        if let Some(last) = planned.last_mut().filter(|last| last.activation == Some(Activation::Softmax)) {
            last.activation = None;
        }
        Ok(Self { input: input.to_vec(), taps: taps_of(layers), layers: planned })
    }

    /// Shape of what the last layer gives.
    pub(crate) fn output(&self) -> &[usize] {
        self.layers.last().map_or(&self.input, |last| &last.output)
    }

    /// Checks that the last layer gives one number for each class.
    pub(crate) fn check_classes(&self, classes: usize) -> Result<(), BuildError> {
        if self.output() == [classes] {
            return Ok(());
        }
        let hint = match self.output().len() {
            1 => format!("end with Dense::new({classes})"),
            _ => format!("end with Flatten::new() and Dense::new({classes})"),
        };
        let layer = self.layers.last().map(|last| last.name.clone()).unwrap_or_default();
        Err(BuildError::Output { layer, found: self.output().to_vec(), classes, hint })
    }

    pub(crate) fn summary(&self) -> ModelSummary {
        let layers = self.layers.iter().map(|layer| LayerSummary {
            name: layer.name.clone(),
            kind: layer.description.clone(),
            output_shape: layer.output.iter().map(|side| *side as u32).collect(),
            parameters: layer.parameters,
        });
        ModelSummary { layers: layers.collect() }
    }
}

fn names_of(layers: &[Layer]) -> Result<Vec<String>, BuildError> {
    let mut seen = BTreeSet::new();
    layers
        .iter()
        .enumerate()
        .map(|(index, layer)| {
            let prefix = layer.kind.prefix();
            let number = layers[..=index].iter().filter(|other| other.kind.prefix() == prefix).count();
            let name = layer.name.clone().unwrap_or_else(|| format!("{prefix}{number}"));
            if seen.insert(name.clone()) { Ok(name) } else { Err(BuildError::SameName(name)) }
        })
        .collect()
}

fn plan_layer(
    layer: &Layer,
    name: String,
    shape: &[usize],
    before: &[PlannedLayer],
) -> Result<PlannedLayer, BuildError> {
    check_settings(layer, &name)?;
    let same = layer.same;
    let (op, output, parameters) = match layer.kind {
        Kind::Conv2d { filters, kernel } => {
            let [inputs, height, width] = maps(&name, shape)?;
            let stride = layer.stride.unwrap_or(1);
            let sides = slide(&name, shape, [height, width], kernel, stride, same)?;
            let index = before.iter().filter(|l| matches!(l.op, Op::Conv2d { .. })).count();
            let op = Op::Conv2d { index, inputs, filters, kernel, stride, same };
            (op, vec![filters, sides[0], sides[1]], filters * inputs * kernel * kernel + filters)
        }
        Kind::MaxPool2d { size } => {
            let [channels, height, width] = maps(&name, shape)?;
            let stride = layer.stride.unwrap_or(size);
            let sides = slide(&name, shape, [height, width], size, stride, same)?;
            (Op::MaxPool2d { size, stride, same }, vec![channels, sides[0], sides[1]], 0)
        }
        Kind::Dense { units } => {
            let [inputs] = flat(&name, shape)?;
            let index = before.iter().filter(|l| matches!(l.op, Op::Dense { .. })).count();
            (Op::Dense { index, inputs, units }, vec![units], inputs * units + units)
        }
        Kind::BatchNorm => {
            let index = before.iter().filter(|l| matches!(l.op, Op::BatchNorm { .. })).count();
            (Op::BatchNorm { index, features: shape[0] }, shape.to_vec(), 2 * shape[0])
        }
        Kind::Dropout { rate } => (Op::Dropout { rate: rate as f32 }, shape.to_vec(), 0),
        Kind::Flatten => (Op::Flatten, vec![shape.iter().product()], 0),
        Kind::Activation => (Op::Pass, shape.to_vec(), 0),
    };
    let description = describe(layer);
    Ok(PlannedLayer {
        name,
        description,
        op,
        activation: layer.activation,
        output,
        parameters: parameters as u64,
    })
}

fn check_settings(layer: &Layer, name: &str) -> Result<(), BuildError> {
    let bad = |setting, found: String, allowed| {
        Err(BuildError::Setting { layer: name.to_owned(), setting, found, allowed })
    };
    let windowed = matches!(layer.kind, Kind::Conv2d { .. } | Kind::MaxPool2d { .. });
    if !windowed && (layer.same || layer.stride.is_some()) {
        let setting = if layer.same { "padding" } else { "stride" };
        return Err(BuildError::NoSuchSetting { layer: name.to_owned(), setting });
    }
    if layer.stride == Some(0) {
        return bad("the stride", "0".into(), "at least 1");
    }
    match layer.kind {
        Kind::Conv2d { filters: 0, .. } => bad("the count of filters", "0".into(), "at least 1"),
        Kind::Conv2d { kernel: 0, .. } => bad("the kernel's side", "0".into(), "at least 1"),
        Kind::MaxPool2d { size: 0 } => bad("the window's side", "0".into(), "at least 1"),
        Kind::Dense { units: 0 } => bad("the count of units", "0".into(), "at least 1"),
        Kind::Dropout { rate } if !(0.0..1.0).contains(&rate) => {
            bad("the rate", rate.to_string(), "at least 0 and below 1")
        }
        _ => Ok(()),
    }
}

fn maps(layer: &str, shape: &[usize]) -> Result<[usize; 3], BuildError> {
    shape.try_into().map_err(|_| BuildError::LayerInput {
        layer: layer.to_owned(),
        takes: "[channels, height, width]",
        found: shape.to_vec(),
        hint: "put it before Flatten, and give the data set rows of shape [channels, height, width]",
    })
}

fn flat(layer: &str, shape: &[usize]) -> Result<[usize; 1], BuildError> {
    shape.try_into().map_err(|_| BuildError::LayerInput {
        layer: layer.to_owned(),
        takes: "[features]",
        found: shape.to_vec(),
        hint: "put Flatten::new() before it",
    })
}

/// Sides of the output of a sliding window: ⌊(n − window) / stride⌋ + 1, or ⌈n / stride⌉ with padding.
fn slide(
    layer: &str,
    shape: &[usize],
    sides: [usize; 2],
    window: usize,
    stride: usize,
    same: bool,
) -> Result<[usize; 2], BuildError> {
    if same {
        return Ok(sides.map(|side| side.div_ceil(stride)));
    }
    if sides.iter().any(|side| *side < window) {
        return Err(BuildError::Window { layer: layer.to_owned(), window, found: shape.to_vec() });
    }
    Ok(sides.map(|side| (side - window) / stride + 1))
}

fn describe(layer: &Layer) -> String {
    let mut text = match layer.kind {
        Kind::Conv2d { kernel, .. } => format!("Conv2d {kernel}×{kernel}"),
        Kind::MaxPool2d { size } => format!("MaxPool2d {size}×{size}"),
        Kind::Dropout { rate } => format!("Dropout {rate}"),
        ref kind => kind.name().to_owned(),
    };
    if let Some(stride) = layer.stride {
        text += &format!(", stride {stride}");
    }
    if layer.same {
        text += ", same";
    }
    if let Some(activation) = layer.activation {
        text += &format!(", {}", activation.name());
    }
    text
}

/// A convolution is shown after its activation: its own, or that of a later layer with only normalisation between.
fn taps_of(layers: &[Layer]) -> Vec<(usize, usize)> {
    let shown_at = |conv: usize| {
        if layers[conv].activation.is_some() {
            return conv;
        }
        let next = layers[conv + 1..].iter().position(|layer| {
            !matches!(layer.kind, Kind::BatchNorm | Kind::Dropout { .. }) || layer.activation.is_some()
        });
        next.map(|offset| conv + 1 + offset)
            .filter(|next| matches!(layers[*next].kind, Kind::Activation | Kind::BatchNorm))
            .unwrap_or(conv)
    };
    let convs = layers.iter().enumerate().filter(|(_, layer)| matches!(layer.kind, Kind::Conv2d { .. }));
    convs.map(|(index, _)| (index, shown_at(index))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::{BatchNorm, Conv2d, Dense, Dropout, Flatten, MaxPool2d};

    fn check(layers: &[Layer], input: &[usize], expected: &str) {
        let error = Plan::new(layers, input).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn shapes_and_parameters_of_every_layer() {
        let layers = [
            Conv2d::new(16, 3).relu(),
            BatchNorm::new(),
            MaxPool2d::new(2),
            Conv2d::new(32, 3).same().stride(2).named("deep"),
            Activation::Tanh.into(),
            Dropout::new(0.25),
            Flatten::new(),
            Dense::new(10).softmax(),
        ];
        let plan = Plan::new(&layers, &[1, 8, 8]).unwrap();
        let rows: Vec<_> = plan
            .summary()
            .layers
            .iter()
            .map(|l| format!("{} | {} | {:?} | {}", l.name, l.kind, l.output_shape, l.parameters))
            .collect();
        assert_eq!(
            rows,
            [
                "conv1 | Conv2d 3×3, relu | [16, 6, 6] | 160",
                "norm1 | BatchNorm | [16, 6, 6] | 32",
                "pool1 | MaxPool2d 2×2 | [16, 3, 3] | 0",
                "deep | Conv2d 3×3, stride 2, same | [32, 2, 2] | 4640",
                "activation1 | Activation, tanh | [32, 2, 2] | 0",
                "dropout1 | Dropout 0.25 | [32, 2, 2] | 0",
                "flatten1 | Flatten | [128] | 0",
                "dense1 | Dense, softmax | [10] | 1290",
            ]
        );
        assert_eq!(plan.taps, [(0, 0), (3, 4)]);
        assert_eq!(plan.layers.last().unwrap().activation, None, "the loss does the softmax");
        plan.check_classes(10).unwrap();
        let error = plan.check_classes(3).unwrap_err().to_string();
        assert_eq!(
            error,
            "the last layer, dense1, gives [10], but 3 classes need 3 numbers: end with Dense::new(3)"
        );
    }

    #[test]
    fn convolutions_need_maps_and_dense_layers_need_rows() {
        check(
            &[Flatten::new(), Conv2d::new(4, 3)],
            &[1, 8, 8],
            "conv1 takes [channels, height, width], but its input is [64]: \
             put it before Flatten, and give the data set rows of shape [channels, height, width]",
        );
        check(
            &[Conv2d::new(4, 3), Dense::new(2)],
            &[1, 8, 8],
            "dense1 takes [features], but its input is [4, 6, 6]: put Flatten::new() before it",
        );
    }

    #[test]
    fn a_window_must_fit() {
        check(
            &[Conv2d::new(4, 3), MaxPool2d::new(2), Conv2d::new(4, 5)],
            &[1, 8, 8],
            "conv2 looks through a 5×5 window, but its input [4, 3, 3] is smaller: \
             take a smaller window, .same() padding, or fewer pooling layers before it",
        );
    }

    #[test]
    fn impossible_settings_are_named() {
        check(&[], &[4], "a model has at least one layer, this one has none");
        check(&[Dense::new(0)], &[4], "dense1: the count of units is 0, but it must be at least 1");
        check(&[Dropout::new(1.0)], &[4], "dropout1: the rate is 1, but it must be at least 0 and below 1");
        check(
            &[Dropout::new(f64::NAN)],
            &[4],
            "dropout1: the rate is NaN, but it must be at least 0 and below 1",
        );
        check(
            &[Conv2d::new(1, 1).stride(0)],
            &[1, 2, 2],
            "conv1: the stride is 0, but it must be at least 1",
        );
        check(&[Dense::new(2).stride(2)], &[4], "dense1 has no stride: only Conv2d and MaxPool2d have one");
        check(&[Flatten::new().same()], &[4], "flatten1 has no padding: only Conv2d and MaxPool2d have one");
        check(
            &[Dense::new(2).named("a"), Dense::new(2).named("a")],
            &[4],
            "two layers are called \"a\": give each its own name",
        );
        check(
            &[Dense::new(2)],
            &[4, 4],
            "an input has shape [features] or [channels, height, width], every side at least 1; this one is [4, 4]",
        );
    }

    #[test]
    fn a_convolution_is_shown_after_its_activation() {
        let relu = || Layer::from(Activation::Relu);
        let taps = |layers: &[Layer]| taps_of(layers);
        assert_eq!(taps(&[Conv2d::new(1, 1).relu(), relu()]), [(0, 0)]);
        assert_eq!(taps(&[Conv2d::new(1, 1), BatchNorm::new(), relu()]), [(0, 2)]);
        assert_eq!(taps(&[Conv2d::new(1, 1), BatchNorm::new().relu()]), [(0, 1)]);
        assert_eq!(taps(&[Conv2d::new(1, 1), MaxPool2d::new(2), relu()]), [(0, 0)]);
        assert_eq!(taps(&[Conv2d::new(1, 1)]), [(0, 0)]);
    }
}
