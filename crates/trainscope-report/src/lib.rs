//! Runs to verdicts: figures, Markdown, JSON.
