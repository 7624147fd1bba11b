//! The frame: the one binary unit of file, wire and test data.
//!
//! ```text
//! offset  size  field
//!      0     4  magic "TSF1"
//!      4     4  length of the whole frame in bytes, a multiple of 8
//!      8     4  CRC-32C of bytes 12..length
//!     12     2  version
//!     14     2  kind
//!     16     8  run
//!     24     8  sequence number within the writer
//!     32     4  rank (writer)
//!     36     4  length of the JSON header in bytes, without padding
//!     40     …  JSON header {"columns": [{name, dtype, len}…], "body": {…}}, padded with spaces to 8 bytes
//!      …     …  the columns in order, each padded with zeros to 8 bytes
//! ```
//! Everything is little-endian. Columns are 8-byte aligned, so that a browser reads them as typed arrays in place.

use serde::{Deserialize, Serialize};

use crate::column::{Column, ColumnData, DType};
use crate::ids::{FrameAddress, Rank, RunKey};

/// First four bytes of every frame; a reader that lost its place looks for them.
pub const MAGIC: [u8; 4] = *b"TSF1";
/// Version of the frame layout that this code writes.
pub const FRAME_VERSION: u16 = 1;
/// Bytes before the JSON header.
pub const FRAME_HEADER_LEN_BYTES: usize = 40;
/// No frame is longer: a larger length is damage, or an attack.
pub const MAX_FRAME_LEN_BYTES: usize = 64 << 20;

/// What a frame holds. Kinds that this version does not know are kept as [`FrameKind::Other`] and skipped by readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FrameKind {
    /// The first frame of a log: who writes, when, with which configuration.
    RunStart,
    /// Definitions of scalar series.
    Series,
    /// Points of scalar series.
    Scalars,
    /// One tensor: feature maps, or the probe image they answer to.
    Tensor,
    /// Labels, predictions and probabilities of a batch.
    Predictions,
    /// The model's layers.
    Model,
    /// Where training is: epoch, step, totals.
    Progress,
    /// A sentence for the reader: a warning, an event.
    Note,
    /// The writer's sign of life, with what it could not record.
    Health,
    /// The last frame of a finished run.
    RunEnd,
    /// The visor's answer to a chart query; never stored.
    Chart,
    /// A kind of a later version.
    Other(u16),
}

impl FrameKind {
    /// The number in the frame.
    pub fn code(self) -> u16 {
        match self {
            Self::RunStart => 1,
            Self::Series => 2,
            Self::Scalars => 3,
            Self::Tensor => 4,
            Self::Predictions => 5,
            Self::Model => 6,
            Self::Progress => 7,
            Self::Note => 8,
            Self::Health => 9,
            Self::RunEnd => 10,
            Self::Chart => 64,
            Self::Other(code) => code,
        }
    }

    /// The kind of a number.
    pub fn from_code(code: u16) -> Self {
        match code {
            1 => Self::RunStart,
            2 => Self::Series,
            3 => Self::Scalars,
            4 => Self::Tensor,
            5 => Self::Predictions,
            6 => Self::Model,
            7 => Self::Progress,
            8 => Self::Note,
            9 => Self::Health,
            10 => Self::RunEnd,
            64 => Self::Chart,
            other => Self::Other(other),
        }
    }
}

#[derive(Serialize)]
struct HeaderOut<'a, B> {
    columns: &'a [ColumnMeta],
    body: &'a B,
}

#[derive(Deserialize)]
struct HeaderIn {
    columns: Vec<ColumnMeta>,
    body: serde_json::Value,
}

#[derive(Serialize, Deserialize)]
struct ColumnMeta {
    name: String,
    dtype: DType,
    len: usize,
}

/// Why a frame could not be written.
#[derive(Debug, thiserror::Error)]
pub enum EncodeFrameError {
    /// The body does not turn into JSON.
    #[error("the frame's body is not valid JSON: {0}")]
    Body(#[from] serde_json::Error),
    /// The frame would be too long for any reader.
    #[error(
        "a frame holds at most {MAX_FRAME_LEN_BYTES} bytes, this one would have {0}: record it in smaller parts"
    )]
    TooLong(usize),
}

/// Encodes one frame.
pub fn encode_frame<B: Serialize>(
    address: FrameAddress,
    kind: FrameKind,
    body: &B,
    columns: &[(&str, ColumnData<'_>)],
) -> Result<Vec<u8>, EncodeFrameError> {
    let meta: Vec<ColumnMeta> = columns
        .iter()
        .map(|(name, data)| ColumnMeta { name: (*name).to_owned(), dtype: data.dtype(), len: data.len() })
        .collect();
    let header = serde_json::to_vec(&HeaderOut { columns: &meta, body })?;
    let len = FRAME_HEADER_LEN_BYTES
        + padded(header.len())
        + meta.iter().map(|m| padded(m.len * m.dtype.size_bytes())).sum::<usize>();
    if len > MAX_FRAME_LEN_BYTES {
        return Err(EncodeFrameError::TooLong(len));
    }

    let mut out = Vec::with_capacity(len);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&(len as u32).to_le_bytes());
    out.extend_from_slice(&[0; 4]); // the checksum, known only at the end
    out.extend_from_slice(&FRAME_VERSION.to_le_bytes());
    out.extend_from_slice(&kind.code().to_le_bytes());
    out.extend_from_slice(&address.run.0.to_le_bytes());
    out.extend_from_slice(&address.seq.to_le_bytes());
    out.extend_from_slice(&address.rank.0.to_le_bytes());
    out.extend_from_slice(&(header.len() as u32).to_le_bytes());
    out.extend_from_slice(&header);
    out.resize(padded(out.len()), b' ');
    for (_, data) in columns {
        data.append_to(&mut out);
        out.resize(padded(out.len()), 0);
    }
    let crc = crc32c::crc32c(&out[12..]);
    out[8..12].copy_from_slice(&crc.to_le_bytes());
    Ok(out)
}

fn padded(len: usize) -> usize {
    len.next_multiple_of(8)
}

/// Why bytes are not a frame.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeFrameError {
    /// The bytes end before the frame does: an ordinary state of a file that is being written.
    #[error("the frame needs {needed} bytes, {found} are there")]
    Truncated {
        /// Bytes that the frame claims, or that its header needs.
        needed: usize,
        /// Bytes that are there.
        found: usize,
    },
    /// The bytes do not start with [`MAGIC`].
    #[error("a frame starts with \"TSF1\"; here stands {0:02x?}")]
    NoMagic([u8; 4]),
    /// The length is impossible.
    #[error("a frame's length is a multiple of 8 from 40 to {MAX_FRAME_LEN_BYTES} bytes; this one says {0}")]
    BadLength(u32),
    /// The checksum does not fit the bytes.
    #[error("the checksum should be {stored:08x}, the bytes give {computed:08x}: the frame is damaged")]
    BadChecksum {
        /// What the frame says.
        stored: u32,
        /// What its bytes give.
        computed: u32,
    },
    /// A newer layout.
    #[error("this program reads frame version {FRAME_VERSION}, the frame has {0}: update trainscope")]
    NewerVersion(u16),
    /// The JSON header is no such header.
    #[error("the frame's JSON header cannot be read: {0}")]
    BadHeader(String),
}

/// A decoded frame, borrowing its columns from the bytes it was read from.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    /// Run, writer and sequence number.
    pub address: FrameAddress,
    /// What the frame holds.
    pub kind: FrameKind,
    /// The JSON body.
    pub body: serde_json::Value,
    /// The columns, in order.
    pub columns: Vec<Column<'a>>,
    /// Bytes of the whole frame.
    pub len_bytes: usize,
}

impl<'a> Frame<'a> {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column<'a>> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// Decodes the frame at the start of `bytes`; more bytes may follow it.
pub fn decode_frame(bytes: &[u8]) -> Result<Frame<'_>, DecodeFrameError> {
    let Some(fixed) = bytes.first_chunk::<FRAME_HEADER_LEN_BYTES>() else {
        return Err(match bytes.first_chunk::<4>() {
            Some(magic) if *magic != MAGIC => DecodeFrameError::NoMagic(*magic),
            _ => DecodeFrameError::Truncated { needed: FRAME_HEADER_LEN_BYTES, found: bytes.len() },
        });
    };
    if fixed[0..4] != MAGIC {
        return Err(DecodeFrameError::NoMagic(array(fixed, 0)));
    }
    let stored_len = u32::from_le_bytes(array(fixed, 4));
    let len = stored_len as usize;
    if !(FRAME_HEADER_LEN_BYTES..=MAX_FRAME_LEN_BYTES).contains(&len) || !len.is_multiple_of(8) {
        return Err(DecodeFrameError::BadLength(stored_len));
    }
    if bytes.len() < len {
        return Err(DecodeFrameError::Truncated { needed: len, found: bytes.len() });
    }
    let stored = u32::from_le_bytes(array(fixed, 8));
    let computed = crc32c::crc32c(&bytes[12..len]);
    if stored != computed {
        return Err(DecodeFrameError::BadChecksum { stored, computed });
    }
    let version = u16::from_le_bytes(array(fixed, 12));
    if version != FRAME_VERSION {
        return Err(DecodeFrameError::NewerVersion(version));
    }
    let header_len = u32::from_le_bytes(array(fixed, 36)) as usize;
    let header = bytes[FRAME_HEADER_LEN_BYTES..len]
        .get(..header_len)
        .ok_or_else(|| DecodeFrameError::BadHeader(format!("it claims {header_len} bytes of {len}")))?;
    let header: HeaderIn =
        serde_json::from_slice(header).map_err(|error| DecodeFrameError::BadHeader(error.to_string()))?;
    Ok(Frame {
        address: FrameAddress {
            run: RunKey(u64::from_le_bytes(array(fixed, 16))),
            seq: u64::from_le_bytes(array(fixed, 24)),
            rank: Rank(u32::from_le_bytes(array(fixed, 32))),
        },
        kind: FrameKind::from_code(u16::from_le_bytes(array(fixed, 14))),
        columns: columns_of(&header.columns, &bytes[..len], FRAME_HEADER_LEN_BYTES + padded(header_len))?,
        body: header.body,
        len_bytes: len,
    })
}

fn array<const N: usize>(fixed: &[u8; FRAME_HEADER_LEN_BYTES], at: usize) -> [u8; N] {
    std::array::from_fn(|i| fixed[at + i])
}

fn columns_of<'a>(
    meta: &[ColumnMeta],
    frame: &'a [u8],
    mut at: usize,
) -> Result<Vec<Column<'a>>, DecodeFrameError> {
    meta.iter()
        .map(|m| {
            let bytes = m
                .len
                .checked_mul(m.dtype.size_bytes())
                .and_then(|len| frame.get(at..at.checked_add(len)?))
                .ok_or_else(|| DecodeFrameError::BadHeader(format!("column {} leaves the frame", m.name)))?;
            at = padded(at + bytes.len());
            Ok(Column { name: m.name.clone(), dtype: m.dtype, bytes })
        })
        .collect()
}

/// Where the next frame may start at or after `from`: the position of the next [`MAGIC`].
pub fn find_magic(bytes: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(MAGIC.len()).position(|window| window == MAGIC).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn address() -> FrameAddress {
        FrameAddress { run: RunKey(0xfeed_beef_0123_4567), rank: Rank(3), seq: u64::MAX - 1 }
    }

    fn frame() -> Vec<u8> {
        let values = [1.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0];
        let columns = [("flag", ColumnData::U8(&[1, 2, 3])), ("value", ColumnData::F64(&values))];
        encode_frame(address(), FrameKind::Scalars, &serde_json::json!({"name": "λ"}), &columns).unwrap()
    }

    #[test]
    fn a_frame_comes_back_as_it_was() {
        let bytes = frame();
        let frame = decode_frame(&bytes).unwrap();
        assert_eq!(frame.address, address());
        assert_eq!(frame.kind, FrameKind::Scalars);
        assert_eq!(frame.body["name"], "λ");
        assert_eq!(frame.column("flag").unwrap().u8s().unwrap(), [1, 2, 3]);
        let values = frame.column("value").unwrap().f64s().unwrap();
        assert!(values[1].is_nan());
        assert_eq!(values[2..4], [f64::INFINITY, f64::NEG_INFINITY]);
        assert!(values[4].is_sign_negative());
        assert_eq!(frame.len_bytes, bytes.len());
    }

    #[test]
    fn columns_are_aligned_to_eight_bytes() {
        let bytes = frame();
        let frame = decode_frame(&bytes).unwrap();
        for column in &frame.columns {
            assert_eq!((column.bytes.as_ptr() as usize - bytes.as_ptr() as usize) % 8, 0, "{}", column.name);
        }
    }

    #[test]
    fn every_flipped_byte_is_noticed() {
        let bytes = frame();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x40;
            assert!(decode_frame(&damaged).is_err(), "byte {at} flipped and nobody noticed");
        }
    }

    #[test]
    fn every_cut_is_called_truncated() {
        let bytes = frame();
        for len in 0..bytes.len() {
            assert!(
                matches!(decode_frame(&bytes[..len]), Err(DecodeFrameError::Truncated { .. })),
                "cut at {len}"
            );
        }
    }

    #[test]
    fn a_column_that_leaves_its_frame_is_refused() {
        let mut bytes = frame();
        let text = br#""len":5"#;
        let at = bytes.windows(text.len()).position(|w| w == text).unwrap();
        bytes[at + 6] = b'9';
        let crc = crc32c::crc32c(&bytes[12..]);
        bytes[8..12].copy_from_slice(&crc.to_le_bytes());
        assert!(matches!(decode_frame(&bytes), Err(DecodeFrameError::BadHeader(_))));
    }

    #[test]
    fn the_next_magic_is_found() {
        let bytes = [b"xxTSF".as_slice(), &frame()].concat();
        assert_eq!(find_magic(&bytes, 0), Some(5));
        assert_eq!(find_magic(&bytes, bytes.len()), None);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode_frame(&bytes);
        }

        #[test]
        fn arbitrary_headers_never_panic(mut bytes in proptest::collection::vec(any::<u8>(), 40..200)) {
            bytes.truncate(bytes.len() / 8 * 8);
            let len = bytes.len() as u32;
            bytes[..4].copy_from_slice(&MAGIC);
            bytes[4..8].copy_from_slice(&len.to_le_bytes());
            bytes[12..14].copy_from_slice(&FRAME_VERSION.to_le_bytes());
            let crc = crc32c::crc32c(&bytes[12..]);
            bytes[8..12].copy_from_slice(&crc.to_le_bytes());
            let _ = decode_frame(&bytes);
        }

        #[test]
        fn floats_keep_their_bits(bits in proptest::collection::vec(any::<u64>(), 0..50)) {
            let values: Vec<f64> = bits.iter().map(|b| f64::from_bits(*b)).collect();
            let bytes = encode_frame(address(), FrameKind::Other(999), &(), &[("v", ColumnData::F64(&values))]).unwrap();
            let back = decode_frame(&bytes).unwrap().column("v").unwrap().f64s().unwrap();
            prop_assert_eq!(bits, back.iter().map(|v| v.to_bits()).collect::<Vec<_>>());
        }
    }
}
