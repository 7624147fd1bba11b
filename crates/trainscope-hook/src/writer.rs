//! The writer thread: sweeps rings and queue, encodes frames, appends them to the log.
//!
//! It polls instead of being woken: waking a parked thread costs the training thread about a microsecond, a poll
//! nothing. Rings are swept every 5 ms, points are written every 20 ms, so that a killed process loses at most that.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rtrb::Consumer;
use trainscope_schema::{
    EncodeFrameError, FrameAddress, Health, Outcome, Rank, Record, RunEnd, RunKey, Scalars, WallTime,
};

use crate::log_file::LogFile;
use crate::ring::{Point, RING_POINTS};
use crate::run::Shared;

const SWEEP_EVERY: Duration = Duration::from_millis(5);
const WRITE_EVERY: Duration = Duration::from_millis(20);
const PROGRESS_EVERY: Duration = Duration::from_millis(100);
const HEALTH_EVERY: Duration = Duration::from_secs(2);
/// Points in one frame at most: 1.3 MB.
const POINTS_PER_FRAME: usize = 1 << 16;

/// Asks the writer to end the log; answered through the sender when all is on disk.
pub(crate) struct EndRequest {
    pub outcome: Outcome,
    pub done: Sender<()>,
}

pub(crate) struct Writer {
    pub shared: Arc<Shared>,
    pub new_rings: Receiver<Consumer<Point>>,
    pub records: Receiver<Record>,
    pub end: Receiver<EndRequest>,
    pub frames: FrameWriter,
    rings: Vec<Consumer<Point>>,
    points: Scalars,
    series_written: usize,
    written_at: Instant,
    progress_at: Instant,
    health_at: Instant,
}

/// Numbers frames and appends them.
pub(crate) struct FrameWriter {
    run: RunKey,
    rank: Rank,
    seq: u64,
    log: LogFile,
    scalars_written: u64,
    scalars_lost: u64,
    records_lost: u64,
}

impl FrameWriter {
    pub fn new(run: RunKey, rank: Rank, log: LogFile) -> Self {
        Self { run, rank, seq: 0, log, scalars_written: 0, scalars_lost: 0, records_lost: 0 }
    }

    /// Appends one record; whether it was kept. Sequence numbers have no holes: a refused frame uses none.
    pub fn append(&mut self, record: &Record) -> Result<bool, EncodeFrameError> {
        let frame = record.encode(FrameAddress { run: self.run, rank: self.rank, seq: self.seq })?;
        let kept = self.log.append(&frame);
        self.seq += u64::from(kept);
        Ok(kept)
    }

    pub fn close(&mut self) -> std::io::Result<()> {
        self.log.close()
    }

    fn append_or_count(&mut self, record: &Record) {
        let kept = self.append(record).unwrap_or(false);
        match (record, kept) {
            (Record::Scalars(points), true) => self.scalars_written += points.steps.len() as u64,
            (Record::Scalars(points), false) => self.scalars_lost += points.steps.len() as u64,
            (_, true) => {}
            (_, false) => self.records_lost += 1,
        }
    }
}

impl Writer {
    pub fn new(
        shared: Arc<Shared>,
        new_rings: Receiver<Consumer<Point>>,
        records: Receiver<Record>,
        end: Receiver<EndRequest>,
        frames: FrameWriter,
    ) -> Self {
        let now = Instant::now();
        let (rings, points) = (Vec::new(), Scalars::default());
        Self {
            shared,
            new_rings,
            records,
            end,
            frames,
            rings,
            points,
            series_written: 0,
            written_at: now,
            progress_at: now,
            health_at: now,
        }
    }

    /// Runs until the end is asked for.
    pub fn run(mut self) {
        loop {
            // Between sweeps the thread sleeps in the wait for the end.
            match self.end.recv_timeout(SWEEP_EVERY) {
                Err(RecvTimeoutError::Timeout) => self.sweep(false),
                Ok(request) => return self.finish(&request),
                Err(RecvTimeoutError::Disconnected) => {
                    let (done, _) = std::sync::mpsc::channel();
                    return self.finish(&EndRequest { outcome: Outcome::Failed, done });
                }
            }
        }
    }

    fn sweep(&mut self, all: bool) {
        let now = Instant::now();
        self.rings.extend(self.new_rings.try_iter());
        self.take_points();
        if all || now - self.written_at >= WRITE_EVERY {
            self.written_at = now;
            self.write_points();
            self.write_records();
            self.write_progress(now, all);
            self.write_health(now, all);
            self.frames.log.flush();
        }
    }

    fn take_points(&mut self) {
        for i in 0..self.rings.len() {
            // Bounded, so that a thread that logs without pause does not keep the others waiting.
            for _ in 0..RING_POINTS {
                let Ok(point) = self.rings[i].pop() else { break };
                self.points.series.push(point.series);
                self.points.steps.push(point.step);
                self.points.values.push(point.value);
                if self.points.steps.len() == POINTS_PER_FRAME {
                    self.write_points();
                }
            }
        }
        // A thread that ended has dropped its end; its points are out by now.
        self.rings.retain(|ring| !ring.is_abandoned() || !ring.is_empty());
    }

    fn write_points(&mut self) {
        self.write_series();
        if self.points.steps.is_empty() {
            return;
        }
        self.points.wall = wall_now();
        let points = std::mem::take(&mut self.points);
        let record = Record::Scalars(points);
        self.frames.append_or_count(&record);
        if let Record::Scalars(mut points) = record {
            points.series.clear();
            points.steps.clear();
            points.values.clear();
            self.points = points; // keeps its memory
        }
    }

    /// Definitions stand before the points that need them, and none is ever refused for good.
    fn write_series(&mut self) {
        let new = self.shared.series.since(self.series_written);
        if new.is_empty() {
            return;
        }
        let count = new.len();
        if self.frames.append(&Record::Series(new)).unwrap_or(false) {
            self.series_written += count;
        }
    }

    fn write_records(&mut self) {
        while let Ok(record) = self.records.try_recv() {
            self.shared.queue.taken(&record);
            self.frames.append_or_count(&record);
        }
    }

    fn write_progress(&mut self, now: Instant, all: bool) {
        let due = all || now - self.progress_at >= PROGRESS_EVERY;
        if let Some(progress) = due.then(|| self.shared.progress.take()).flatten() {
            self.frames.append_or_count(&Record::Progress(progress));
            self.progress_at = now;
        }
    }

    fn write_health(&mut self, now: Instant, all: bool) {
        if all || now - self.health_at >= HEALTH_EVERY {
            self.health_at = now;
            let health = self.health();
            // A refused sign of life is no loss of data.
            let _ = self.frames.append(&Record::Health(health));
        }
        self.shared.writer_scalars_lost.store(self.frames.scalars_lost, Ordering::Relaxed);
        self.shared.writer_records_lost.store(self.frames.records_lost, Ordering::Relaxed);
    }

    fn health(&self) -> Health {
        Health {
            wall: wall_now(),
            scalars_written: self.frames.scalars_written,
            scalars_lost: self.frames.scalars_lost + self.shared.rings.lost.load(Ordering::Relaxed),
            records_lost: self.frames.records_lost + self.shared.queue.lost.load(Ordering::Relaxed),
        }
    }

    fn finish(mut self, request: &EndRequest) {
        self.sweep(true);
        let end = Record::RunEnd(RunEnd { outcome: request.outcome, wall: wall_now() });
        self.frames.append_or_count(&end);
        // Nobody is left to tell but the reader of the log, who sees that the end is missing.
        let _ = self.frames.close();
        let _ = request.done.send(());
    }
}

pub(crate) fn wall_now() -> WallTime {
    let secs = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
    WallTime::from_secs(secs).unwrap_or_default()
}
