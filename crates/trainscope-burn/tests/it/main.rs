//! Trainings from end to end. One binary, because linking Burn takes longer than running it.

mod callbacks;
mod fit;
mod learner;
mod run_log;
mod save_load;
mod toys;
