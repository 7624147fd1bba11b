//! A run: what training code holds on to.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use trainscope_schema::{
    ModelSummary, Note, NoteLevel, Outcome, Predictions, Progress, Rank, Record, RunKey, RunStart, SeriesDef,
    SeriesId, SeriesIndex, Step, Tensor,
};

use crate::evaluate::Evaluate;
use crate::folder;
use crate::log_file::LogFile;
use crate::options::{RunOptions, StartRunError};
use crate::queue::Queue;
use crate::ring::{Rings, Scalar};
use crate::writer::{EndRequest, FrameWriter, Writer, wall_now};

/// Probabilities in one frame.
const VALUES_PER_FRAME: usize = 1 << 20;
const FINISH_AT_MOST: Duration = Duration::from_secs(5);

/// A run that is being recorded. Clones are the same run; when the last one goes without [`Run::finish`], the run is
/// recorded as failed.
#[derive(Clone)]
pub struct Run {
    inner: Arc<Inner>,
}

struct Inner {
    dir: PathBuf,
    shared: Arc<Shared>,
    /// Evaluations recorded so far.
    evaluations: AtomicU64,
    end: Mutex<Option<Sender<EndRequest>>>,
}

/// What handles and writer share.
pub(crate) struct Shared {
    pub rings: Arc<Rings>,
    pub queue: Queue,
    pub series: SeriesTable,
    pub progress: Latest<Progress>,
    pub writer_scalars_lost: AtomicU64,
    pub writer_records_lost: AtomicU64,
}

/// What could not be recorded since the start of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// Points of series.
    pub scalars: u64,
    /// Tensors, predictions, notes.
    pub records: u64,
}

impl Run {
    /// Starts a run; the same as [`RunOptions::start`].
    pub fn start(options: RunOptions) -> Result<Self, StartRunError> {
        let started = wall_now();
        let dir = folder::create(&options.runs_dir, &options.name, started.secs() as u64)
            .map_err(|source| StartRunError::CreateFolder { dir: options.runs_dir.clone(), source })?;
        let path = dir.join("rank-0.tsf");
        let fail = |source| StartRunError::CreateLog { path: path.clone(), source };
        let key = random_key();
        let mut frames = FrameWriter::new(key, Rank(0), LogFile::create(&path).map_err(fail)?);
        frames.append(&Record::RunStart(RunStart {
            name: options.name,
            started,
            config: options.config,
            written_by: concat!("trainscope ", env!("CARGO_PKG_VERSION")).to_owned(),
        }))?;
        frames.close().map_err(fail)?;

        let (queue, records) = Queue::new();
        let (end, end_requests) = channel();
        let shared = Arc::new(Shared {
            rings: Arc::new(Rings::new(next_token())),
            queue,
            series: SeriesTable::default(),
            progress: Latest::default(),
            writer_scalars_lost: AtomicU64::new(0),
            writer_records_lost: AtomicU64::new(0),
        });
        let writer = Writer::new(Arc::clone(&shared), records, end_requests, frames);
        std::thread::Builder::new()
            .name("trainscope-writer".to_owned())
            .spawn(move || writer.run())
            .map_err(StartRunError::StartThread)?;
        Ok(Self {
            inner: Arc::new(Inner {
                dir,
                shared,
                evaluations: AtomicU64::new(0),
                end: Mutex::new(Some(end)),
            }),
        })
    }

    /// A series indexed by step, such as `train/loss`. The same name gives the same series.
    pub fn scalar(&self, name: &str) -> Scalar {
        self.series(name, SeriesIndex::Step)
    }

    /// A series indexed by epoch, such as `validation/epoch_loss`. The same name gives the same series.
    pub fn epoch_scalar(&self, name: &str) -> Scalar {
        self.series(name, SeriesIndex::Epoch)
    }

    fn series(&self, name: &str, index: SeriesIndex) -> Scalar {
        Scalar::new(self.inner.shared.series.id(name, index), Arc::clone(&self.inner.shared.rings))
    }

    /// Where training is. Cheap; the log keeps about ten a second.
    pub fn progress(&self, progress: Progress) {
        self.inner.shared.progress.put(progress);
    }

    /// Records the model's layers.
    pub fn model(&self, model: ModelSummary) {
        self.push(Record::Model(model));
    }

    /// Records a tensor: feature maps, or the probe image they answer to. A tensor whose `values` do not fit its
    /// `shape` is not recorded; a warning is.
    pub fn tensor(&self, tensor: Tensor) {
        match tensor.misfit() {
            None => self.push(Record::Tensor(tensor)),
            Some(reason) => self.refuse(tensor.step, &reason),
        }
    }

    /// Records predictions; one call is one evaluation, whatever its size (`evaluation` is numbered here). Columns that
    /// do not fit each other are not recorded; a warning is.
    pub fn predictions(&self, batch: Predictions) {
        if let Some(reason) = batch.misfit() {
            return self.refuse(batch.step, &format!("predictions on {}: {reason}", batch.split));
        }
        let evaluation = self.inner.evaluations.fetch_add(1, Ordering::Relaxed);
        parts_of(Predictions { evaluation, ..batch }).for_each(|part| self.push(Record::Predictions(part)));
    }

    /// Counts a record that makes no sense as lost, and says so in the log.
    fn refuse(&self, step: Step, reason: &str) {
        self.inner.shared.queue.count_lost();
        self.note(NoteLevel::Warning, step, format!("not recorded: {reason}"));
    }

    /// Starts the record of an evaluation: `probabilities` are rows × K, row-major; the first largest is the prediction.
    ///
    /// ```no_run
    /// # let run = trainscope_hook::RunOptions::new("digits").start()?;
    /// run.evaluate("test", &[0, 1], &[0.9, 0.1, 0.4, 0.6]).classes(["cat", "dog"]).log()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn evaluate<'a>(
        &'a self,
        split: &'a str,
        labels: &'a [u32],
        probabilities: &'a [f32],
    ) -> Evaluate<'a> {
        Evaluate::new(self, split, labels, probabilities)
    }

    /// Records a sentence for the reader.
    pub fn note(&self, level: NoteLevel, step: Step, text: impl Into<String>) {
        self.push(Record::Note(Note { level, step, text: text.into() }));
    }

    fn push(&self, record: Record) {
        self.inner.shared.queue.push(record);
    }

    /// Ends the run as finished. Returns when its log is on disk, at the latest after 5 s.
    pub fn finish(&self) {
        self.inner.end(Outcome::Finished);
    }

    /// Ends the run as failed. Returns when its log is on disk, at the latest after 5 s.
    pub fn fail(&self) {
        self.inner.end(Outcome::Failed);
    }

    /// The run's folder.
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    /// What could not be recorded so far.
    pub fn losses(&self) -> Losses {
        let shared = &self.inner.shared;
        Losses {
            scalars: shared.rings.lost() + shared.writer_scalars_lost.load(Ordering::Relaxed),
            records: shared.queue.lost() + shared.writer_records_lost.load(Ordering::Relaxed),
        }
    }
}

impl Inner {
    fn end(&self, outcome: Outcome) {
        // Held while waiting: who ends the run a second time returns as late as the first, when all is on disk.
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(end) = end.take() else { return };
        let (done, finished) = channel();
        if end.send(EndRequest { outcome, done }).is_ok() {
            // A stuck disk must not hold a finished training for ever.
            let _ = finished.recv_timeout(FINISH_AT_MOST);
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.end(Outcome::Failed);
    }
}

/// Cuts predictions into parts that fit a frame: at most 4 MiB of probabilities each, at least one row, at least one part.
fn parts_of(batch: Predictions) -> impl Iterator<Item = Predictions> {
    let classes = batch.classes.len().max(1);
    let rows = batch.labels.len();
    let rows_per_part = (VALUES_PER_FRAME / classes).max(1);
    (0..rows.div_ceil(rows_per_part).max(1)).map(move |part| {
        let (from, to) = (part * rows_per_part, ((part + 1) * rows_per_part).min(rows));
        let probabilities =
            batch.probabilities.get(from * classes..to * classes).unwrap_or_default().to_vec();
        Predictions {
            split: batch.split.clone(),
            classes: batch.classes.clone(),
            labels: batch.labels[from..to].to_vec(),
            predicted: batch.predicted[from..to].to_vec(),
            probabilities,
            ..batch
        }
    })
}

/// Names of series and their numbers. Locked when a handle is made and once a write, never on the way of a point.
#[derive(Default)]
pub(crate) struct SeriesTable {
    inner: Mutex<(HashMap<String, SeriesId>, Vec<SeriesDef>)>,
}

impl SeriesTable {
    fn id(&self, name: &str, index: SeriesIndex) -> SeriesId {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (ids, defs) = &mut *inner;
        *ids.entry(name.to_owned()).or_insert_with(|| {
            let id = SeriesId(defs.len() as u32);
            defs.push(SeriesDef { id, name: name.to_owned(), index });
            id
        })
    }

    pub fn since(&self, count: usize) -> Vec<SeriesDef> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).1[count..].to_vec()
    }
}

/// A slot for the newest value: older ones are overwritten, nobody waits.
pub(crate) struct Latest<T>(Mutex<Option<T>>);

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: Copy> Latest<T> {
    fn put(&self, value: T) {
        // The other side holds the lock for nanoseconds; should it be put to sleep meanwhile, the value is skipped
        // rather than waited for, and the next one is as good.
        for _ in 0..100 {
            if let Ok(mut slot) = self.0.try_lock() {
                *slot = Some(value);
                return;
            }
            std::hint::spin_loop();
        }
    }

    pub fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn next_token() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Random by the system's seed of `RandomState`, different in each process and call.
fn random_key() -> RunKey {
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u64(wall_now().secs().to_bits());
    hasher.write_u32(std::process::id());
    RunKey(hasher.finish())
}
