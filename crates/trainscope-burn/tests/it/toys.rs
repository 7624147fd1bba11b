//! Small sets that a small model learns in no time.

use trainscope_burn::{Conv2d, Dataset, Dense, Dropout, Fit, Flatten, MaxPool2d, Sequential};
use trainscope_hook::{Run, RunOptions};
use trainscope_schema::{Record, SeriesDef, decode_frame};

/// Two classes of 2 features, told apart by the sign of the first.
pub fn points(rows: u32) -> Dataset {
    let labels: Vec<u32> = (0..rows).map(|row| row % 2).collect();
    let side = |label: u32| if label == 0 { -1.0f32 } else { 1.0 };
    let features =
        (0..rows).flat_map(|row| [side(row % 2) * (1.0 + (row % 5) as f32), (row % 7) as f32 - 3.0]);
    Dataset::new([2], features.collect(), labels, vec!["left".into(), "right".into()]).unwrap()
}

/// Images of 6×6 with a vertical or a horizontal bar.
pub fn bars(rows: u32) -> Dataset {
    let mut features = Vec::new();
    let labels: Vec<u32> = (0..rows).map(|row| row % 2).collect();
    for row in 0..rows {
        let at = (row / 2 % 6) as usize;
        for y in 0..6 {
            for x in 0..6 {
                let on = if row % 2 == 0 { x == at } else { y == at };
                features.push(if on { 1.0 } else { 0.1 * ((x + y + row as usize) % 3) as f32 });
            }
        }
    }
    Dataset::new([1, 6, 6], features, labels, vec!["vertical".into(), "horizontal".into()]).unwrap()
}

pub fn dense() -> Sequential {
    Sequential::new([Dense::new(8).relu(), Dense::new(2)])
}

pub fn convolutional() -> Sequential {
    Sequential::new([
        Conv2d::new(4, 3).relu(),
        MaxPool2d::new(2),
        Flatten::new(),
        Dropout::new(0.2),
        Dense::new(2).softmax(),
    ])
}

pub fn quick<'a>(epochs: u32) -> Fit<'a> {
    Fit::epochs(epochs).batch(8).learning_rate(0.02).seed(7)
}

pub fn run(dir: &std::path::Path) -> Run {
    RunOptions::new("toy").runs_dir(dir).start().unwrap()
}

/// Every record of a finished run.
pub fn records(run: &Run) -> Vec<Record> {
    let bytes = std::fs::read(run.dir().join("rank-0.tsf")).unwrap();
    let mut records = Vec::new();
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        let frame = decode_frame(rest).unwrap();
        records.push(Record::from_frame(&frame).unwrap());
        rest = &rest[frame.len_bytes..];
    }
    records
}

/// Points of a series, in the order they were written.
pub fn series(records: &[Record], name: &str) -> Vec<(u64, f64)> {
    let defs: Vec<&SeriesDef> = records
        .iter()
        .filter_map(|r| if let Record::Series(defs) = r { Some(defs) } else { None })
        .flatten()
        .collect();
    let Some(id) = defs.iter().find(|def| def.name == name).map(|def| def.id.0) else { return Vec::new() };
    let mut points = Vec::new();
    for record in records {
        if let Record::Scalars(s) = record {
            let rows = s.series.iter().zip(&s.steps).zip(&s.values);
            points.extend(
                rows.filter(|((series, _), _)| **series == id).map(|((_, step), value)| (*step, *value)),
            );
        }
    }
    points
}
