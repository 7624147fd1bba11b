//! Run folders from the outside: runs, libraries, charts, and damage done to logs.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod chart;
mod damage;
mod library;
mod log;
mod run;
