//! Columns of a frame: numbers of one type, little-endian.

use serde::{Deserialize, Serialize};

/// Type of a column's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DType {
    /// Unsigned byte.
    U8,
    /// 32-bit unsigned integer.
    U32,
    /// 64-bit unsigned integer.
    U64,
    /// 32-bit float.
    F32,
    /// 64-bit float.
    F64,
}

impl DType {
    /// Bytes of one number.
    pub fn size_bytes(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U32 | Self::F32 => 4,
            Self::U64 | Self::F64 => 8,
        }
    }
}

/// A column to be written.
#[derive(Clone, Copy, Debug)]
pub enum ColumnData<'a> {
    /// Bytes.
    U8(&'a [u8]),
    /// 32-bit unsigned integers.
    U32(&'a [u32]),
    /// 64-bit unsigned integers.
    U64(&'a [u64]),
    /// 32-bit floats.
    F32(&'a [f32]),
    /// 64-bit floats.
    F64(&'a [f64]),
}

impl ColumnData<'_> {
    pub(crate) fn dtype(&self) -> DType {
        match self {
            Self::U8(_) => DType::U8,
            Self::U32(_) => DType::U32,
            Self::U64(_) => DType::U64,
            Self::F32(_) => DType::F32,
            Self::F64(_) => DType::F64,
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::U8(values) => values.len(),
            Self::U32(values) => values.len(),
            Self::U64(values) => values.len(),
            Self::F32(values) => values.len(),
            Self::F64(values) => values.len(),
        }
    }

    pub(crate) fn append_to(&self, out: &mut Vec<u8>) {
        match self {
            Self::U8(values) => out.extend_from_slice(values),
            Self::U32(values) => out.extend(values.iter().flat_map(|v| v.to_le_bytes())),
            Self::U64(values) => out.extend(values.iter().flat_map(|v| v.to_le_bytes())),
            Self::F32(values) => out.extend(values.iter().flat_map(|v| v.to_le_bytes())),
            Self::F64(values) => out.extend(values.iter().flat_map(|v| v.to_le_bytes())),
        }
    }
}

/// A column as it lies in a frame: little-endian numbers of one type.
#[derive(Clone, Debug)]
pub struct Column<'a> {
    /// Name, unique in the frame.
    pub name: String,
    /// Type of the numbers.
    pub dtype: DType,
    /// The numbers' bytes, without padding.
    pub bytes: &'a [u8],
}

impl Column<'_> {
    /// Count of numbers.
    pub fn len(&self) -> usize {
        self.bytes.len() / self.dtype.size_bytes()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes of a `u8` column.
    pub fn u8s(&self) -> Option<Vec<u8>> {
        (self.dtype == DType::U8).then(|| self.bytes.to_vec())
    }

    /// The numbers of a `u32` column.
    pub fn u32s(&self) -> Option<Vec<u32>> {
        (self.dtype == DType::U32).then(|| self.read(u32::from_le_bytes))
    }

    /// The numbers of a `u64` column.
    pub fn u64s(&self) -> Option<Vec<u64>> {
        (self.dtype == DType::U64).then(|| self.read(u64::from_le_bytes))
    }

    /// The numbers of an `f32` column, bit for bit.
    pub fn f32s(&self) -> Option<Vec<f32>> {
        (self.dtype == DType::F32).then(|| self.read(f32::from_le_bytes))
    }

    /// The numbers of an `f64` column, bit for bit.
    pub fn f64s(&self) -> Option<Vec<f64>> {
        (self.dtype == DType::F64).then(|| self.read(f64::from_le_bytes))
    }

    fn read<const N: usize, T>(&self, from_le_bytes: impl Fn([u8; N]) -> T) -> Vec<T> {
        self.bytes.as_chunks::<N>().0.iter().map(|bytes| from_le_bytes(*bytes)).collect()
    }
}
