//! The embedded faces: their bytes, the database that resvg draws from, and the widths of their characters.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use resvg::usvg::fontdb;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

/// A face of the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Inter 400: words.
    Sans,
    /// Inter 600: titles and the one name that matters.
    SansBold,
    /// JetBrains Mono 400: numbers in columns.
    Mono,
    /// JetBrains Mono 600: numbers in strong cells. ASCII only.
    MonoBold,
}

const FILES: [&[u8]; 4] = [
    include_bytes!("../fonts/Inter-Regular.ttf"),
    include_bytes!("../fonts/Inter-SemiBold.ttf"),
    include_bytes!("../fonts/JetBrainsMono-Regular.ttf"),
    include_bytes!("../fonts/JetBrainsMono-SemiBold.ttf"),
];

impl Face {
    /// The value of `font-family`: the embedded family, then what a reader without it has.
    pub fn family(self) -> &'static str {
        match self {
            Self::Sans | Self::SansBold => "Inter, 'Helvetica Neue', Arial, sans-serif",
            Self::Mono | Self::MonoBold => "'JetBrains Mono', Menlo, Consolas, monospace",
        }
    }

    /// Whether its weight is 600.
    pub fn bold(self) -> bool {
        matches!(self, Self::SansBold | Self::MonoBold)
    }
}

/// Width of `text` in pixels at `size` pixels, without kerning, which only ever draws letters together by a little.
///
/// Characters that the face lacks count a full em: wide enough for whatever stands in for them.
pub fn width(text: &str, face: Face, size: f64) -> f64 {
    let advances = &advances()[face as usize];
    text.chars().map(|c| advances.get(&c).copied().unwrap_or(1.0)).sum::<f64>() * size
}

/// Whether the embedded face can draw `c`.
#[cfg(test)]
pub fn covers(face: Face, c: char) -> bool {
    advances()[face as usize].contains_key(&c)
}

/// The embedded fonts, parsed once per process.
pub fn database() -> Arc<fontdb::Database> {
    static DATABASE: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let load = || {
        let mut database = fontdb::Database::new();
        for file in FILES {
            database.load_font_source(fontdb::Source::Binary(Arc::new(file)));
        }
        Arc::new(database)
    };
    Arc::clone(DATABASE.get_or_init(load))
}

/// Advance of each character, in ems, per face.
fn advances() -> &'static [HashMap<char, f64>; 4] {
    static ADVANCES: OnceLock<[HashMap<char, f64>; 4]> = OnceLock::new();
    ADVANCES.get_or_init(|| FILES.map(face_advances))
}

fn face_advances(file: &[u8]) -> HashMap<char, f64> {
    let Ok(font) = FontRef::new(file) else { return HashMap::new() };
    let metrics = font.glyph_metrics(Size::new(1.0), LocationRef::default());
    font.charmap()
        .mappings()
        .filter_map(|(code, glyph)| Some((char::from_u32(code)?, f64::from(metrics.advance_width(glyph)?))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faces_hold_every_sign_that_figures_use() {
        for c in "→−×≤≥·Σ⁻²√–…%∞0123456789ÄßéąΩλ\u{a0}".chars() {
            assert!(covers(Face::Sans, c), "Inter 400 lacks {c:?}");
            assert!(covers(Face::SansBold, c), "Inter 600 lacks {c:?}");
        }
        for c in "0123456789.,+-−%∞×·ΣNa\u{a0}".chars() {
            assert!(covers(Face::Mono, c), "JetBrains Mono lacks {c:?}");
        }
        assert_eq!(database().faces().count(), 4);
    }

    #[test]
    fn widths_are_those_of_the_face() {
        assert!((width("0000", Face::Mono, 10.0) - 24.0).abs() < 0.01);
        assert!(width("iii", Face::Sans, 10.0) < width("mmm", Face::Sans, 10.0) / 2.0);
        assert!((width("漢", Face::Sans, 10.0) - 10.0).abs() < 0.01);
    }
}
