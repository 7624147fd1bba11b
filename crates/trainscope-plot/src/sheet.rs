//! The sheet of a figure: title (the finding), subtitle (what is drawn), source line, and the area between them.

use trainscope_schema::colour::{LIGHT, Rgb};
use trainscope_schema::figure::Figure;

use crate::canvas::{Anchor, Canvas, Style};
use crate::font::Face;
use crate::text::{clean, wrap};

const MARGIN: f64 = 16.0;
const TITLE_SIZE: f64 = 14.0;
const SUBTITLE_SIZE: f64 = 11.5;
const SOURCE_SIZE: f64 = 10.0;

/// Words around a figure, wrapped to its width.
#[derive(Debug)]
pub struct Heading {
    name: String,
    width: f64,
    title: Vec<String>,
    subtitle: Vec<String>,
    source: Vec<String>,
}

/// The place left for drawing.
#[derive(Clone, Copy, Debug)]
pub struct Area {
    /// x of the left edge.
    pub left: f64,
    /// y of the upper edge.
    pub top: f64,
    /// x of the right edge.
    pub right: f64,
    /// y of the lower edge.
    pub bottom: f64,
}

/// A canvas with its words on it.
#[derive(Debug)]
pub struct Sheet {
    /// Where to draw.
    pub canvas: Canvas,
    /// Within what.
    pub area: Area,
    name: String,
    size: (f64, f64),
}

impl Heading {
    /// Wraps the figure's words to `width` pixels; `notes` (what was cut or left out) join the source line.
    pub fn new(figure: &Figure, notes: &[String], width: f64) -> Self {
        let room = width - 2.0 * MARGIN;
        let mut source = figure.source.clone();
        for note in notes {
            source.push_str(if source.is_empty() { "" } else { " · " });
            source.push_str(note);
        }
        Self {
            name: clean(&figure.title),
            width,
            title: wrap(&figure.title, Face::SansBold, TITLE_SIZE, room, 3),
            subtitle: wrap(&figure.subtitle, Face::Sans, SUBTITLE_SIZE, room, 3),
            source: wrap(&source, Face::Sans, SOURCE_SIZE, room, 4),
        }
    }

    /// y at which drawing may begin.
    pub fn top(&self) -> f64 {
        14.0 + 18.0 * self.title.len() as f64 + 16.0 * self.subtitle.len() as f64
    }

    /// Height kept at the lower edge.
    pub fn foot(&self) -> f64 {
        20.0 + 14.0 * self.source.len() as f64
    }

    /// A sheet of `height` pixels with the words on it.
    pub fn open(self, height: f64) -> Sheet {
        let mut canvas = Canvas::default();
        let area =
            Area { left: MARGIN, top: self.top(), right: self.width - MARGIN, bottom: height - self.foot() };
        let mut y = 24.0;
        for line in &self.title {
            canvas.text((MARGIN, y), Anchor::Start, style(Face::SansBold, TITLE_SIZE, LIGHT.text), line);
            y += 18.0;
        }
        for line in &self.subtitle {
            canvas.text((MARGIN, y), Anchor::Start, style(Face::Sans, SUBTITLE_SIZE, LIGHT.muted), line);
            y += 16.0;
        }
        for (place, line) in self.source.iter().enumerate() {
            let y = height - 12.0 - 14.0 * (self.source.len() - 1 - place) as f64;
            canvas.text((MARGIN, y), Anchor::Start, style(Face::Sans, SOURCE_SIZE, LIGHT.faint), line);
        }
        Sheet { canvas, area, name: self.name, size: (self.width, height) }
    }
}

impl Sheet {
    /// Says in the middle of the sheet why nothing is drawn.
    pub fn say(&mut self, sentence: &str) {
        let Area { left, top, right, bottom } = self.area;
        let lines = wrap(sentence, Face::Sans, 12.0, right - left, 3);
        for (place, line) in lines.iter().enumerate() {
            let y = (top + bottom) / 2.0 + 18.0 * place as f64;
            self.canvas.text(((left + right) / 2.0, y), Anchor::Middle, words(12.0, LIGHT.muted), line);
        }
    }

    /// The SVG file.
    pub fn finish(self) -> String {
        self.canvas.finish(self.size.0, self.size.1, LIGHT.surface, &self.name)
    }
}

/// A style of Inter 400.
pub fn words(size: f64, ink: Rgb) -> Style {
    style(Face::Sans, size, ink)
}

/// A style of JetBrains Mono 400.
pub fn digits(size: f64, ink: Rgb) -> Style {
    style(Face::Mono, size, ink)
}

fn style(face: Face, size: f64, ink: Rgb) -> Style {
    Style { face, size, ink }
}
