//! Figures as pictures: [`svg`] and [`png`] of a `trainscope_schema::figure::Figure`. Pure: bytes in, bytes out.
//!
//! The SVG is written here, element by element, because the figures need exact places: labels at the ends of lines that
//! never collide, titles that wrap by measured width, whole pixels per cell. The PNG is that SVG through resvg with the
//! fonts of `fonts/`; it looks the same on every machine. Same figure, same bytes.

mod axis;
mod calibration;
mod canvas;
mod class_intervals;
mod confusion;
mod confusion_map;
mod decimate;
mod font;
mod labels;
mod line;
mod line_mark;
pub mod number;
mod png_image;
mod sheet;
mod svg_text;
mod text;

pub use png_image::{DrawPngError, MAX_PNG_PIXELS, png};
pub use svg_text::svg;
