//! Predictions to metrics, intervals and calibration. Pure.
