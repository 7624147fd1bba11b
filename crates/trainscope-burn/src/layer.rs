//! Layers as a user writes them: what is wanted, before any shape is known.

use crate::activation::Activation;

/// One layer of a [`Sequential`](crate::Sequential). Sizes are inferred when the model is built.
///
/// A setting that a layer does not have, such as a stride on a [`Dense`], is reported by `build` and `fit`.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    pub(crate) kind: Kind,
    pub(crate) activation: Option<Activation>,
    pub(crate) same: bool,
    pub(crate) stride: Option<usize>,
    pub(crate) name: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Conv2d { filters: usize, kernel: usize },
    MaxPool2d { size: usize },
    Dense { units: usize },
    Dropout { rate: f64 },
    BatchNorm,
    Flatten,
    Activation,
}

impl Kind {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Conv2d { .. } => "Conv2d",
            Self::MaxPool2d { .. } => "MaxPool2d",
            Self::Dense { .. } => "Dense",
            Self::Dropout { .. } => "Dropout",
            Self::BatchNorm => "BatchNorm",
            Self::Flatten => "Flatten",
            Self::Activation => "Activation",
        }
    }

    pub(crate) fn prefix(&self) -> &'static str {
        match self {
            Self::Conv2d { .. } => "conv",
            Self::MaxPool2d { .. } => "pool",
            Self::Dense { .. } => "dense",
            Self::Dropout { .. } => "dropout",
            Self::BatchNorm => "norm",
            Self::Flatten => "flatten",
            Self::Activation => "activation",
        }
    }
}

/// A 2D convolution over `[channels, height, width]`, with a bias for each filter.
pub struct Conv2d;

/// The largest number in each square window, for each channel.
pub struct MaxPool2d;

/// A fully connected layer with a bias, over `[features]`.
pub struct Dense;

/// Sets a random part of the numbers to zero while training; passes all through otherwise.
pub struct Dropout;

/// Batch normalisation over the channels (or features), with learned scale and shift.
pub struct BatchNorm;

/// `[channels, height, width]` to `[features]`, row-major.
pub struct Flatten;

// The constructors return `Layer`, so that an array can hold layers of every kind, as in Keras.
#[allow(clippy::new_ret_no_self)]
impl Conv2d {
    /// `filters` outputs, each from a `kernel` × `kernel` window; stride 1 and no padding unless asked for.
    pub fn new(filters: usize, kernel: usize) -> Layer {
        Layer::of(Kind::Conv2d { filters, kernel })
    }
}

#[allow(clippy::new_ret_no_self)]
impl MaxPool2d {
    /// Windows of `size` × `size`, side by side unless [`Layer::stride`] says otherwise; no padding unless asked for.
    pub fn new(size: usize) -> Layer {
        Layer::of(Kind::MaxPool2d { size })
    }
}

#[allow(clippy::new_ret_no_self)]
impl Dense {
    /// `units` outputs. The last layer has one for each class.
    pub fn new(units: usize) -> Layer {
        Layer::of(Kind::Dense { units })
    }
}

#[allow(clippy::new_ret_no_self)]
impl Dropout {
    /// Each number is dropped with probability `rate`, at least 0 and below 1; the others grow by 1 / (1 − rate).
    pub fn new(rate: f64) -> Layer {
        Layer::of(Kind::Dropout { rate })
    }
}

#[allow(clippy::new_ret_no_self)]
impl BatchNorm {
    /// Momentum 0.1 and ε 1e-5, as Burn has them.
    pub fn new() -> Layer {
        Layer::of(Kind::BatchNorm)
    }
}

#[allow(clippy::new_ret_no_self)]
impl Flatten {
    /// The layer between the last feature maps and the first [`Dense`].
    pub fn new() -> Layer {
        Layer::of(Kind::Flatten)
    }
}

impl From<Activation> for Layer {
    fn from(activation: Activation) -> Self {
        Self::of(Kind::Activation).activation(activation)
    }
}

impl Layer {
    fn of(kind: Kind) -> Self {
        Self { kind, activation: None, same: false, stride: None, name: None }
    }

    /// Applies `activation` to the output.
    pub fn activation(mut self, activation: Activation) -> Self {
        self.activation = Some(activation);
        self
    }

    /// Rectified linear units on the output.
    pub fn relu(self) -> Self {
        self.activation(Activation::Relu)
    }

    /// Hyperbolic tangent on the output.
    pub fn tanh(self) -> Self {
        self.activation(Activation::Tanh)
    }

    /// Logistic sigmoid on the output.
    pub fn sigmoid(self) -> Self {
        self.activation(Activation::Sigmoid)
    }

    /// Softmax on the output; on the last layer it may be left away, `predict` gives probabilities either way.
    pub fn softmax(self) -> Self {
        self.activation(Activation::Softmax)
    }

    /// Pads with zeros, so that the output is as large as the input divided by the stride.
    pub fn same(mut self) -> Self {
        self.same = true;
        self
    }

    /// No padding: the default.
    pub fn valid(mut self) -> Self {
        self.same = false;
        self
    }

    /// Moves the window by this many cells.
    pub fn stride(mut self, stride: usize) -> Self {
        self.stride = Some(stride);
        self
    }

    /// A name for curves and feature maps, instead of `conv1`, `dense1` and so on. Names are unique in a model.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}
