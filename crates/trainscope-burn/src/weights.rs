//! A model's weights on disk, in Burn's own record format (burnpack).

use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::store::ModuleRecord;
use burn::tensor::Bytes;

use crate::network::Network;

/// Why weights were not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveModelError {
    /// There are none yet.
    #[error("the model has no weights yet: call fit, or build with the input's shape, before saving")]
    NotBuilt,
    /// Burn could not encode them.
    #[error("the weights could not be encoded: {0}")]
    Encode(String),
    /// The file could not be written.
    #[error("the weights could not be written to {path}: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

/// Why weights were not loaded. The model keeps the weights it had.
#[derive(Debug, thiserror::Error)]
pub enum LoadModelError {
    /// The shapes are not known yet.
    #[error(
        "a model knows the shapes of its weights when it is built: call build with the input's shape before load"
    )]
    NotBuilt,
    /// The file could not be read.
    #[error("the weights could not be read from {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not a record of weights, or a damaged one.
    #[error("{path} is not a whole file of weights as `save` writes them: {reason}")]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What Burn says.
        reason: String,
    },
    /// The weights belong to another model.
    #[error("the weights in {path} belong to a model with other layers or another input shape: {reason}")]
    Mismatch {
        /// The file.
        path: PathBuf,
        /// What Burn says.
        reason: String,
    },
}

pub(crate) fn save(network: &Network, path: &Path) -> Result<(), SaveModelError> {
    let bytes = network
        .valid()
        .into_record()
        .into_bytes()
        .map_err(|error| SaveModelError::Encode(error.to_string()))?;
    let write = |source| SaveModelError::Write { path: path.to_owned(), source };
    // Written beside and renamed: a crash in the middle leaves the old file, not half a new one.
    let mut beside = path.as_os_str().to_owned();
    beside.push(".partial");
    std::fs::write(&beside, &*bytes).map_err(write)?;
    std::fs::rename(&beside, path).map_err(write)
}

pub(crate) fn load(network: &Network, path: &Path) -> Result<Network, LoadModelError> {
    let bytes =
        std::fs::read(path).map_err(|source| LoadModelError::Read { path: path.to_owned(), source })?;
    let record = ModuleRecord::from_bytes(Bytes::from_bytes_vec(bytes))
        .map_err(|error| LoadModelError::Corrupt { path: path.to_owned(), reason: error.to_string() })?;
    network
        .clone()
        .try_load_record(record)
        .map_err(|error| LoadModelError::Mismatch { path: path.to_owned(), reason: error.to_string() })
}
