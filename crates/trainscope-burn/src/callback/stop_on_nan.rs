//! Ends a training that has diverged.

use super::{BatchEnd, Callback, Control};

/// Stops after the first batch whose loss is NaN or infinite. Without it such a training goes on, and is noted.
#[derive(Clone, Copy, Debug, Default)]
pub struct StopOnNan;

impl Callback for StopOnNan {
    fn on_batch_end(&mut self, batch: &BatchEnd) -> Control {
        if batch.loss.is_finite() {
            return Control::Continue;
        }
        Control::stop(format!("the loss became {} at step {}", batch.loss, batch.step))
    }
}
