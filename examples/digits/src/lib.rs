//! Trains a small CNN on handwritten digits.

pub mod args;
pub mod data;
pub mod train;
