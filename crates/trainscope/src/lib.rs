//! What users of Trainscope depend on.
