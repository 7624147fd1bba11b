//! A log written record by record.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use trainscope_schema::{
    Epoch, FrameAddress, FrameKind, Health, Outcome, Predictions, Rank, Record, RunEnd, RunKey, RunStart,
    Scalars, SeriesDef, SeriesId, SeriesIndex, Step, Tensor, TensorRole, WallTime, encode_frame,
};

pub(crate) fn at(secs: f64) -> WallTime {
    WallTime::from_secs(secs).unwrap()
}

/// One rank's log in a folder.
pub(crate) struct Log {
    dir: PathBuf,
    key: u64,
    rank: u32,
    seq: u64,
}

impl Log {
    /// A log without any frame in `dir`, which is made.
    pub fn new(dir: &Path, key: u64, rank: u32) -> Self {
        std::fs::create_dir_all(dir).unwrap();
        let log = Self { dir: dir.to_owned(), key, rank, seq: 0 };
        log.append_bytes(&[]);
        log
    }

    /// Rank 0's log that begins at `secs`.
    pub fn started(dir: &Path, key: u64, secs: f64) -> Self {
        Self::new(dir, key, 0).add(&start(secs))
    }

    pub fn path(&self) -> PathBuf {
        self.dir.join(format!("rank-{}.tsf", self.rank))
    }

    pub fn add(mut self, record: &Record) -> Self {
        let frame = record.encode(self.next_address()).unwrap();
        self.append_bytes(&frame);
        self
    }

    /// Any bytes: damage.
    pub fn add_bytes(self, bytes: &[u8]) -> Self {
        self.append_bytes(bytes);
        self
    }

    /// A frame that no record of this version is.
    pub fn add_kind(mut self, kind: FrameKind) -> Self {
        let frame = encode_frame(self.next_address(), kind, &serde_json::json!({"new": true}), &[]).unwrap();
        self.append_bytes(&frame);
        self
    }

    /// A frame number is used up, and the frame is nowhere.
    pub fn lose_frame(mut self) -> Self {
        self.seq += 1;
        self
    }

    fn next_address(&mut self) -> FrameAddress {
        let address = FrameAddress { run: RunKey(self.key), rank: Rank(self.rank), seq: self.seq };
        self.seq += 1;
        address
    }

    fn append_bytes(&self, bytes: &[u8]) {
        let file = std::fs::File::options().create(true).append(true).open(self.path());
        file.unwrap().write_all(bytes).unwrap();
    }
}

pub(crate) fn start(secs: f64) -> Record {
    let config = BTreeMap::from([("learning_rate".to_owned(), serde_json::json!(0.001))]);
    Record::RunStart(RunStart { name: "digits".into(), started: at(secs), config, written_by: "test".into() })
}

pub(crate) fn series(defs: &[(u32, &str, SeriesIndex)]) -> Record {
    let def = |(id, name, index): &(u32, &str, SeriesIndex)| SeriesDef {
        id: SeriesId(*id),
        name: (*name).to_owned(),
        index: *index,
    };
    Record::Series(defs.iter().map(def).collect())
}

/// Points of one series.
pub(crate) fn points(id: u32, points: &[(u64, f64)]) -> Record {
    Record::Scalars(Scalars {
        wall: at(1001.0),
        series: vec![id; points.len()],
        steps: points.iter().map(|(step, _)| *step).collect(),
        values: points.iter().map(|(_, value)| *value).collect(),
    })
}

pub(crate) fn tensor(name: &str, values: &[f32]) -> Record {
    Record::Tensor(Tensor {
        name: name.to_owned(),
        role: TensorRole::Activation,
        order: 3,
        shape: vec![1, values.len() as u32],
        step: Step(7),
        epoch: Epoch(2),
        caption: Some("label 4".into()),
        values: values.to_vec(),
    })
}

pub(crate) fn predictions(split: &str, epoch: u32, labels: &[u32], predicted: &[u32]) -> Record {
    Record::Predictions(Predictions {
        split: split.to_owned(),
        step: Step(u64::from(epoch) * 10),
        epoch: Epoch(epoch),
        // Batches of one split and epoch are parts of one evaluation.
        evaluation: u64::from(epoch) * 100 + split.len() as u64,
        classes: vec!["cat".into(), "dog".into()],
        labels: labels.to_vec(),
        predicted: predicted.to_vec(),
        probabilities: Vec::new(),
    })
}

pub(crate) fn health(secs: f64, written: u64, lost: u64) -> Record {
    let wall = at(secs);
    Record::Health(Health { wall, scalars_written: written, scalars_lost: lost, records_lost: 1 })
}

pub(crate) fn end(outcome: Outcome, secs: f64) -> Record {
    Record::RunEnd(RunEnd { outcome, wall: at(secs) })
}
