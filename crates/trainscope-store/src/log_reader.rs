//! Reads one log file frame by frame, and again whenever it has grown.
//!
//! A torn tail is normal: the writer is in the middle of a frame, or died there. A frame that is damaged in the middle
//! of a log is stepped over, up to the next whole one, and counted.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::sync::Arc;

use trainscope_schema::{
    DecodeFrameError, Frame, MAGIC, MAX_FRAME_LEN_BYTES, RunKey, decode_frame, find_magic,
};

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
    file: Arc<File>,
    /// First byte not yet understood.
    offset: u64,
    /// Length of the file when it was last read to its end.
    seen_len: u64,
    run: Option<RunKey>,
    next_seq: u64,
    damage: Damage,
    /// Whether the last stretch of damage reaches up to `offset`.
    in_damage: bool,
}

/// A frame in its log, to be read again without the reader.
#[derive(Clone, Debug)]
pub(crate) struct StoredFrame {
    file: Arc<File>,
    place: Place,
}

impl StoredFrame {
    /// The frame's bytes.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; self.place.len_bytes];
        self.file.read_exact_at(&mut bytes, self.place.offset)?;
        Ok(bytes)
    }
}

impl LogReader {
    /// Opens a log; nothing is read yet.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = Arc::new(File::open(path)?);
        let damage = Damage::default();
        Ok(Self { file, offset: 0, seen_len: 0, run: None, next_seq: 0, damage, in_damage: false })
    }

    /// Whether `path` is still the file that is being read, and not shorter than what was read of it.
    pub fn is_still(&self, path: &Path) -> bool {
        let (Ok(there), Ok(here)) = (std::fs::metadata(path), self.file.metadata()) else { return false };
        (there.dev(), there.ino()) == (here.dev(), here.ino()) && there.len() >= self.offset
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
        self.stored(place).read()
    }

    /// A frame that can be read later, from any thread.
    pub(crate) fn stored(&self, place: Place) -> StoredFrame {
        StoredFrame { file: Arc::clone(&self.file), place }
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
                Ok(frame) if self.run.is_some_and(|run| run != frame.address.run) => {
                    self.skip(frame.len_bytes); // another run's frame: nothing that could be shown here
                    at += frame.len_bytes;
                }
                Ok(frame) => {
                    if self.accept(&frame) {
                        visit(&frame, Place { offset: self.offset + at as u64, len_bytes: frame.len_bytes });
                        *visited += 1;
                    }
                    at += frame.len_bytes;
                }
                Err(DecodeFrameError::Truncated { .. }) if !at_end => return at,
                Err(_) => {
                    let next = match self.next_frame(bytes, at) {
                        Some(next) => next,
                        // No frame in sight: at the end of the file that is a torn tail, which may still become one.
                        None if at_end => return at,
                        None => next_beginning(bytes, at),
                    };
                    self.skip(next - at);
                    at = next;
                }
            }
        }
        at
    }

    /// Counts bytes that are stepped over; those that follow each other are one stretch.
    fn skip(&mut self, len_bytes: usize) {
        self.damage.stretches = self.damage.stretches.saturating_add(u32::from(!self.in_damage));
        self.damage.bytes += len_bytes as u64;
        self.in_damage = true;
    }

    /// Whether a frame is new: next or later in the sequence.
    fn accept(&mut self, frame: &Frame<'_>) -> bool {
        let address = frame.address;
        self.run = Some(address.run);
        let known = address.seq < self.next_seq;
        if !known {
            let missing = address.seq - self.next_seq;
            if missing > 0 {
                self.skip(0); // frames are gone without a trace, or the stretch before this one held them
            }
            self.damage.missing_frames = self.damage.missing_frames.saturating_add(missing);
            self.next_seq = address.seq.saturating_add(1);
        }
        self.in_damage = false;
        !known
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

/// Where a frame may begin, after `at`, of which the rest lies beyond these bytes.
fn next_beginning(bytes: &[u8], at: usize) -> usize {
    let mut from = at + 1;
    while let Some(start) = find_magic(bytes, from) {
        if matches!(decode_frame(&bytes[start..]), Err(DecodeFrameError::Truncated { .. })) {
            return start;
        }
        from = start + 1;
    }
    // The magic itself may lie across the end.
    from.max(bytes.len().saturating_sub(MAGIC.len() - 1))
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
    fn frames_that_vanished_without_a_trace_are_a_stretch_without_bytes() {
        let bytes = [frames(0..2), frames(4..5)].concat();
        assert_eq!(read(&bytes), (vec![0, 1, 4], Damage { stretches: 1, bytes: 0, missing_frames: 2 }));
    }

    #[test]
    fn frames_of_another_run_are_damage() {
        let note = Note { level: NoteLevel::Info, step: Step(0), text: "elsewhere".into() };
        let address = FrameAddress { run: RunKey(8), rank: Rank(0), seq: 1 };
        let foreign = Record::Note(note).encode(address).unwrap();
        let bytes = [frames(0..1), foreign.clone(), foreign.clone(), frames(1..2)].concat();
        let damage = Damage { stretches: 1, bytes: 2 * foreign.len() as u64, missing_frames: 0 };
        assert_eq!(read(&bytes), (vec![0, 1], damage));
    }

    #[test]
    fn damage_longer_than_a_chunk_is_one_stretch_and_costs_no_frame_wherever_it_ends() {
        // The frame after the garbage lies before, across and behind the end of a chunk.
        let len = frame(1).len();
        for garbage in
            [CHUNK_BYTES - len - 8, CHUNK_BYTES - len, CHUNK_BYTES - len - 2, CHUNK_BYTES, 2 * CHUNK_BYTES]
        {
            let bytes = [frames(0..1), vec![0xAB; garbage], frames(1..4)].concat();
            let (seqs, damage) = read(&bytes);
            assert_eq!(seqs, [0, 1, 2, 3], "{garbage} bytes of garbage");
            assert_eq!(damage, Damage { stretches: 1, bytes: garbage as u64, missing_frames: 0 });
        }
    }

    #[test]
    fn hostile_sequence_numbers_do_not_overflow() {
        let bytes = [frame(5), frame(u64::MAX), frame(u64::MAX), frame(3)].concat();
        let (seqs, damage) = read(&bytes);
        assert_eq!((seqs.len(), damage.stretches), (3, 2));
        assert_eq!(damage.missing_frames, u64::MAX - 1);
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
