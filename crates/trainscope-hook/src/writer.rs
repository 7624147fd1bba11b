//! The writer thread: sweeps rings and queue, encodes frames, appends them to the log.
//!
//! It polls instead of being woken: waking a parked thread costs the training thread about a microsecond, a poll
//! nothing. Rings are swept every 5 ms, points are written every 20 ms, so that a killed process loses at most that.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use trainscope_schema::{
    EncodeFrameError, FrameAddress, Health, Outcome, Rank, Record, RunEnd, RunKey, Scalars, WallTime,
};

use crate::log_file::LogFile;
use crate::queue::QUEUE_RECORDS;
use crate::ring::{RING_POINTS, RingEnd};
use crate::run::Shared;

const SWEEP_EVERY: Duration = Duration::from_millis(5);
const WRITE_EVERY: Duration = Duration::from_millis(20);
const PROGRESS_EVERY: Duration = Duration::from_millis(100);
const HEALTH_EVERY: Duration = Duration::from_secs(2);
/// Points in one frame at most: 1.3 MB.
const POINTS_PER_FRAME: usize = 1 << 16;
/// Definitions of series in one frame at most.
const SERIES_PER_FRAME: usize = 1000;

/// Asks the writer to end the log; answered through the sender when all is on disk.
pub(crate) struct EndRequest {
    pub outcome: Outcome,
    pub done: Sender<()>,
}

pub(crate) struct Writer {
    shared: Arc<Shared>,
    records: Receiver<Record>,
    end: Receiver<EndRequest>,
    frames: FrameWriter,
    rings: Vec<RingEnd>,
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
    /// Points and other records that count as written, and are still in memory.
    unflushed: (u64, u64),
}

impl FrameWriter {
    pub fn new(run: RunKey, rank: Rank, log: LogFile) -> Self {
        Self {
            run,
            rank,
            seq: 0,
            log,
            scalars_written: 0,
            scalars_lost: 0,
            records_lost: 0,
            unflushed: (0, 0),
        }
    }

    /// Appends one record; whether it was kept. Sequence numbers have no holes: a refused frame uses none.
    pub fn append(&mut self, record: &Record) -> Result<bool, EncodeFrameError> {
        let frame = record.encode(FrameAddress { run: self.run, rank: self.rank, seq: self.seq })?;
        if !self.log.fits(&frame) {
            self.flush();
        }
        let kept = self.log.append(&frame);
        self.seq += u64::from(kept);
        Ok(kept)
    }

    /// Brings the log to the disk; what does not get there is counted as lost.
    pub fn close(&mut self) -> std::io::Result<()> {
        let closed = self.log.close();
        let (scalars, records) = if self.log.is_flushed() { (0, 0) } else { self.unflushed };
        self.scalars_written -= scalars;
        self.scalars_lost += scalars;
        self.records_lost += records;
        self.unflushed = (0, 0);
        closed
    }

    fn flush(&mut self) {
        self.log.flush();
        if self.log.is_flushed() {
            self.unflushed = (0, 0);
        }
    }

    fn append_or_count(&mut self, record: &Record) {
        self.append_if(true, record);
    }

    /// Appends one record, if `wanted` and if there is room; counts it in any case.
    fn append_if(&mut self, wanted: bool, record: &Record) {
        let kept = wanted && self.append(record).unwrap_or(false);
        match (record, kept) {
            (Record::Scalars(points), true) => {
                self.scalars_written += points.steps.len() as u64;
                self.unflushed.0 += points.steps.len() as u64;
            }
            (Record::Scalars(points), false) => self.scalars_lost += points.steps.len() as u64,
            (_, true) => self.unflushed.1 += 1,
            (_, false) => self.records_lost += 1,
        }
    }
}

impl Writer {
    pub fn new(
        shared: Arc<Shared>,
        records: Receiver<Record>,
        end: Receiver<EndRequest>,
        frames: FrameWriter,
    ) -> Self {
        let now = Instant::now();
        let (rings, points) = (Vec::new(), Scalars::default());
        Self {
            shared,
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
                Err(RecvTimeoutError::Timeout) => self.sweep(Instant::now()),
                Ok(request) => return self.finish(&request),
                Err(RecvTimeoutError::Disconnected) => {
                    let (done, _) = channel();
                    return self.finish(&EndRequest { outcome: Outcome::Failed, done });
                }
            }
        }
    }

    fn sweep(&mut self, now: Instant) {
        self.rings.extend(self.shared.rings.fetch_new());
        self.take_points();
        if now - self.written_at >= WRITE_EVERY {
            self.written_at = now;
            self.write_points();
            self.write_records();
            if now - self.progress_at >= PROGRESS_EVERY {
                self.write_progress(now);
            }
            if now - self.health_at >= HEALTH_EVERY {
                self.write_health(now);
            }
            self.frames.flush();
            self.tell_losses();
        }
    }

    fn finish(mut self, request: &EndRequest) {
        let now = Instant::now();
        self.rings.extend(self.shared.rings.end());
        self.shared.queue.end();
        self.take_points();
        self.write_points();
        self.shared.rings.settle(self.rings.drain(..));
        self.write_records();
        self.write_progress(now);
        self.write_health(now);
        let end = Record::RunEnd(RunEnd { outcome: request.outcome, wall: wall_now() });
        let _ = self.frames.append(&end);
        self.tell_losses();
        if let Err(error) = self.frames.close() {
            self.frames.log.say_unfinished(&error);
        }
        self.tell_losses();
        self.shared.queue.settle(self.records);
        let _ = request.done.send(());
    }

    fn take_points(&mut self) {
        for i in 0..self.rings.len() {
            // Bounded, so that a thread that logs without pause does not keep the others waiting.
            for _ in 0..RING_POINTS {
                let Some(point) = self.rings[i].take() else { break };
                self.points.series.push(point.series);
                self.points.steps.push(point.step);
                self.points.values.push(point.value);
                if self.points.steps.len() == POINTS_PER_FRAME {
                    self.write_points();
                }
            }
        }
        self.rings.retain(|ring| !ring.is_done());
    }

    fn write_points(&mut self) {
        let defined = self.write_series();
        if self.points.steps.is_empty() {
            return;
        }
        self.points.wall = wall_now();
        let points = std::mem::take(&mut self.points);
        let record = Record::Scalars(points);
        self.frames.append_if(defined, &record);
        if let Record::Scalars(mut points) = record {
            points.series.clear();
            points.steps.clear();
            points.values.clear();
            self.points = points; // keeps its memory
        }
    }

    /// Definitions stand before the points that need them; whether all are in the log.
    fn write_series(&mut self) -> bool {
        for defs in self.shared.series.since(self.series_written).chunks(SERIES_PER_FRAME) {
            match self.frames.append(&Record::Series(defs.to_vec())) {
                Ok(true) => {}
                Ok(false) => return false, // there is no room now; the next write tries again
                // A name of megabytes fits in no frame: waiting for it would cost all later series.
                Err(_) => self.frames.records_lost += 1,
            }
            self.series_written += defs.len();
        }
        true
    }

    fn write_records(&mut self) {
        // Bounded, so that records without pause do not keep the points waiting.
        for record in self.records.try_iter().take(QUEUE_RECORDS) {
            self.shared.queue.taken(&record);
            self.frames.append_or_count(&record);
        }
    }

    fn write_progress(&mut self, now: Instant) {
        if let Some(progress) = self.shared.progress.take() {
            // The next one is as good: a refused one is no loss of data.
            let _ = self.frames.append(&Record::Progress(progress));
            self.progress_at = now;
        }
    }

    fn write_health(&mut self, now: Instant) {
        self.health_at = now;
        let health = self.health();
        // A refused sign of life is no loss of data.
        let _ = self.frames.append(&Record::Health(health));
    }

    fn tell_losses(&self) {
        self.shared.writer_scalars_lost.store(self.frames.scalars_lost, Ordering::Relaxed);
        self.shared.writer_records_lost.store(self.frames.records_lost, Ordering::Relaxed);
    }

    fn health(&self) -> Health {
        Health {
            wall: wall_now(),
            scalars_written: self.frames.scalars_written,
            scalars_lost: self.frames.scalars_lost + self.shared.rings.lost(),
            records_lost: self.frames.records_lost + self.shared.queue.lost(),
        }
    }
}

pub(crate) fn wall_now() -> WallTime {
    let secs = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
    WallTime::from_secs(secs).unwrap_or_default()
}
