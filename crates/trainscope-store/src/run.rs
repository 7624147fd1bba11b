//! A run as it stands in its folder: the fold of all its records, without their bulk.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use trainscope_eval::{AddPredictionsError, Tally};
use trainscope_schema::{
    DecodeFrameError, DecodeRecordError, Epoch, Evaluation, EvaluationInfo, Frame, Health, ModelSummary,
    Note, Num, Outcome, Predictions, Progress, Rank, Record, RunDetails, RunEnd, RunKey, RunStart, RunState,
    RunSummary, Scalars, SeriesDef, Step, Tensor, TensorInfo, WallTime, decode_frame,
};

use crate::log_reader::{Damage, LogReader, Place};
use crate::series::Series;

/// A writer that was silent for longer is called interrupted: it gives a sign of life every 2 s.
const SILENT_AFTER_SECS: f64 = 10.0;
/// Notes kept in memory; the log keeps all.
const NOTES_KEPT: usize = 1000;
/// Series kept per run; a run with more is broken, or hostile.
const SERIES_KEPT: usize = 100_000;

/// A run, followed from its folder.
pub struct Run {
    dir: PathBuf,
    name: String,
    logs: Vec<Log>,
    facts: Facts,
}

struct Log {
    rank: Rank,
    reader: LogReader,
}

/// What the records said.
#[derive(Default)]
struct Facts {
    key: Option<RunKey>,
    start: Option<RunStart>,
    end: Option<RunEnd>,
    last_wall: Option<WallTime>,
    series: Vec<Series>,
    series_by_name: HashMap<String, usize>,
    series_by_id: HashMap<(Rank, u32), usize>,
    tensors: Vec<(TensorInfo, Source)>,
    evaluations: Vec<(EvaluationInfo, Vec<Source>)>,
    model: Option<ModelSummary>,
    progress: Option<Progress>,
    notes: Vec<Note>,
    health: HashMap<Rank, Health>,
    unreadable_records: u32,
    points: u64,
    version: u64,
}

/// Where a frame's bytes are.
#[derive(Clone, Copy)]
struct Source {
    log: usize,
    place: Place,
}

/// Why a run could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenRunError {
    /// The folder holds no log.
    #[error("{} is no run: a run's folder holds a file rank-0.tsf", .0.display())]
    NoLog(PathBuf),
    /// A file could not be read.
    #[error("cannot read the run {}: {source}", dir.display())]
    Read {
        /// The folder.
        dir: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Why a tensor or an evaluation could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadBlobError {
    /// There is none of that id.
    #[error("this run has nothing with the id {0}")]
    UnknownId(String),
    /// The log cannot be read any more.
    #[error("the run's log can no longer be read: {0}")]
    Read(#[from] io::Error),
    /// The frame has changed since it was first read.
    #[error("the run's log was changed since it was read: {0}")]
    Frame(#[from] DecodeFrameError),
    /// The frame is no such record.
    #[error(transparent)]
    Record(#[from] DecodeRecordError),
    /// The batches do not belong together.
    #[error(transparent)]
    Predictions(#[from] AddPredictionsError),
}

impl Run {
    /// Opens a run's folder and reads what is there.
    pub fn open(dir: &Path) -> Result<Self, OpenRunError> {
        let read = |source| OpenRunError::Read { dir: dir.to_owned(), source };
        let name = dir
            .canonicalize()
            .ok()
            .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
            .unwrap_or_default();
        let mut run = Self { dir: dir.to_owned(), name, logs: Vec::new(), facts: Facts::default() };
        run.find_logs().map_err(read)?;
        if run.logs.is_empty() {
            return Err(OpenRunError::NoLog(dir.to_owned()));
        }
        run.follow().map_err(read)?;
        Ok(run)
    }

    /// Whether a folder looks like a run's.
    pub fn is_run_dir(dir: &Path) -> bool {
        log_paths(dir).is_ok_and(|paths| !paths.is_empty())
    }

    /// Opens logs of writers that joined since.
    pub fn find_logs(&mut self) -> io::Result<()> {
        for (rank, path) in log_paths(&self.dir)? {
            if !self.logs.iter().any(|log| log.rank == rank) {
                self.logs.push(Log { rank, reader: LogReader::open(&path)? });
            }
        }
        Ok(())
    }

    /// Reads what was written since; whether there was anything.
    pub fn follow(&mut self) -> io::Result<bool> {
        let mut frames = 0;
        for (i, log) in self.logs.iter_mut().enumerate() {
            let (facts, rank) = (&mut self.facts, log.rank);
            frames += log.reader.read_new(|frame, place| facts.add(frame, rank, Source { log: i, place }))?;
        }
        self.facts.version += u64::from(frames > 0);
        Ok(frames > 0)
    }

    /// Grows with every change; equal versions mean equal answers.
    pub fn version(&self) -> u64 {
        self.facts.version
    }

    /// The run's folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The name of the run's folder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The run's key, once its first frame is there.
    pub fn key(&self) -> Option<RunKey> {
        self.facts.key
    }

    /// The series, in the order of their definition.
    pub fn series(&self) -> &[Series] {
        &self.facts.series
    }

    /// The series of that name.
    pub fn series_named(&self, name: &str) -> Option<&Series> {
        self.facts.series_by_name.get(name).map(|i| &self.facts.series[*i])
    }

    /// Whether it is being written, at the time `now`.
    pub fn state(&self, now: WallTime) -> RunState {
        match self.facts.end {
            Some(RunEnd { outcome: Outcome::Finished, .. }) => RunState::Finished,
            Some(RunEnd { outcome: Outcome::Failed, .. }) => RunState::Failed,
            None if self.facts.last_wall.is_some_and(|at| now.secs() - at.secs() < SILENT_AFTER_SECS) => {
                RunState::Live
            }
            None => RunState::Interrupted,
        }
    }

    /// The run as it stands in a list.
    pub fn summary(&self, id: &str, now: WallTime) -> RunSummary {
        RunSummary {
            id: id.to_owned(),
            name: self.name.clone(),
            state: self.state(now),
            started: self.facts.start.as_ref().map(|start| start.started),
            headline: self.headline(),
        }
    }

    /// The run, whole but for its bulk.
    pub fn details(&self, id: &str, now: WallTime) -> RunDetails {
        let facts = &self.facts;
        let mut series: Vec<_> = facts.series.iter().map(Series::info).collect();
        series.sort_by(|a, b| a.name.cmp(&b.name));
        let damage = self.damage();
        let started = facts.start.as_ref().map(|start| start.started);
        RunDetails {
            summary: self.summary(id, now),
            config: facts.start.as_ref().map(|start| start.config.clone()).unwrap_or_default(),
            duration_secs: started
                .zip(facts.last_wall)
                .map(|(start, last)| (last.secs() - start.secs()).max(0.0)),
            progress: facts.progress,
            series,
            model: facts.model.clone(),
            tensors: facts.tensors.iter().map(|(info, _)| info.clone()).collect(),
            evaluations: facts.evaluations.iter().map(|(info, _)| info.clone()).collect(),
            notes: facts.notes.clone(),
            health: self.health(),
            damaged_stretches: damage.stretches + facts.unreadable_records,
            damaged_bytes: damage.bytes,
            points: facts.points,
        }
    }

    /// The bytes of a tensor's frame.
    pub fn tensor_frame(&self, id: &str) -> Result<Vec<u8>, ReadBlobError> {
        let (_, source) = self
            .facts
            .tensors
            .iter()
            .find(|(info, _)| info.id == id)
            .ok_or_else(|| ReadBlobError::UnknownId(id.to_owned()))?;
        Ok(self.logs[source.log].reader.read_frame(source.place)?)
    }

    /// Evaluates the predictions of that id.
    pub fn evaluation(&self, id: &str) -> Result<Evaluation, ReadBlobError> {
        let (info, sources) = self
            .facts
            .evaluations
            .iter()
            .find(|(info, _)| info.id == id)
            .ok_or_else(|| ReadBlobError::UnknownId(id.to_owned()))?;
        let mut tally: Option<Tally> = None;
        for source in sources {
            let bytes = self.logs[source.log].reader.read_frame(source.place)?;
            if let Record::Predictions(batch) = Record::from_frame(&decode_frame(&bytes)?)? {
                tally.get_or_insert_with(|| Tally::new(batch.classes.clone())).add(&batch)?;
            }
        }
        let tally = tally.unwrap_or_else(|| Tally::new(Vec::new()));
        Ok(tally.evaluation(&info.split, info.step, info.epoch))
    }

    fn damage(&self) -> Damage {
        let mut sum = Damage::default();
        for damage in self.logs.iter().map(|log| log.reader.damage()) {
            sum.stretches += damage.stretches;
            sum.bytes += damage.bytes;
            sum.missing_frames += damage.missing_frames;
        }
        sum
    }

    fn health(&self) -> Health {
        let mut sum = Health { wall: self.facts.last_wall.unwrap_or_default(), ..Health::default() };
        for health in self.facts.health.values() {
            sum.scalars_written += health.scalars_written;
            sum.scalars_lost += health.scalars_lost;
            sum.records_lost += health.records_lost;
        }
        sum
    }

    fn headline(&self) -> Option<(String, Num)> {
        let rank = |name: &str| match name {
            "validation/epoch_accuracy" => 0,
            _ if name.ends_with("accuracy") && name.starts_with("val") => 1,
            _ if name.ends_with("accuracy") => 2,
            _ if name.ends_with("loss") && name.starts_with("val") => 3,
            _ if name.ends_with("loss") => 4,
            _ => 5,
        };
        let best = self.facts.series.iter().filter(|s| !s.points.is_empty()).min_by_key(|s| rank(&s.name))?;
        best.points.last().map(|(_, value)| (best.name.clone(), Num(value)))
    }
}

impl Facts {
    fn add(&mut self, frame: &Frame<'_>, rank: Rank, source: Source) {
        self.key.get_or_insert(frame.address.run);
        match Record::from_frame(frame) {
            Ok(Record::RunStart(start)) => {
                self.saw(start.started);
                self.start.get_or_insert(start);
            }
            Ok(Record::Series(defs)) => defs.into_iter().for_each(|def| self.define(def, rank)),
            Ok(Record::Scalars(points)) => self.add_points(&points, rank),
            Ok(Record::Tensor(tensor)) => self.add_tensor(tensor, source),
            Ok(Record::Predictions(batch)) => self.add_predictions(batch, source),
            Ok(Record::Model(model)) => self.model = Some(model),
            Ok(Record::Progress(progress)) => self.progress = Some(progress),
            Ok(Record::Note(note)) => {
                if self.notes.len() < NOTES_KEPT {
                    self.notes.push(note);
                }
            }
            Ok(Record::Health(health)) => {
                self.saw(health.wall);
                self.health.insert(rank, health);
            }
            Ok(Record::RunEnd(end)) => {
                self.saw(end.wall);
                self.end = Some(end);
            }
            Ok(Record::Unknown(_)) => {}
            Err(_) => self.unreadable_records += 1,
        }
    }

    fn saw(&mut self, wall: WallTime) {
        if self.last_wall.is_none_or(|last| last < wall) {
            self.last_wall = Some(wall);
        }
    }

    fn define(&mut self, def: SeriesDef, rank: Rank) {
        let name = if rank == Rank(0) { def.name } else { format!("rank-{}/{}", rank.0, def.name) };
        let next = self.series.len();
        if next >= SERIES_KEPT && !self.series_by_name.contains_key(&name) {
            self.unreadable_records += 1;
            return;
        }
        let i = *self.series_by_name.entry(name.clone()).or_insert(next);
        if i == next {
            self.series.push(Series::new(name, def.index));
        }
        self.series_by_id.insert((rank, def.id.0), i);
    }

    fn add_points(&mut self, points: &Scalars, rank: Rank) {
        self.saw(points.wall);
        for ((id, step), value) in points.series.iter().zip(&points.steps).zip(&points.values) {
            match self.series_by_id.get(&(rank, *id)) {
                Some(i) => self.series[*i].points.append(*step, *value),
                // Its definition is in a damaged frame: the point cannot be shown, so it is at least counted.
                None => self.unreadable_records = self.unreadable_records.saturating_add(1),
            }
        }
        self.points += points.steps.len() as u64;
    }

    fn add_tensor(&mut self, tensor: Tensor, source: Source) {
        let info = TensorInfo {
            id: format!("t{}", self.tensors.len()),
            name: tensor.name,
            role: tensor.role,
            order: tensor.order,
            shape: tensor.shape,
            step: tensor.step,
            epoch: tensor.epoch,
            caption: tensor.caption,
        };
        self.tensors.push((info, source));
    }

    fn add_predictions(&mut self, batch: Predictions, source: Source) {
        let same = |info: &EvaluationInfo| {
            (&info.split, info.epoch, info.step) == (&batch.split, batch.epoch, batch.step)
        };
        let n = batch.labels.len() as u64;
        if let Some((info, sources)) = self.evaluations.iter_mut().rev().find(|(info, _)| same(info)) {
            info.n += n;
            sources.push(source);
            return;
        }
        let id = format!("e{}", self.evaluations.len());
        let (epoch, step): (Epoch, Step) = (batch.epoch, batch.step);
        self.evaluations.push((EvaluationInfo { id, split: batch.split, epoch, step, n }, vec![source]));
    }
}

/// The logs of a run's folder with their ranks: `rank-0.tsf`, `rank-1.tsf`…
fn log_paths(dir: &Path) -> io::Result<Vec<(Rank, PathBuf)>> {
    let mut logs = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let rank =
            name.to_str().and_then(|name| name.strip_prefix("rank-")?.strip_suffix(".tsf")?.parse().ok());
        if let Some(rank) = rank {
            logs.push((Rank(rank), entry.path()));
        }
    }
    logs.sort_by_key(|(rank, _)| *rank);
    Ok(logs)
}
