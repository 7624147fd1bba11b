//! Arrays to facts: pyramids over series. Pure.
//!
//! A [`Pyramid`] keeps every point of a series and answers a chart of any width from any stretch of it, in time that
//! follows the chart's width and not the number of points; no extreme is lost.
//!
//! ```
//! use trainscope_stats::{Pyramid, grid_layout};
//!
//! let mut loss = Pyramid::new();
//! for step in 0..100_000u64 {
//!     loss.append(step, if step == 54_321 { 9.0 } else { 1.0 });
//! }
//! let layout = grid_layout(loss.extent(), None, 800);
//! let cells = loss.grid(None, layout.first, layout.stride, layout.columns);
//! assert!(cells.len() <= 800);
//! assert_eq!(cells.iter().filter(|cell| cell.max == 9.0).count(), 1);
//! ```

mod bucket;
mod grid;
mod layout;
mod levels;
mod pyramid;

pub use grid::Cell;
pub use layout::{GridLayout, MAX_COLUMNS, grid_layout, steps_in};
pub use pyramid::Pyramid;
