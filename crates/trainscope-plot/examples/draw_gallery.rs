//! Draws the gallery as PNG into a folder and prints how long each figure takes: `draw_gallery FOLDER`.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

#[path = "../tests/gallery/figures.rs"]
mod figures;

use std::time::Instant;

use trainscope_plot::{png, svg};

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/gallery".into());
    std::fs::create_dir_all(&folder).unwrap();
    for (name, figure) in figures::figures() {
        let start = Instant::now();
        let text = svg(&figure);
        let drawn = start.elapsed();
        let bytes = png(&figure, 2.0).unwrap();
        let total = start.elapsed();
        println!(
            "{name:28} svg {:7} B {:6.2} ms   png {:7} B {:7.2} ms",
            text.len(),
            drawn.as_secs_f64() * 1e3,
            bytes.len(),
            (total - drawn).as_secs_f64() * 1e3,
        );
        std::fs::write(format!("{folder}/{name}.png"), bytes).unwrap();
    }
}
