//! Where a training is, as its renderer hears it; the metric reads it on the same thread.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Epoch now being trained and steps done.
///
/// `Relaxed` is enough: Burn calls renderer and metrics on one thread, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Place {
    epoch: AtomicU32,
    step: AtomicU64,
}

impl Place {
    pub(crate) fn epoch(&self) -> u32 {
        self.epoch.load(Ordering::Relaxed)
    }

    pub(crate) fn set_epoch(&self, epoch: usize) {
        self.epoch.store(u32::try_from(epoch).unwrap_or(u32::MAX), Ordering::Relaxed);
    }

    pub(crate) fn step(&self) -> u64 {
        self.step.load(Ordering::Relaxed)
    }

    pub(crate) fn advance(&self) {
        self.step.fetch_add(1, Ordering::Relaxed);
    }
}
