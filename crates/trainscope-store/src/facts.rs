//! What the records of a run said: the fold of all its frames, without their bulk.

use std::collections::HashMap;

use trainscope_schema::{
    EvaluationInfo, Frame, Health, ModelSummary, Note, NoteLevel, Outcome, Predictions, Progress, Rank,
    Record, RunKey, RunStart, Scalars, SeriesDef, Step, Tensor, TensorInfo, WallTime,
};

use crate::log_reader::Place;
use crate::series::Series;

/// Notes kept in memory; the log keeps all.
const NOTES_KEPT: usize = 1000;
/// Series kept per run; a run with more is broken, or hostile.
const SERIES_KEPT: usize = 100_000;

/// What the records said.
#[derive(Default)]
pub(crate) struct Facts {
    pub key: Option<RunKey>,
    pub start: Option<RunStart>,
    pub ends: HashMap<Rank, Outcome>,
    pub last_wall: Option<WallTime>,
    pub series: Vec<Series>,
    pub series_by_name: HashMap<String, usize>,
    pub series_by_id: HashMap<(Rank, u32), usize>,
    pub tensors: Vec<(TensorInfo, Source)>,
    pub evaluations: Vec<(EvaluationInfo, Vec<Source>)>,
    pub evaluation_by_number: HashMap<(Rank, u64), usize>,
    pub model: Option<ModelSummary>,
    pub progress: Option<Progress>,
    pub notes: Vec<Note>,
    pub more_notes: u64,
    pub health: HashMap<Rank, Health>,
    pub unreadable_records: u32,
    pub unreadable_points: u64,
    pub points: u64,
    pub version: u64,
}

/// Where a frame's bytes are.
#[derive(Clone, Copy)]
pub(crate) struct Source {
    pub log: usize,
    pub place: Place,
}

impl Facts {
    /// Adds what a frame says.
    pub fn add(&mut self, frame: &Frame<'_>, rank: Rank, source: Source) {
        self.key.get_or_insert(frame.address.run);
        match Record::from_frame(frame) {
            Ok(Record::RunStart(start)) => {
                self.saw(start.started);
                self.start.get_or_insert(start);
            }
            Ok(Record::Series(defs)) => defs.into_iter().for_each(|def| self.define(def, rank)),
            Ok(Record::Scalars(points)) => self.add_points(&points, rank),
            Ok(Record::Tensor(tensor)) => self.add_tensor(tensor, source),
            Ok(Record::Predictions(batch)) => self.add_predictions(batch, rank, source),
            Ok(Record::Model(model)) => self.model = Some(model),
            Ok(Record::Progress(progress)) => self.progress = Some(progress),
            Ok(Record::Note(note)) => {
                if self.notes.len() < NOTES_KEPT {
                    self.notes.push(note);
                } else {
                    self.more_notes += 1;
                }
            }
            Ok(Record::Health(health)) => {
                self.saw(health.wall);
                self.health.insert(rank, health);
            }
            Ok(Record::RunEnd(end)) => {
                self.saw(end.wall);
                self.ends.insert(rank, end.outcome);
            }
            Ok(Record::Unknown(_)) => {}
            Err(_) => self.unreadable(),
        }
    }

    /// Counts a record that is whole and still cannot be shown.
    fn unreadable(&mut self) {
        self.unreadable_records = self.unreadable_records.saturating_add(1);
    }

    /// The notes kept, and a last one that counts the others.
    pub fn all_notes(&self) -> Vec<Note> {
        let mut notes = self.notes.clone();
        if self.more_notes > 0 {
            let text = format!("{} more notes are in the log and not shown", self.more_notes);
            notes.push(Note { level: NoteLevel::Info, step: Step(0), text });
        }
        notes
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
            self.unreadable();
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
                None => self.unreadable_points = self.unreadable_points.saturating_add(1),
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

    fn add_predictions(&mut self, batch: Predictions, rank: Rank, source: Source) {
        let n = batch.labels.len() as u64;
        let (epoch, step) = (batch.epoch, batch.step);
        let next = self.evaluations.len();
        let i = *self.evaluation_by_number.entry((rank, batch.evaluation)).or_insert(next);
        if i == next {
            let info = EvaluationInfo { id: format!("e{i}"), split: batch.split, epoch, step, n: 0 };
            self.evaluations.push((info, Vec::new()));
        }
        let (info, sources) = &mut self.evaluations[i];
        info.n += n;
        sources.push(source);
    }
}
