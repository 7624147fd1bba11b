//! Run folders: reading and following logs, queries.
