//! The hot path: a resolved handle pushes points into a ring of its thread; the writer sweeps all rings.
//!
//! # When a ring is full
//! A ring holds 65,536 points and is swept every 5 ms. A point that finds it full is counted as lost, and training
//! goes on. The writer's memory for a stuck disk is separate (`log_file`), so that only a starved writer fills rings.
//!
//! # Every point is accounted for
//! Each ring counts what was pushed into it and what the writer took out. The difference at the end of the run is what
//! other threads logged while it ended: it is lost, and counted. So written + lost = logged, whoever logs when.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    /// Rings of threads that are new to the run, until the writer fetches them; `None` once the run has ended.
    new: Mutex<Option<Vec<RingEnd>>>,
    ended: AtomicBool,
    /// Points that found their ring full, or their run ended.
    lost: AtomicU64,
    /// Of each ring at the end of the run: what was pushed, and what the writer took.
    settled: Mutex<Vec<(Arc<AtomicU64>, u64)>>,
}

/// The writer's end of one thread's ring.
pub(crate) struct RingEnd {
    points: Consumer<Point>,
    pushed: Arc<AtomicU64>,
    taken: u64,
}

impl RingEnd {
    /// The oldest point that was not taken yet.
    pub fn take(&mut self) -> Option<Point> {
        let point = self.points.pop().ok()?;
        self.taken += 1;
        Some(point)
    }

    /// Whether its thread is gone and all its points were taken.
    pub fn is_done(&self) -> bool {
        // In this order: a point may come, and its thread end, between the two.
        self.points.is_abandoned() && self.points.is_empty()
    }
}

impl Rings {
    /// Rings of a run that begins; `token` is unique in this process.
    pub fn new(token: u64) -> Self {
        Self {
            token,
            new: Mutex::new(Some(Vec::new())),
            ended: AtomicBool::new(false),
            lost: AtomicU64::new(0),
            settled: Mutex::default(),
        }
    }

    /// The rings of threads that logged for the first time since the last call.
    pub fn fetch_new(&self) -> Vec<RingEnd> {
        lock(&self.new).as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Takes no more points from now on: they are counted as lost. Gives the rings that were not fetched yet.
    pub fn end(&self) -> Vec<RingEnd> {
        self.ended.store(true, Ordering::Relaxed);
        lock(&self.new).take().unwrap_or_default()
    }

    /// Frees the rings after the last point was taken out. What threads that had not yet seen the end push after that
    /// stays counted.
    pub fn settle(&self, rings: impl Iterator<Item = RingEnd>) {
        lock(&self.settled).extend(rings.map(|ring| (ring.pushed, ring.taken)));
    }

    /// Points that were logged and never reached the writer.
    pub fn lost(&self) -> u64 {
        let settled = lock(&self.settled);
        let left =
            settled.iter().map(|(pushed, taken)| pushed.load(Ordering::Relaxed).saturating_sub(*taken));
        self.lost.load(Ordering::Relaxed) + left.sum::<u64>()
    }

    fn register(&self, ring: RingEnd) -> bool {
        lock(&self.new).as_mut().map(|new| new.push(ring)).is_some()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A series, resolved once: logging to it neither hashes, nor allocates, nor reads a clock.
#[derive(Clone)]
pub struct Scalar {
    series: SeriesId,
    rings: Arc<Rings>,
}

/// A thread's end of its ring for one run.
struct ThreadRing {
    token: u64,
    points: Producer<Point>,
    count: u64,
    pushed: Arc<AtomicU64>,
}

impl ThreadRing {
    fn push(&mut self, point: Point) -> bool {
        let kept = self.points.push(point).is_ok();
        if kept {
            // Only this thread writes it, so a store does; a read-modify-write would cost nanoseconds.
            self.count += 1;
            self.pushed.store(self.count, Ordering::Relaxed);
        }
        kept
    }
}

thread_local! {
    /// This thread's rings: one per run it logs to, almost always one.
    static RINGS: RefCell<Vec<ThreadRing>> = const { RefCell::new(Vec::new()) };
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
        if self.rings.ended.load(Ordering::Relaxed) || !self.push(point) {
            self.rings.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[inline]
    fn push(&self, point: Point) -> bool {
        // The list is out of reach only while the thread is being torn down.
        let kept = RINGS.try_with(|rings| {
            let Ok(mut rings) = rings.try_borrow_mut() else { return false };
            match rings.iter_mut().find(|ring| ring.token == self.rings.token) {
                Some(ring) => ring.push(point),
                None => self.push_first(&mut rings, point),
            }
        });
        kept == Ok(true)
    }

    #[cold]
    fn push_first(&self, rings: &mut Vec<ThreadRing>, point: Point) -> bool {
        rings.retain(|ring| !ring.points.is_abandoned());
        let (points, consumer) = RingBuffer::new(RING_POINTS);
        let pushed = Arc::new(AtomicU64::new(0));
        let end = RingEnd { points: consumer, pushed: Arc::clone(&pushed), taken: 0 };
        let mut ring = ThreadRing { token: self.rings.token, points, count: 0, pushed };
        // Registered first: a ring that the ended run refuses holds no point.
        let kept = self.rings.register(end) && ring.push(point);
        if kept {
            rings.push(ring);
        }
        kept
    }
}
