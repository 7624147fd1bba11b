//! Why a model cannot be built.

/// Why layers and an input shape do not make a model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// There is nothing to build.
    #[error("a model has at least one layer, this one has none")]
    NoLayers,
    /// The input shape is not one that layers take.
    #[error(
        "an input has shape [features] or [channels, height, width], every side at least 1; this one is {0:?}"
    )]
    Input(Vec<usize>),
    /// A layer got an input of a kind that it does not take.
    #[error("{layer} takes {takes}, but its input is {found:?}: {hint}")]
    LayerInput {
        /// Name of the layer.
        layer: String,
        /// Shape that it takes.
        takes: &'static str,
        /// Shape that it got.
        found: Vec<usize>,
        /// What to do.
        hint: &'static str,
    },
    /// A window is larger than what it looks at.
    #[error(
        "{layer} looks through a {window}×{window} window, but its input {found:?} is smaller: \
         take a smaller window, .same() padding, or fewer pooling layers before it"
    )]
    Window {
        /// Name of the layer.
        layer: String,
        /// Side of the window.
        window: usize,
        /// Shape of the input.
        found: Vec<usize>,
    },
    /// A setting has an impossible value.
    #[error("{layer}: {setting} is {found}, but it must be {allowed}")]
    Setting {
        /// Name of the layer.
        layer: String,
        /// The setting.
        setting: &'static str,
        /// Its value.
        found: String,
        /// What is possible.
        allowed: &'static str,
    },
    /// The layer has no such setting.
    #[error("{layer} has no {setting}: only Conv2d and MaxPool2d have one")]
    NoSuchSetting {
        /// Name of the layer.
        layer: String,
        /// The setting.
        setting: &'static str,
    },
    /// Two layers have one name.
    #[error("two layers are called {0:?}: give each its own name")]
    SameName(String),
    /// The last layer does not give one number for each class.
    #[error("the last layer, {layer}, gives {found:?}, but {classes} classes need {classes} numbers: {hint}")]
    Output {
        /// Name of the last layer.
        layer: String,
        /// Its output shape.
        found: Vec<usize>,
        /// Count of classes.
        classes: usize,
        /// What to do.
        hint: String,
    },
}
