//! What the tests of the whole share: nothing but their programs, in `src/bin`.
