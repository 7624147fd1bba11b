//! Trainings from end to end. One binary, because linking Burn takes longer than running it.

// Helpers of tests are tests too, which clippy cannot see.
#![allow(clippy::unwrap_used)]

mod callbacks;
mod fit;
mod learner;
mod run_log;
mod save_load;
mod toys;
