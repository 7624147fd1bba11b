//! The SVG writer: a few shapes with literal colours, coordinates to a tenth of a pixel.

use std::fmt::{self, Write as _};

use trainscope_schema::colour::Rgb;

use crate::font::Face;
use crate::text::clean;

/// Where a text's given x lies on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At its start.
    Start,
    /// In its middle.
    Middle,
    /// At its end.
    End,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Its face.
    pub face: Face,
    /// Its size, pixels.
    pub size: f64,
    /// Its colour.
    pub ink: Rgb,
}

/// How a line looks.
#[derive(Clone, Copy, Debug)]
pub struct Stroke {
    /// Its colour.
    pub ink: Rgb,
    /// Its width, pixels.
    pub width: f64,
    /// `stroke-dasharray`; empty for solid.
    pub dash: &'static str,
}

impl Stroke {
    /// A solid line.
    pub fn solid(ink: Rgb, width: f64) -> Self {
        Self { ink, width, dash: "" }
    }
}

/// A growing SVG body.
#[derive(Debug, Default)]
pub struct Canvas {
    out: String,
}

impl Canvas {
    /// Writes `text` with its baseline at `y`.
    pub fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, style: Style, text: &str) {
        self.text_element((x, y), anchor, style, "", text);
    }

    /// Writes `text` turned by a quarter to the left around `(x, y)`: read from bottom to top.
    pub fn text_upward(&mut self, (x, y): (f64, f64), anchor: Anchor, style: Style, text: &str) {
        let turn = format!(" transform=\"rotate(-90 {} {})\"", Coord(x), Coord(y));
        self.text_element((x, y), anchor, style, &turn, text);
    }

    /// Writes `text` over a white rim, readable where it crosses lines.
    pub fn text_with_rim(&mut self, at: (f64, f64), anchor: Anchor, style: Style, text: &str) {
        let rim = " stroke=\"#ffffff\" stroke-width=\"4\" stroke-linejoin=\"round\"";
        self.text_element(at, anchor, style, rim, text);
        self.text(at, anchor, style, text);
    }

    fn text_element(&mut self, (x, y): (f64, f64), anchor: Anchor, style: Style, more: &str, text: &str) {
        let weight = if style.face.bold() { " font-weight=\"600\"" } else { "" };
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let _ = writeln!(
            self.out,
            "<text x=\"{}\" y=\"{}\" font-family=\"{}\" font-size=\"{}\"{weight} fill=\"{}\"{anchor}{more}>{}</text>",
            Coord(x),
            Coord(y),
            style.face.family(),
            Coord(style.size),
            style.ink,
            Escaped(&clean(text)),
        );
    }

    /// A straight line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: Stroke) {
        self.polyline(&[from, to], stroke);
    }

    /// A line through `points`.
    pub fn polyline(&mut self, points: &[(f64, f64)], stroke: Stroke) {
        self.out.push_str("<path d=\"");
        self.trace(points);
        let dash = if stroke.dash.is_empty() {
            String::new()
        } else {
            format!(" stroke-dasharray=\"{}\"", stroke.dash)
        };
        let _ = writeln!(
            self.out,
            "\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"{dash}/>",
            stroke.ink,
            Coord(stroke.width),
        );
    }

    /// An area within `points`, of opacity `opacity`.
    pub fn area(&mut self, points: &[(f64, f64)], fill: Rgb, opacity: f64) {
        self.out.push_str("<path d=\"");
        self.trace(points);
        let _ = writeln!(self.out, "Z\" fill=\"{fill}\" fill-opacity=\"{opacity:.2}\"/>");
    }

    /// A rectangle, with an outline of one pixel or none.
    pub fn rect(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), fill: Rgb, outline: Option<Rgb>) {
        let outline = outline.map_or_else(String::new, |ink| format!(" stroke=\"{ink}\""));
        let _ = writeln!(
            self.out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{fill}\"{outline}/>",
            Coord(x),
            Coord(y),
            Coord(width),
            Coord(height),
        );
    }

    /// Rectangles of one colour on whole pixels, as (x, y, width, height), without smoothing.
    pub fn pixels(&mut self, rects: &[(u32, u32, u32, u32)], fill: Rgb) {
        self.out.push_str("<path shape-rendering=\"crispEdges\" d=\"");
        for (x, y, width, height) in rects {
            let _ = write!(self.out, "M{x} {y}h{width}v{height}h-{width}z");
        }
        let _ = writeln!(self.out, "\" fill=\"{fill}\"/>");
    }

    /// A circle; hollow ones have an outline.
    pub fn circle(&mut self, (x, y): (f64, f64), radius: f64, fill: Rgb, outline: Option<Stroke>) {
        let outline = outline.map_or_else(String::new, |stroke| {
            format!(" stroke=\"{}\" stroke-width=\"{}\"", stroke.ink, Coord(stroke.width))
        });
        let _ = writeln!(
            self.out,
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{fill}\"{outline}/>",
            Coord(x),
            Coord(y),
            Coord(radius),
        );
    }

    /// The whole file: the body on `ground`, with a name for those who cannot see it.
    pub fn finish(self, width: f64, height: f64, ground: Rgb, name: &str) -> String {
        let (width, height, name) = (Coord(width), Coord(height), Escaped(name));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{name}\">\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"{ground}\"/>\n{}</svg>\n",
            self.out,
        )
    }

    fn trace(&mut self, points: &[(f64, f64)]) {
        for (place, (x, y)) in points.iter().enumerate() {
            let _ = write!(self.out, "{}{} {}", if place == 0 { 'M' } else { 'L' }, Coord(*x), Coord(*y));
        }
    }
}

/// A length to a tenth of a pixel; what is not finite becomes 0, so that no file ever holds `NaN`.
struct Coord(f64);

impl fmt::Display for Coord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0.clamp(-1e6, 1e6) * 10.0).round() as i64;
        let sign = if tenths < 0 { "-" } else { "" };
        let (whole, tenth) = (tenths.abs() / 10, tenths.abs() % 10);
        if tenth == 0 { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{tenth}") }
    }
}

/// Text between or inside XML tags.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short_and_never_nan() {
        let written: Vec<String> =
            [0.04, 1.0, -2.25, f64::NAN, f64::INFINITY, 12.06].map(|length| Coord(length).to_string()).into();
        assert_eq!(written, ["0", "1", "-2.3", "0", "1000000", "12.1"]);
    }

    #[test]
    fn markup_in_text_stays_text() {
        assert_eq!(Escaped("<b>\"R&D\"</b>").to_string(), "&lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt;");
    }
}
