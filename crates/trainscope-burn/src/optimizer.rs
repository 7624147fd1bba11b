//! The rule that turns gradients into steps.

use burn::optim::momentum::MomentumConfig;
use burn::optim::{AdamConfig, ModuleOptimizer, SgdConfig};

/// An optimizer. Its state starts afresh with each `fit`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Optimizer {
    /// Adam (Kingma & Ba 2015) with β 0.9 and 0.999.
    #[default]
    Adam,
    /// Stochastic gradient descent.
    Sgd {
        /// From 0 (none) to below 1.
        momentum: f64,
    },
}

impl Optimizer {
    /// Its name, in small letters.
    pub fn name(self) -> &'static str {
        match self {
            Self::Adam => "adam",
            Self::Sgd { .. } => "sgd",
        }
    }

    pub(crate) fn init(self) -> ModuleOptimizer {
        match self {
            Self::Adam => AdamConfig::new().init(),
            Self::Sgd { momentum: 0.0 } => SgdConfig::new().init(),
            Self::Sgd { momentum } => {
                let momentum = MomentumConfig::new().with_momentum(momentum).with_dampening(0.0);
                SgdConfig::new().with_momentum(Some(momentum)).init()
            }
        }
    }
}
