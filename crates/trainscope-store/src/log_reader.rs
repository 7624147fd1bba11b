//! Reads one log file frame by frame, and again whenever it has grown.
//!
//! A torn tail is normal: the writer is in the middle of a frame, or died there. A frame that is damaged in the middle
//! of a log is stepped over, up to the next whole one, and counted.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use trainscope_schema::{DecodeFrameError, Frame, MAX_FRAME_LEN_BYTES, RunKey, decode_frame, find_magic};

const CHUNK_BYTES: usize = 4 << 20;

/// Where a frame lies in its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// First byte.
    pub offset: u64,
    /// Bytes of the whole frame.
    pub len_bytes: usize,
}

/// Stretches of a log that are no frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Damage {
    /// Stretches.
    pub stretches: u32,
    /// Bytes in them.
    pub bytes: u64,
    /// Frames that are missing by their sequence numbers.
    pub missing_frames: u64,
}

/// A log file and how far it has been read.
pub struct LogReader {
    file: File,
    /// First byte not yet understood.
    offset: u64,
    /// Length of the file when it was last read to its end.
    seen_len: u64,
    run: Option<RunKey>,
    next_seq: u64,
    damage: Damage,
}

impl LogReader {
    /// Opens a log; nothing is read yet.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        Ok(Self { file, offset: 0, seen_len: 0, run: None, next_seq: 0, damage: Damage::default() })
    }

    /// Damage found so far.
    pub fn damage(&self) -> Damage {
        self.damage
    }

    /// Hands every whole frame that was not read before to `visit`, in order. Frames that were read already (by their
    /// sequence numbers) are skipped. Returns the count of frames visited.
    pub fn read_new(&mut self, mut visit: impl FnMut(&Frame<'_>, Place)) -> io::Result<usize> {
        let len = self.file.metadata()?.len();
        if len == self.seen_len {
            return Ok(0);
        }
        let mut visited = 0;
        let mut chunk_bytes = CHUNK_BYTES;
        loop {
            let bytes = read_at(&self.file, self.offset, chunk_bytes)?;
            let at_end = bytes.len() < chunk_bytes;
            let used = self.visit_chunk(&bytes, at_end, &mut visit, &mut visited);
            self.offset += used as u64;
            if at_end {
                self.seen_len = self.offset + (bytes.len() - used) as u64;
                return Ok(visited);
            }
            // A frame longer than the chunk: read on with a larger one.
            chunk_bytes =
                if used == 0 { (chunk_bytes * 2).min(2 * MAX_FRAME_LEN_BYTES) } else { CHUNK_BYTES };
        }
    }

    /// Reads one frame's bytes again.
    pub fn read_frame(&self, place: Place) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; place.len_bytes];
        self.file.read_exact_at(&mut bytes, place.offset)?;
        Ok(bytes)
    }

    /// Visits the whole frames of a chunk; returns the bytes that are done with.
    fn visit_chunk(
        &mut self,
        bytes: &[u8],
        at_end: bool,
        visit: &mut impl FnMut(&Frame<'_>, Place),
        visited: &mut usize,
    ) -> usize {
        let mut at = 0;
        while at < bytes.len() {
            match decode_frame(&bytes[at..]) {
                Ok(frame) => {
                    if self.accept(&frame) {
                        visit(&frame, Place { offset: self.offset + at as u64, len_bytes: frame.len_bytes });
                        *visited += 1;
                    }
                    at += frame.len_bytes;
                }
                Err(DecodeFrameError::Truncated { .. }) if !at_end => return at,
                Err(_) => match self.next_frame(bytes, at) {
                    Some(next) => {
                        self.damage.stretches += 1;
                        self.damage.bytes += (next - at) as u64;
                        at = next;
                    }
                    // No frame in sight: at the end of the file that is a torn tail, which may still become a frame.
                    None if at_end => return at,
                    None if bytes.len() - at < MAX_FRAME_LEN_BYTES => return at,
                    None => {
                        self.damage.stretches += 1;
                        self.damage.bytes += (bytes.len() - at) as u64;
                        return bytes.len();
                    }
                },
            }
        }
        at
    }

    /// Whether a frame is new, of this run, and next or later in the sequence.
    fn accept(&mut self, frame: &Frame<'_>) -> bool {
        let address = frame.address;
        if *self.run.get_or_insert(address.run) != address.run || address.seq < self.next_seq {
            return false;
        }
        self.damage.missing_frames += address.seq - self.next_seq;
        self.next_seq = address.seq.saturating_add(1);
        true
    }

    /// Start of the next whole frame of this run after the damage at `at`.
    fn next_frame(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let mut from = at + 1;
        while let Some(start) = find_magic(bytes, from) {
            let whole = decode_frame(&bytes[start..]);
            if whole.is_ok_and(|frame| self.run.is_none_or(|run| run == frame.address.run)) {
                return Some(start);
            }
            from = start + 1;
        }
        None
    }
}

fn read_at(file: &File, offset: u64, len: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; len];
    let mut filled = 0;
    while filled < len {
        match file.read_at(&mut bytes[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use trainscope_schema::{FrameAddress, Note, NoteLevel, Rank, Record, Step};

    fn frame(seq: u64) -> Vec<u8> {
        let note = Note { level: NoteLevel::Info, step: Step(seq), text: format!("note {seq}") };
        let address = FrameAddress { run: RunKey(7), rank: Rank(0), seq };
        Record::Note(note).encode(address).unwrap()
    }

    fn frames(seqs: std::ops::Range<u64>) -> Vec<u8> {
        seqs.flat_map(frame).collect()
    }

    /// Sequence numbers read from a log with these bytes, and the damage found.
    fn read(bytes: &[u8]) -> (Vec<u64>, Damage) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let mut reader = LogReader::open(file.path()).unwrap();
        let mut seqs = Vec::new();
        reader.read_new(|frame, _| seqs.push(frame.address.seq)).unwrap();
        (seqs, reader.damage())
    }

    #[test]
    fn a_whole_log_has_no_damage() {
        assert_eq!(read(&frames(0..5)), ((0..5).collect(), Damage::default()));
        assert_eq!(read(&[]), (vec![], Damage::default()));
    }

    #[test]
    fn a_torn_tail_is_no_damage_wherever_it_is_torn() {
        let bytes = frames(0..3);
        for len in 0..bytes.len() {
            let (seqs, damage) = read(&bytes[..len]);
            assert_eq!(seqs.len(), len / frame(0).len());
            assert_eq!(damage, Damage::default(), "torn at {len}");
        }
    }

    #[test]
    fn every_flipped_byte_costs_one_frame_and_is_counted() {
        let (whole, len) = (frames(0..3), frame(0).len());
        for at in 0..len {
            let mut bytes = whole.clone();
            bytes[len + at] ^= 0x20;
            let (seqs, damage) = read(&bytes);
            assert_eq!(seqs, [0, 2], "byte {at} of the frame in the middle");
            assert_eq!(damage, Damage { stretches: 1, bytes: len as u64, missing_frames: 1 });
        }
    }

    #[test]
    fn frames_that_come_twice_are_read_once() {
        let bytes = [frames(0..3), frames(1..4)].concat();
        assert_eq!(read(&bytes), (vec![0, 1, 2, 3], Damage::default()));
    }

    #[test]
    fn garbage_between_frames_is_stepped_over() {
        let bytes = [frames(0..1), vec![0xAB; 1000], frames(1..2)].concat();
        assert_eq!(read(&bytes), (vec![0, 1], Damage { stretches: 1, bytes: 1000, missing_frames: 0 }));
    }

    #[test]
    fn a_growing_log_is_read_on_byte_by_byte() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let mut reader = LogReader::open(file.path()).unwrap();
        let mut seqs = Vec::new();
        for byte in frames(0..3) {
            file.write_all(&[byte]).unwrap();
            reader.read_new(|frame, _| seqs.push(frame.address.seq)).unwrap();
        }
        assert_eq!(seqs, [0, 1, 2]);
        assert_eq!(reader.damage(), Damage::default());
    }

    #[test]
    fn frames_longer_than_a_chunk_are_read() {
        let text = "x".repeat(3 * CHUNK_BYTES);
        let note = Record::Note(Note { level: NoteLevel::Info, step: Step(0), text });
        let long = note.encode(FrameAddress { run: RunKey(7), rank: Rank(0), seq: 1 }).unwrap();
        let bytes = [frames(0..1), long, frames(2..4)].concat();
        assert_eq!(read(&bytes), (vec![0, 1, 2, 3], Damage::default()));
    }

    #[test]
    fn a_frame_can_be_read_again_by_its_place() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&frames(0..3)).unwrap();
        let mut reader = LogReader::open(file.path()).unwrap();
        let mut places = Vec::new();
        reader.read_new(|_, place| places.push(place)).unwrap();
        assert_eq!(reader.read_frame(places[2]).unwrap(), frame(2));
    }
}
