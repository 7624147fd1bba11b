//! A run as it stands in its folder: the fold of all its records, without their bulk.

use std::io;
use std::path::{Path, PathBuf};

use trainscope_schema::{
    Evaluation, Frame, Health, Num, Outcome, Rank, RunDetails, RunKey, RunState, RunSummary, WallTime,
};

use crate::blob::{ReadBlobError, StoredPredictions, StoredTensor};
use crate::facts::{Facts, Source};
use crate::log_reader::{Damage, LogReader, StoredFrame};
use crate::series::Series;

/// A writer that was silent for longer is called interrupted: it gives a sign of life every 2 s.
const SILENT_AFTER_SECS: f64 = 10.0;

/// A run, followed from its folder.
pub struct Run {
    dir: PathBuf,
    name: String,
    logs: Vec<Log>,
    facts: Facts,
}

struct Log {
    rank: Rank,
    path: PathBuf,
    reader: LogReader,
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
                let reader = LogReader::open(&path)?;
                self.logs.push(Log { rank, path, reader });
            }
        }
        Ok(())
    }

    /// Whether its logs were deleted, replaced or shortened since they were opened: then only opening it again helps.
    pub fn is_stale(&self) -> bool {
        !self.logs.iter().all(|log| log.reader.is_still(&log.path))
    }

    /// Reads what was written since; whether there was anything. A log that cannot be read keeps no other from being
    /// read.
    pub fn follow(&mut self) -> io::Result<bool> {
        let damage = self.damage();
        let (mut frames, mut failed) = (0, None);
        for (i, log) in self.logs.iter_mut().enumerate() {
            let (facts, rank) = (&mut self.facts, log.rank);
            let mut add = |frame: &Frame<'_>, place| {
                frames += 1;
                facts.add(frame, rank, Source { log: i, place });
            };
            failed = log.reader.read_new(&mut add).err().or(failed);
        }
        let changed = frames > 0 || self.damage() != damage;
        self.facts.version += u64::from(changed);
        failed.map_or(Ok(changed), Err)
    }

    /// Grows with every change; equal versions mean equal answers.
    pub fn version(&self) -> u64 {
        self.facts.version
    }

    /// The run's folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The name of the run's folder, or what tells it apart from another run's folder of that name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Makes this run newer than the one that was read from its folder before.
    pub(crate) fn replaces(&mut self, old: &Self) {
        self.facts.version += old.facts.version;
    }

    pub(crate) fn rename(&mut self, name: String) {
        self.name = name;
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
        let ends = &self.facts.ends;
        if ends.values().any(|outcome| *outcome == Outcome::Failed) {
            return RunState::Failed;
        }
        if !ends.is_empty() && self.logs.iter().all(|log| ends.contains_key(&log.rank)) {
            return RunState::Finished;
        }
        let silent_secs = |at: WallTime| now.secs() - at.secs();
        match self.facts.last_wall {
            Some(at) if silent_secs(at) < SILENT_AFTER_SECS => RunState::Live,
            _ => RunState::Interrupted,
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
        let mut evaluations: Vec<_> = facts.evaluations.iter().map(|(info, _)| info.clone()).collect();
        evaluations.sort_by_key(|info| (info.epoch, info.step));
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
            evaluations,
            notes: facts.all_notes(),
            health: self.health(),
            damaged_stretches: damage.stretches.saturating_add(facts.unreadable_records),
            damaged_bytes: damage.bytes,
            missing_frames: damage.missing_frames,
            unreadable_points: facts.unreadable_points,
            points: facts.points,
        }
    }

    /// The bytes of a tensor's frame.
    pub fn tensor_frame(&self, id: &str) -> Result<Vec<u8>, ReadBlobError> {
        self.stored_tensor(id)?.frame()
    }

    /// Evaluates the predictions of that id.
    pub fn evaluation(&self, id: &str) -> Result<Evaluation, ReadBlobError> {
        self.stored_predictions(id)?.evaluation()
    }

    /// Where a tensor lies, without reading it.
    pub fn stored_tensor(&self, id: &str) -> Result<StoredTensor, ReadBlobError> {
        let found = self.facts.tensors.iter().find(|(info, _)| info.id == id);
        let (_, source) = found.ok_or_else(|| ReadBlobError::UnknownId(id.to_owned()))?;
        Ok(StoredTensor(self.stored(source)))
    }

    /// Where the predictions of an evaluation lie, without reading them.
    pub fn stored_predictions(&self, id: &str) -> Result<StoredPredictions, ReadBlobError> {
        let found = self.facts.evaluations.iter().find(|(info, _)| info.id == id);
        let (info, sources) = found.ok_or_else(|| ReadBlobError::UnknownId(id.to_owned()))?;
        let frames = sources.iter().map(|source| self.stored(source)).collect();
        Ok(StoredPredictions { info: info.clone(), frames })
    }

    fn stored(&self, source: &Source) -> StoredFrame {
        self.logs[source.log].reader.stored(source.place)
    }

    fn damage(&self) -> Damage {
        let mut sum = Damage::default();
        for damage in self.logs.iter().map(|log| log.reader.damage()) {
            sum.stretches = sum.stretches.saturating_add(damage.stretches);
            sum.bytes = sum.bytes.saturating_add(damage.bytes);
            sum.missing_frames = sum.missing_frames.saturating_add(damage.missing_frames);
        }
        sum
    }

    fn health(&self) -> Health {
        let mut sum = Health { wall: self.facts.last_wall.unwrap_or_default(), ..Health::default() };
        for health in self.facts.health.values() {
            sum.scalars_written = sum.scalars_written.saturating_add(health.scalars_written);
            sum.scalars_lost = sum.scalars_lost.saturating_add(health.scalars_lost);
            sum.records_lost = sum.records_lost.saturating_add(health.records_lost);
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

/// The logs of a run's folder with their ranks: `rank-0.tsf`, `rank-1.tsf`…
fn log_paths(dir: &Path) -> io::Result<Vec<(Rank, PathBuf)>> {
    let mut logs = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let rank =
            name.to_str().and_then(|name| name.strip_prefix("rank-")?.strip_suffix(".tsf")?.parse().ok());
        // A pipe of that name would be waited for, without end.
        if let Some(rank) = rank.filter(|_| std::fs::metadata(entry.path()).is_ok_and(|meta| meta.is_file()))
        {
            logs.push((Rank(rank), entry.path()));
        }
    }
    logs.sort_by_key(|(rank, _)| *rank);
    Ok(logs)
}
