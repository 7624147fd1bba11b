//! The hook from the outside: one program, so that its tests are linked once.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod attacks;
mod log;
mod run;
