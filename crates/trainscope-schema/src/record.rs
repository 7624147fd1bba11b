//! Records: what a frame means. One struct per frame kind, with its encoding.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::column::{Column, ColumnData};
use crate::frame::{EncodeFrameError, Frame, FrameKind, encode_frame};
use crate::ids::{Epoch, FrameAddress, SeriesId, Step, WallTime};

/// The meaning of one frame.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// Who writes, when, with which configuration.
    RunStart(RunStart),
    /// Definitions of series that later frames point to.
    Series(Vec<SeriesDef>),
    /// Points of series.
    Scalars(Scalars),
    /// One tensor.
    Tensor(Tensor),
    /// A batch of predictions.
    Predictions(Predictions),
    /// The model's layers.
    Model(ModelSummary),
    /// Where training is.
    Progress(Progress),
    /// A sentence for the reader.
    Note(Note),
    /// The writer's sign of life.
    Health(Health),
    /// The end of the run.
    RunEnd(RunEnd),
    /// A record of a later version: kept, not understood.
    Unknown(FrameKind),
}

/// First record of a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunStart {
    /// The run's name, chosen by the user.
    pub name: String,
    /// When it started.
    pub started: WallTime,
    /// The user's configuration: hyper-parameters and whatever else explains the run.
    #[serde(default)]
    pub config: BTreeMap<String, serde_json::Value>,
    /// Version of the program that wrote it.
    pub written_by: String,
}

/// What a point's index counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SeriesIndex {
    /// Optimizer steps.
    #[default]
    Step,
    /// Epochs: the point's `step` is the epoch's number.
    Epoch,
}

/// Definition of a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesDef {
    /// Number that points carry.
    pub id: SeriesId,
    /// `split/metric`, such as `train/loss`; the part before the last slash tells series of one chart apart.
    pub name: String,
    /// What a point's step counts.
    #[serde(default)]
    pub index: SeriesIndex,
}

/// Points of series, as columns of equal length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scalars {
    /// Wall time shared by the points of this frame, seconds since 1970: when they were swept from their rings.
    pub wall: WallTime,
    /// Series of each point.
    pub series: Vec<u32>,
    /// Step (or epoch) of each point.
    pub steps: Vec<u64>,
    /// Value of each point; NaN and ±Inf included.
    pub values: Vec<f64>,
}

/// What a tensor shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TensorRole {
    /// The probe input that the activations of the same step answer to.
    Input,
    /// A layer's output.
    Activation,
}

/// One tensor, row-major.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tensor {
    /// Layer name, such as `conv1`, or the input's name.
    pub name: String,
    /// What it shows.
    pub role: TensorRole,
    /// Position among the tensors of one snapshot: the order of layers.
    pub order: u32,
    /// `[channels, height, width]` for feature maps; `[features]` for vectors.
    pub shape: Vec<u32>,
    /// Step at which it was captured.
    pub step: Step,
    /// Epoch at which it was captured.
    pub epoch: Epoch,
    /// A word about it, such as the probe's label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// The numbers, `shape`'s product many.
    #[serde(skip)]
    pub values: Vec<f32>,
}

/// Labels, predictions and probabilities of one batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predictions {
    /// `train`, `validation`, `test`, or a name of the user's.
    pub split: String,
    /// Step after which the model predicted.
    pub step: Step,
    /// Epoch after which the model predicted.
    pub epoch: Epoch,
    /// Number of the evaluation within its writer's log: frames of one number are parts of one evaluation.
    pub evaluation: u64,
    /// Class names; their count is K.
    pub classes: Vec<String>,
    /// True class of each row, below K.
    #[serde(skip)]
    pub labels: Vec<u32>,
    /// Predicted class of each row, below K.
    #[serde(skip)]
    pub predicted: Vec<u32>,
    /// Probabilities, rows × K, row-major; empty when the model gives none.
    #[serde(skip)]
    pub probabilities: Vec<f32>,
}

/// The model's layers, in forward order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ModelSummary {
    /// The layers.
    pub layers: Vec<LayerSummary>,
}

/// One layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LayerSummary {
    /// Unique name, such as `conv1`.
    pub name: String,
    /// Kind and settings, such as `Conv2d 3×3, relu`.
    pub kind: String,
    /// Shape of its output without the batch, such as `[16, 6, 6]`; empty when unknown.
    pub output_shape: Vec<u32>,
    /// Count of trainable parameters.
    #[cfg_attr(test, ts(type = "number"))]
    pub parameters: u64,
}

/// Where training is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Progress {
    /// Epoch now being trained, from 1.
    pub epoch: Epoch,
    /// Epochs planned; 0 when unknown.
    pub epochs: u32,
    /// Steps done.
    pub step: Step,
    /// Steps planned; 0 when unknown.
    #[cfg_attr(test, ts(type = "number"))]
    pub steps: u64,
}

/// How much a note wants attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NoteLevel {
    /// Good to know.
    Info,
    /// Something is not as it should be; training goes on.
    Warning,
}

/// A sentence for the reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Note {
    /// How much it wants attention.
    pub level: NoteLevel,
    /// Step it belongs to.
    pub step: Step,
    /// The sentence, plain text.
    pub text: String,
}

/// The writer's sign of life, with what it wrote and what it could not keep. All counts since the start of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Health {
    /// When, seconds since 1970.
    pub wall: WallTime,
    /// Points written.
    #[cfg_attr(test, ts(type = "number"))]
    pub scalars_written: u64,
    /// Points that could not be kept or written, whatever the cause.
    #[cfg_attr(test, ts(type = "number"))]
    pub scalars_lost: u64,
    /// Other records (tensors, predictions, notes) that could not be kept or written, whatever the cause.
    #[cfg_attr(test, ts(type = "number"))]
    pub records_lost: u64,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Training came to its end.
    Finished,
    /// The program left without saying so: an error or a panic.
    Failed,
}

/// Last record of a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunEnd {
    /// How it ended.
    pub outcome: Outcome,
    /// When, seconds since 1970.
    pub wall: WallTime,
}

/// Why a frame is not the record that its kind promises.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeRecordError {
    /// The body lacks a field, or has one of another type.
    #[error("the body of a {kind:?} frame cannot be read: {reason}")]
    Body {
        /// The frame's kind.
        kind: FrameKind,
        /// What serde says.
        reason: String,
    },
    /// A column is absent, of another type, or of another length.
    #[error("a {kind:?} frame needs a column {name} of {expected}; it is absent or different")]
    Column {
        /// The frame's kind.
        kind: FrameKind,
        /// The column.
        name: &'static str,
        /// Type and length.
        expected: String,
    },
    /// The columns do not fit each other, or the body.
    #[error("a {kind:?} frame cannot be used: {reason}")]
    Misfit {
        /// The frame's kind.
        kind: FrameKind,
        /// What was expected and found.
        reason: String,
    },
}

impl Tensor {
    /// What is wrong when the numbers do not fit the shape.
    pub fn misfit(&self) -> Option<String> {
        let expected = self.shape.iter().try_fold(1usize, |len, side| len.checked_mul(*side as usize));
        let found = self.values.len();
        (expected != Some(found))
            .then(|| format!("tensor {} has the shape {:?} and {found} values", self.name, self.shape))
    }
}

impl Predictions {
    /// What is wrong when the columns do not fit each other, or a class is beyond the list.
    pub fn misfit(&self) -> Option<String> {
        let (rows, classes) = (self.labels.len(), self.classes.len());
        if self.predicted.len() != rows {
            return Some(format!("{rows} labels and {} predictions", self.predicted.len()));
        }
        if !self.probabilities.is_empty() && Some(self.probabilities.len()) != rows.checked_mul(classes) {
            let found = self.probabilities.len();
            return Some(format!(
                "{rows} rows × {classes} classes need as many probabilities, found {found}"
            ));
        }
        let beyond = self.labels.iter().chain(&self.predicted).find(|class| **class as usize >= classes);
        beyond.map(|class| format!("class {class} of {classes}, which are counted from 0"))
    }
}

#[derive(Serialize, Deserialize)]
struct ScalarsBody {}

#[derive(Serialize, Deserialize)]
struct SeriesBody {
    series: Vec<SeriesDef>,
}

impl Record {
    /// Encodes the record as a frame at `address`.
    pub fn encode(&self, address: FrameAddress) -> Result<Vec<u8>, EncodeFrameError> {
        let plain = |kind, body: &dyn Fn() -> Result<serde_json::Value, serde_json::Error>| {
            encode_frame(address, kind, &body()?, &[])
        };
        match self {
            Self::RunStart(start) => plain(FrameKind::RunStart, &|| serde_json::to_value(start)),
            Self::Series(series) => {
                encode_frame(address, FrameKind::Series, &serde_json::json!({"series": series}), &[])
            }
            Self::Scalars(scalars) => encode_frame(
                address,
                FrameKind::Scalars,
                &ScalarsBody {},
                &[
                    ("wall", ColumnData::F64(&[scalars.wall.secs()])),
                    ("series", ColumnData::U32(&scalars.series)),
                    ("step", ColumnData::U64(&scalars.steps)),
                    ("value", ColumnData::F64(&scalars.values)),
                ],
            ),
            Self::Tensor(tensor) => encode_frame(
                address,
                FrameKind::Tensor,
                tensor,
                &[("value", ColumnData::F32(&tensor.values))],
            ),
            Self::Predictions(batch) => encode_frame(
                address,
                FrameKind::Predictions,
                batch,
                &[
                    ("label", ColumnData::U32(&batch.labels)),
                    ("predicted", ColumnData::U32(&batch.predicted)),
                    ("probability", ColumnData::F32(&batch.probabilities)),
                ],
            ),
            Self::Model(model) => plain(FrameKind::Model, &|| serde_json::to_value(model)),
            Self::Progress(progress) => plain(FrameKind::Progress, &|| serde_json::to_value(progress)),
            Self::Note(note) => plain(FrameKind::Note, &|| serde_json::to_value(note)),
            Self::Health(health) => plain(FrameKind::Health, &|| serde_json::to_value(health)),
            Self::RunEnd(end) => plain(FrameKind::RunEnd, &|| serde_json::to_value(end)),
            Self::Unknown(kind) => encode_frame(address, *kind, &(), &[]),
        }
    }

    /// Reads the record out of a decoded frame. Lengths and ranges are checked; later code may trust them.
    pub fn from_frame(frame: &Frame<'_>) -> Result<Self, DecodeRecordError> {
        Ok(match frame.kind {
            FrameKind::RunStart => Self::RunStart(body(frame)?),
            FrameKind::Series => Self::Series(body::<SeriesBody>(frame)?.series),
            FrameKind::Scalars => Self::Scalars(scalars(frame)?),
            FrameKind::Tensor => Self::Tensor(tensor(frame)?),
            FrameKind::Predictions => Self::Predictions(predictions(frame)?),
            FrameKind::Model => Self::Model(body(frame)?),
            FrameKind::Progress => Self::Progress(body(frame)?),
            FrameKind::Note => Self::Note(body(frame)?),
            FrameKind::Health => Self::Health(body(frame)?),
            FrameKind::RunEnd => Self::RunEnd(body(frame)?),
            kind @ (FrameKind::Chart | FrameKind::Other(_)) => Self::Unknown(kind),
        })
    }
}

fn body<T: DeserializeOwned>(frame: &Frame<'_>) -> Result<T, DecodeRecordError> {
    T::deserialize(&frame.body)
        .map_err(|error| DecodeRecordError::Body { kind: frame.kind, reason: error.to_string() })
}

fn scalars(frame: &Frame<'_>) -> Result<Scalars, DecodeRecordError> {
    let wall = column(frame, "wall", Some(1), Column::f64s)?;
    let series = column(frame, "series", None, Column::u32s)?;
    let n = Some(series.len());
    Ok(Scalars {
        wall: WallTime::from_secs(wall[0]).unwrap_or_default(),
        steps: column(frame, "step", n, Column::u64s)?,
        values: column(frame, "value", n, Column::f64s)?,
        series,
    })
}

fn tensor(frame: &Frame<'_>) -> Result<Tensor, DecodeRecordError> {
    let mut tensor: Tensor = body(frame)?;
    let len = tensor.shape.iter().try_fold(1usize, |len, side| len.checked_mul(*side as usize));
    tensor.values = column(frame, "value", Some(len.unwrap_or(usize::MAX)), Column::f32s)?;
    Ok(tensor)
}

fn predictions(frame: &Frame<'_>) -> Result<Predictions, DecodeRecordError> {
    let mut batch: Predictions = body(frame)?;
    batch.labels = column(frame, "label", None, Column::u32s)?;
    batch.predicted = column(frame, "predicted", Some(batch.labels.len()), Column::u32s)?;
    batch.probabilities = column(frame, "probability", None, Column::f32s)?;
    match batch.misfit() {
        Some(reason) => Err(DecodeRecordError::Misfit { kind: frame.kind, reason }),
        None => Ok(batch),
    }
}

fn column<'a, T>(
    frame: &Frame<'a>,
    name: &'static str,
    len: Option<usize>,
    read: impl Fn(&Column<'a>) -> Option<Vec<T>>,
) -> Result<Vec<T>, DecodeRecordError> {
    frame.column(name).and_then(read).filter(|values| len.is_none_or(|len| values.len() == len)).ok_or_else(
        || DecodeRecordError::Column {
            kind: frame.kind,
            name,
            expected: len.map_or_else(
                || format!("{} numbers", std::any::type_name::<T>()),
                |len| format!("{len} {} numbers", std::any::type_name::<T>()),
            ),
        },
    )
}
