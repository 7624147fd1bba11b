//! The command trainscope.
