//! Activation functions.

use burn::tensor::{Tensor, activation};

/// A function applied to each number of a layer's output (softmax: to each row or channel axis).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// max(0, x).
    Relu,
    /// Hyperbolic tangent.
    Tanh,
    /// 1 / (1 + e⁻ˣ).
    Sigmoid,
    /// eˣ over the sum of eˣ along the class (or channel) axis.
    ///
    /// On the last layer it is folded into the loss, which is the numerically stable way; `predict` applies it.
    Softmax,
}

impl Activation {
    /// Its name, in small letters.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::Tanh => "tanh",
            Self::Sigmoid => "sigmoid",
            Self::Softmax => "softmax",
        }
    }

    /// Applies it; axis 1 is the class or channel axis.
    pub(crate) fn apply<const D: usize>(self, x: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Relu => activation::relu(x),
            Self::Tanh => activation::tanh(x),
            Self::Sigmoid => activation::sigmoid(x),
            Self::Softmax => activation::softmax(x, 1),
        }
    }
}
