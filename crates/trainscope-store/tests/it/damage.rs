//! Damage done to a real log: opening never panics, what is whole is there, what is not is counted.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use trainscope_hook::RunOptions;
use trainscope_schema::{Epoch, FrameKind, NoteLevel, Record, Step, Tensor, TensorRole, decode_frame};
use trainscope_store::{LogReader, Run};

use crate::log::at;

/// A log of about thirty frames, as the hook writes it.
fn real_log() -> Vec<u8> {
    let runs = tempfile::tempdir().unwrap();
    let run = RunOptions::new("digits").runs_dir(runs.path()).start().unwrap();
    let loss = run.scalar("train/loss");
    for step in 1..=6 {
        (0..20).for_each(|i| loss.log(step * 20 + i, if i == 3 { f64::NAN } else { i as f64 }));
        run.note(NoteLevel::Info, Step(step), format!("note {step}"));
        run.evaluate("test", &[0, 1], &[0.9, 0.1, 0.2, 0.8]).at(step as u32, step).log().unwrap();
        let values = vec![step as f32; 10];
        let (role, order, shape) = (TensorRole::Activation, 0, vec![10]);
        let (name, caption, epoch) = ("conv1".to_owned(), None, Epoch(1));
        run.tensor(Tensor { name, role, order, shape, step: Step(step), epoch, caption, values });
        std::thread::sleep(Duration::from_millis(25));
    }
    run.finish();
    std::fs::read(run.dir().join("rank-0.tsf")).unwrap()
}

/// First byte and length of each frame.
fn frames(log: &[u8]) -> Vec<(usize, usize)> {
    let (mut at, mut frames) = (0, Vec::new());
    while at < log.len() {
        let len = decode_frame(&log[at..]).unwrap().len_bytes;
        frames.push((at, len));
        at += len;
    }
    frames
}

struct Read {
    seqs: Vec<u64>,
    stretches: u32,
    missing: u64,
}

/// Reads a log with these bytes in every way there is.
fn read(dir: &Path, log: &[u8]) -> Read {
    let path = dir.join("rank-0.tsf");
    std::fs::write(&path, log).unwrap();
    let mut reader = LogReader::open(&path).unwrap();
    let mut seqs = Vec::new();
    reader.read_new(|frame, _| seqs.push(frame.address.seq)).unwrap();
    let run = Run::open(dir).unwrap();
    let details = run.details("id", at(1.0));
    assert!(details.damaged_stretches >= reader.damage().stretches, "what was found is shown");
    assert_eq!(details.missing_frames, reader.damage().missing_frames);
    assert!(details.missing_frames == 0 || details.damaged_stretches > 0, "missing frames lie in a stretch");
    for tensor in &details.tensors {
        let frame = run.tensor_frame(&tensor.id).unwrap();
        assert!(matches!(Record::from_frame(&decode_frame(&frame).unwrap()), Ok(Record::Tensor(_))));
    }
    for evaluation in &details.evaluations {
        assert_eq!(run.evaluation(&evaluation.id).unwrap().n, evaluation.n);
    }
    Read { seqs, stretches: reader.damage().stretches, missing: reader.damage().missing_frames }
}

/// Numbers that look random and are the same each time: Marsaglia's xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

#[test]
fn flipped_bytes_cost_their_frames_and_no_other() {
    let (dir, log, mut random) = (tempfile::tempdir().unwrap(), real_log(), Random(1));
    let all = frames(&log);
    for _ in 0..300 {
        let mut bytes = log.clone();
        let mut hit = HashSet::new();
        for _ in 0..1 + random.below(4) {
            let at = random.below(log.len());
            bytes[at] ^= 1 << random.below(8);
            hit.insert(all.partition_point(|(start, _)| *start <= at) - 1);
        }
        // A byte that was flipped and flipped back is no damage.
        hit.retain(|i| bytes[all[*i].0..][..all[*i].1] != log[all[*i].0..][..all[*i].1]);
        let found = read(dir.path(), &bytes);
        let whole: Vec<u64> = (0..all.len()).filter(|i| !hit.contains(i)).map(|i| i as u64).collect();
        assert_eq!(found.seqs, whole);
        // The end of a log may still become a frame: it is not called damage.
        let last_whole = *whole.last().unwrap() as usize;
        let before_it = hit.iter().filter(|i| **i < last_whole).count() as u64;
        assert_eq!((found.missing, found.stretches > 0), (before_it, before_it > 0));
    }
}

#[test]
fn cut_out_bytes_cost_the_frames_they_touch() {
    let (dir, log, mut random) = (tempfile::tempdir().unwrap(), real_log(), Random(2));
    let all = frames(&log);
    for _ in 0..300 {
        let from = random.below(log.len());
        let to = (from + 1 + random.below(2000)).min(log.len());
        let bytes = [&log[..from], &log[to..]].concat();
        let touched = |(start, len): &(usize, usize)| *start < to && from < start + len;
        let whole: Vec<u64> =
            all.iter().enumerate().filter(|(_, frame)| !touched(frame)).map(|(i, _)| i as u64).collect();
        let found = read(dir.path(), &bytes);
        assert_eq!(found.seqs, whole, "without the bytes {from} to {to}");
        let gone_before_the_last = whole.last().map_or(0, |last| last + 1 - whole.len() as u64);
        assert_eq!((found.missing, found.stretches > 0), (gone_before_the_last, gone_before_the_last > 0));
    }
}

#[test]
fn bytes_put_in_between_are_stepped_over() {
    let (dir, log, mut random) = (tempfile::tempdir().unwrap(), real_log(), Random(3));
    let all = frames(&log);
    for _ in 0..100 {
        let (at, _) = all[1 + random.below(all.len() - 1)];
        // Hostile bytes too: beginnings of frames, and magics.
        let garbage: Vec<u8> = match random.below(3) {
            0 => (0..random.below(500) + 1).map(|_| random.below(256) as u8).collect(),
            1 => b"TSF1".repeat(random.below(50) + 1),
            _ => log[..random.below(all[0].1 - 1) + 1].to_vec(),
        };
        let found = read(dir.path(), &[&log[..at], &garbage, &log[at..]].concat());
        assert_eq!(found.seqs.len(), all.len());
        assert_eq!((found.missing, found.stretches), (0, 1));
    }
}

#[test]
fn repeated_frames_are_read_once() {
    let (dir, log, mut random) = (tempfile::tempdir().unwrap(), real_log(), Random(4));
    let all = frames(&log);
    for _ in 0..100 {
        let (start, len) = all[random.below(all.len())];
        let (at, _) = all[random.below(all.len())];
        if at < start {
            continue; // that would be a frame out of order
        }
        let repeated = &log[start..start + len];
        let at = at.max(start + len);
        let found = read(dir.path(), &[&log[..at], repeated, &log[at..]].concat());
        assert_eq!(found.seqs, (0..all.len() as u64).collect::<Vec<_>>());
        assert_eq!((found.missing, found.stretches), (0, 0));
    }
}

#[test]
fn frames_in_another_order_are_read_once_or_counted() {
    let (dir, log, mut random) = (tempfile::tempdir().unwrap(), real_log(), Random(5));
    let all = frames(&log);
    for _ in 0..100 {
        let mut order: Vec<usize> = (0..all.len()).collect();
        for _ in 0..1 + random.below(5) {
            order.swap(random.below(all.len()), random.below(all.len()));
        }
        let bytes: Vec<u8> = order.iter().flat_map(|i| log[all[*i].0..][..all[*i].1].to_vec()).collect();
        let found = read(dir.path(), &bytes);
        assert!(found.seqs.is_sorted_by(|a, b| a < b), "no frame twice");
        let last = *found.seqs.last().unwrap();
        assert_eq!(found.seqs.len() as u64 + found.missing, last + 1, "what was passed by is counted");
        assert_eq!(found.stretches > 0, found.missing > 0);
    }
}

#[test]
fn a_log_cut_anywhere_opens_without_damage() {
    let (dir, log, mut random) = (tempfile::tempdir().unwrap(), real_log(), Random(6));
    let all = frames(&log);
    for _ in 0..200 {
        let len = all[0].1 + random.below(log.len() - all[0].1);
        let found = read(dir.path(), &log[..len]);
        assert_eq!(found.seqs.len(), all.iter().filter(|(start, size)| start + size <= len).count());
        assert_eq!((found.missing, found.stretches), (0, 0));
    }
}

#[test]
fn the_real_log_holds_what_the_attacks_need() {
    let log = real_log();
    let kinds: HashSet<FrameKind> =
        frames(&log).iter().map(|(start, _)| decode_frame(&log[*start..]).unwrap().kind).collect();
    for kind in [FrameKind::Scalars, FrameKind::Tensor, FrameKind::Predictions, FrameKind::Note] {
        assert!(kinds.contains(&kind), "{kind:?}");
    }
    assert!(frames(&log).len() > 20);
}
