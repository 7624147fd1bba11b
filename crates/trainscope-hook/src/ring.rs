//! The hot path: a resolved handle pushes points into a ring of its thread; the writer sweeps all rings.
//!
//! # When a ring is full
//! A ring holds 65,536 points and is swept every 5 ms. A point that finds it full is counted as lost, and training
//! goes on. The writer's memory for a stuck disk is separate (`log_file`), so that only a starved writer fills rings.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;

use rtrb::{Consumer, Producer, RingBuffer};
use trainscope_schema::SeriesId;

/// Points in one ring: 1.5 MiB.
pub(crate) const RING_POINTS: usize = 1 << 16;

/// One point on its way to the writer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub series: u32,
    pub step: u64,
    pub value: f64,
}

/// What the handles of a run share with its writer.
pub(crate) struct Rings {
    /// Unique in this process; finds the run's ring in a thread's list.
    pub token: u64,
    /// Brings the consuming end of a new thread's ring to the writer.
    pub register: Sender<Consumer<Point>>,
    /// Points that found their ring full, or their run ended.
    pub lost: AtomicU64,
}

/// A series, resolved once: logging to it neither hashes, nor allocates, nor reads a clock.
#[derive(Clone)]
pub struct Scalar {
    series: SeriesId,
    rings: Arc<Rings>,
}

thread_local! {
    /// This thread's rings: one per run it logs to, almost always one.
    static RINGS: RefCell<Vec<(u64, Producer<Point>)>> = const { RefCell::new(Vec::new()) };
}

impl Scalar {
    pub(crate) fn new(series: SeriesId, rings: Arc<Rings>) -> Self {
        Self { series, rings }
    }

    /// Records `value` at `step`. Takes nanoseconds; NaN and ±Inf are recorded as they are. Steps may come in any
    /// order and repeat.
    #[inline]
    pub fn log(&self, step: u64, value: f64) {
        let point = Point { series: self.series.0, step, value };
        // The list is out of reach only while the thread is being torn down.
        let kept = RINGS.try_with(|rings| {
            let Ok(mut rings) = rings.try_borrow_mut() else { return false };
            match rings.iter_mut().find(|(token, _)| *token == self.rings.token) {
                Some((_, ring)) => !ring.is_abandoned() && ring.push(point).is_ok(),
                None => self.push_first(&mut rings, point),
            }
        });
        if kept != Ok(true) {
            self.rings.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[cold]
    fn push_first(&self, rings: &mut Vec<(u64, Producer<Point>)>, point: Point) -> bool {
        rings.retain(|(_, ring)| !ring.is_abandoned());
        let (mut producer, consumer) = RingBuffer::new(RING_POINTS);
        let kept = producer.push(point).is_ok() && self.rings.register.send(consumer).is_ok();
        if kept {
            rings.push((self.rings.token, producer));
        }
        kept
    }
}
