//! A figure as the bytes of a PNG file: the SVG through resvg, with the embedded fonts and nothing from outside.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{FontResolver, Options, Tree};
use trainscope_schema::figure::Figure;

use crate::font::database;
use crate::svg_text::svg;

/// Most pixels of a picture: 4 bytes each while it is drawn.
pub const MAX_PNG_PIXELS: u64 = 100_000_000;

/// Why a figure is no PNG.
#[derive(Debug, thiserror::Error)]
pub enum DrawPngError {
    /// The scale is no positive number, or too large a one.
    #[error("a PNG was asked for at scale {scale}; give a number from 0.1 to 10")]
    Scale {
        /// What was asked for.
        scale: f32,
    },
    /// The picture would have too many pixels.
    #[error(
        "the PNG would have {width} × {height} pixels, more than {MAX_PNG_PIXELS} in all; ask for a smaller scale than \
         {scale}, or for the SVG"
    )]
    TooLarge {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// What was asked for.
        scale: f32,
    },
    /// The figure's own SVG was refused.
    #[error("the figure's SVG could not be read back: {reason}; please report it with the figure's JSON")]
    Svg {
        /// What the reader says.
        reason: String,
    },
    /// The encoder failed.
    #[error("the picture could not be encoded as PNG: {reason}")]
    Encode {
        /// What the encoder says.
        reason: String,
    },
}

/// The figure as PNG, `scale` pixels for each unit of its SVG (2 for sharp print and dense screens). 8-bit RGB, opaque.
///
/// Characters that the embedded fonts lack are drawn as empty boxes; the SVG has them as they are.
pub fn png(figure: &Figure, scale: f32) -> Result<Vec<u8>, DrawPngError> {
    if !(0.1..=10.0).contains(&scale) {
        return Err(DrawPngError::Scale { scale });
    }
    let tree = tree(&svg(figure))?;
    let side = |length: f32| (length * scale).round().max(1.0) as u32;
    let (width, height) = (side(tree.size().width()), side(tree.size().height()));
    let too_large = || DrawPngError::TooLarge { width, height, scale };
    if u64::from(width) * u64::from(height) > MAX_PNG_PIXELS {
        return Err(too_large());
    }
    let mut pixmap = Pixmap::new(width, height).ok_or_else(too_large)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    encode(&pixmap).map_err(|error| DrawPngError::Encode { reason: error.to_string() })
}

/// The SVG as resvg understands it.
fn tree(svg: &str) -> Result<Tree, DrawPngError> {
    // Another face for one missing character would change the whole text: draw a box for it instead.
    let font_resolver = FontResolver { select_fallback: Box::new(|_, _, _| None), ..FontResolver::default() };
    let options = Options { fontdb: database(), font_resolver, ..Options::default() };
    Tree::from_str(svg, &options).map_err(|error| DrawPngError::Svg { reason: error.to_string() })
}

fn encode(pixmap: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    // The ground is opaque, so colours are not premultiplied by anything and alpha says nothing.
    let mut rgb = Vec::with_capacity(pixmap.data().len() / 4 * 3);
    for pixel in pixmap.data().as_chunks::<4>().0 {
        rgb.extend_from_slice(&pixel[..3]);
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixmap.width(), pixmap.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&rgb)?;
    writer.finish()?;
    Ok(bytes)
}
