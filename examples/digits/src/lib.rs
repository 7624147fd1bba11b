//! Trains a small CNN on handwritten digits.
