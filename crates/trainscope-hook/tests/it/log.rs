//! A run's log, read back frame by frame.

use trainscope_hook::Run;
use trainscope_hook::schema::{Record, decode_frame};

/// All records of a run, in order; panics at a frame that is not whole, or out of its place.
pub(crate) fn read(run: &Run) -> Vec<Record> {
    let bytes = std::fs::read(run.dir().join("rank-0.tsf")).unwrap();
    let mut rest = bytes.as_slice();
    let mut records = Vec::new();
    while !rest.is_empty() {
        let frame = decode_frame(rest).unwrap();
        assert_eq!(frame.address.seq, records.len() as u64, "sequence numbers have no holes");
        records.push(Record::from_frame(&frame).unwrap());
        rest = &rest[frame.len_bytes..];
    }
    records
}
