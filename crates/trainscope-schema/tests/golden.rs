//! One golden file of frames, read by this decoder and by the browser's: `golden/frames.tsf` and what it means in
//! `golden/frames.json`. `UPDATE=1` rewrites both.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::PathBuf;

use serde_json::{Value, json};
use trainscope_schema::*;

fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "golden", name].iter().collect()
}

fn records() -> Vec<Record> {
    vec![
        Record::RunStart(RunStart {
            name: "digits <b>λ</b>".into(),
            started: WallTime::from_secs(1_700_000_000.25).unwrap(),
            config: [("learning_rate".to_owned(), json!(0.001)), ("optimizer".to_owned(), json!("adam"))]
                .into(),
            written_by: "golden".into(),
        }),
        Record::Series(vec![
            SeriesDef { id: SeriesId(0), name: "train/loss".into(), index: SeriesIndex::Step },
            SeriesDef { id: SeriesId(1), name: "validation/epoch_loss".into(), index: SeriesIndex::Epoch },
        ]),
        Record::Scalars(Scalars {
            wall: WallTime::from_secs(1_700_000_001.5).unwrap(),
            series: vec![0, 0, 1, 0, 0],
            steps: vec![1, 2, 1, 3, (1 << 53) - 1],
            values: vec![2.25, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 5e-324],
        }),
        Record::Tensor(Tensor {
            name: "conv1".into(),
            role: TensorRole::Activation,
            order: 1,
            shape: vec![2, 1, 3],
            step: Step(45),
            epoch: Epoch(1),
            caption: Some("label 8".into()),
            values: vec![0.0, 0.5, -1.25, f32::NAN, f32::INFINITY, 3.0e-38],
        }),
        Record::Predictions(Predictions {
            split: "validation".into(),
            step: Step(45),
            epoch: Epoch(1),
            evaluation: 3,
            classes: vec!["cat".into(), "dog".into()],
            labels: vec![0, 1, 1],
            predicted: vec![0, 0, 1],
            probabilities: vec![0.75, 0.25, 0.5, 0.5, 0.125, 0.875],
        }),
        Record::Model(ModelSummary {
            layers: vec![LayerSummary {
                name: "conv1".into(),
                kind: "Conv2d 3×3, relu".into(),
                output_shape: vec![8, 8, 8],
                parameters: 80,
            }],
        }),
        Record::Progress(Progress { epoch: Epoch(1), epochs: 10, step: Step(45), steps: 450 }),
        Record::Note(Note { level: NoteLevel::Warning, step: Step(45), text: "loss is NaN".into() }),
        Record::Health(Health {
            wall: WallTime::from_secs(1_700_000_002.0).unwrap(),
            scalars_written: 5,
            scalars_lost: 1,
            records_lost: 2,
        }),
        Record::RunEnd(RunEnd {
            outcome: Outcome::Finished,
            wall: WallTime::from_secs(1_700_000_003.0).unwrap(),
        }),
    ]
}

fn encoded() -> Vec<u8> {
    let address = |seq| FrameAddress { run: RunKey(0x0123_4567_89ab_cdef), rank: Rank(0), seq };
    let mut bytes = Vec::new();
    for (seq, record) in records().iter().enumerate() {
        bytes.extend(record.encode(address(seq as u64)).unwrap());
    }
    // A kind of some later version: readers must step over it.
    bytes.extend(Record::Unknown(FrameKind::Other(4242)).encode(address(10)).unwrap());
    bytes
}

fn meaning(mut bytes: &[u8]) -> Value {
    let mut frames = Vec::new();
    while !bytes.is_empty() {
        let frame = decode_frame(bytes).unwrap();
        let columns: Vec<Value> = frame.columns.iter().map(column_meaning).collect();
        frames.push(json!({
            "run": frame.address.run.to_string(), "rank": frame.address.rank.0, "seq": frame.address.seq,
            "kind": frame.kind.code(), "body": frame.body, "columns": columns,
        }));
        bytes = &bytes[frame.len_bytes..];
    }
    json!({ "frames": frames })
}

fn column_meaning(column: &Column<'_>) -> Value {
    let values: Vec<Num> = match column.dtype {
        DType::U8 => column.u8s().unwrap().into_iter().map(|v| Num(f64::from(v))).collect(),
        DType::U32 => column.u32s().unwrap().into_iter().map(|v| Num(f64::from(v))).collect(),
        DType::U64 => column.u64s().unwrap().into_iter().map(|v| Num(v as f64)).collect(),
        DType::F32 => column.f32s().unwrap().into_iter().map(|v| Num(f64::from(v))).collect(),
        DType::F64 => column.f64s().unwrap().into_iter().map(Num).collect(),
    };
    json!({ "name": column.name, "dtype": column.dtype, "values": values })
}

#[test]
fn the_golden_file_is_what_this_version_writes_and_reads() {
    let bytes = encoded();
    let text = format!("{:#}\n", meaning(&bytes));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path("")).unwrap();
        std::fs::write(path("frames.tsf"), &bytes).unwrap();
        std::fs::write(path("frames.json"), &text).unwrap();
    }
    let golden = std::fs::read(path("frames.tsf")).unwrap();
    assert!(golden == bytes, "the frame layout changed: old logs would no longer read");
    assert_eq!(std::fs::read_to_string(path("frames.json")).unwrap(), text);
}

#[test]
fn records_come_back_as_they_were() {
    for record in records() {
        let bytes = record.encode(FrameAddress { run: RunKey(1), rank: Rank(0), seq: 0 }).unwrap();
        let back = Record::from_frame(&decode_frame(&bytes).unwrap()).unwrap();
        // NaN is not equal to itself, its text is.
        assert_eq!(format!("{back:?}"), format!("{record:?}"));
    }
}

#[test]
fn rows_of_a_wrong_length_are_refused_by_name() {
    let Record::Predictions(mut batch) = records().remove(4) else { unreachable!() };
    batch.probabilities.pop();
    let bytes =
        Record::Predictions(batch).encode(FrameAddress { run: RunKey(1), rank: Rank(0), seq: 0 }).unwrap();
    let error = Record::from_frame(&decode_frame(&bytes).unwrap()).unwrap_err();
    assert!(error.to_string().contains("3 rows × 2 classes"), "{error}");
}
