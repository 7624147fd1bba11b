//! Figures to SVG and PNG bytes. Pure.
