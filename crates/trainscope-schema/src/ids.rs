//! Newtypes for the numbers that name things: runs, writers, places in a log, steps.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A run's random 64-bit name. Written as 16 hexadecimal digits, so that it survives JavaScript's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunKey(pub u64);

impl fmt::Display for RunKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for RunKey {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(RunKey)
    }
}

/// One writer of a run: a process rank in distributed training, 0 when there is only one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Rank(pub u32);

/// Number of a series within its writer's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct SeriesId(pub u32);

/// Count of optimizer steps (batches) since the start of training; the first batch is step 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Step(#[cfg_attr(test, ts(type = "number"))] pub u64);

/// Count of passes over the training set; the first epoch is epoch 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Epoch(pub u32);

/// Seconds since 1970-01-01 00:00 UTC; always finite.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct WallTime(f64);

impl WallTime {
    /// A wall time, or `None` when the seconds are NaN or infinite.
    pub fn from_secs(secs: f64) -> Option<Self> {
        secs.is_finite().then_some(Self(secs))
    }

    /// Seconds since 1970.
    pub fn secs(self) -> f64 {
        self.0
    }
}

/// A frame's place: which run, which writer, which number in that writer's sequence.
///
/// Appending is idempotent by this address: a frame that arrives twice is the same frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameAddress {
    /// The run.
    pub run: RunKey,
    /// The writer within the run.
    pub rank: Rank,
    /// Position in the writer's sequence, from 0, without holes.
    pub seq: u64,
}
