//! Colours: the tokens of both themes, the palette of runs, the ramps and the viridis table. Every drawing takes them here.
//!
//! `web-ui/src/generated/colours.ts` is written from this file by a test, so that browser and export agree.

use std::fmt;

/// A colour, 8-bit sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// The colour written as `0xrrggbb`.
    pub const fn from_hex(hex: u32) -> Self {
        Self((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
    }

    /// This colour with a share `t` (0 to 1) of `other` mixed in, in sRGB.
    pub fn mix(self, other: Self, t: f64) -> Self {
        let t = if t.is_finite() { t.clamp(0.0, 1.0) } else { 0.0 };
        let channel = |a: u8, b: u8| (f64::from(a) * (1.0 - t) + f64::from(b) * t).round() as u8;
        Self(channel(self.0, other.0), channel(self.1, other.1), channel(self.2, other.2))
    }

    /// Relative luminance, 0 (black) to 1 (white); WCAG 2.2.
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Contrast with `other`, 1 to 21; WCAG 2.2.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Black or white, whichever is read better on this colour: at least 4.5 : 1.
    pub fn ink(self) -> Self {
        if self.luminance() > 0.179 { Self(0, 0, 0) } else { Self(255, 255, 255) }
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// The colours of one theme.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)] // The names say it: bg < surface < sunk are grounds; text > muted > faint are inks.
pub struct Theme {
    pub bg: Rgb,
    pub surface: Rgb,
    pub sunk: Rgb,
    pub line: Rgb,
    pub line_2: Rgb,
    pub grid: Rgb,
    pub text: Rgb,
    pub muted: Rgb,
    pub faint: Rgb,
    pub rest: Rgb,
    pub accent: Rgb,
    pub accent_bg: Rgb,
    pub ok: Rgb,
    pub warn: Rgb,
    pub bad: Rgb,
    pub hit: Rgb,
    pub miss: Rgb,
    /// Colours of runs, told apart under protanopia, deuteranopia and tritanopia.
    pub runs: [Rgb; 8],
}

/// The light theme; exported figures are drawn in it.
pub const LIGHT: Theme = Theme {
    bg: Rgb::from_hex(0xf4f5f7),
    surface: Rgb::from_hex(0xffffff),
    sunk: Rgb::from_hex(0xeef0f3),
    line: Rgb::from_hex(0xe3e6ea),
    line_2: Rgb::from_hex(0xcfd4da),
    grid: Rgb::from_hex(0xe8ebee),
    text: Rgb::from_hex(0x1a1f26),
    muted: Rgb::from_hex(0x55606d),
    faint: Rgb::from_hex(0x606b78),
    rest: Rgb::from_hex(0x9aa4b0),
    accent: Rgb::from_hex(0x1f63c6),
    accent_bg: Rgb::from_hex(0xe8f0fc),
    ok: Rgb::from_hex(0x12764a),
    warn: Rgb::from_hex(0x8f5b00),
    bad: Rgb::from_hex(0xb3322b),
    hit: Rgb::from_hex(0x0072b2),
    miss: Rgb::from_hex(0xd55e00),
    runs: runs([0x204eac, 0xdb7e05, 0x21a695, 0x7f2241, 0x846100, 0x9b7dff, 0x007fc1, 0x5f6574]),
};

/// The dark theme.
pub const DARK: Theme = Theme {
    bg: Rgb::from_hex(0x0d1014),
    surface: Rgb::from_hex(0x14181e),
    sunk: Rgb::from_hex(0x0f1318),
    line: Rgb::from_hex(0x222831),
    line_2: Rgb::from_hex(0x353d49),
    grid: Rgb::from_hex(0x1d232b),
    text: Rgb::from_hex(0xe3e7ec),
    muted: Rgb::from_hex(0x9ca7b4),
    faint: Rgb::from_hex(0x7f8b99),
    rest: Rgb::from_hex(0x66717e),
    accent: Rgb::from_hex(0x79aefb),
    accent_bg: Rgb::from_hex(0x17263d),
    ok: Rgb::from_hex(0x4cc38a),
    warn: Rgb::from_hex(0xe2a93b),
    bad: Rgb::from_hex(0xf2837a),
    hit: Rgb::from_hex(0x4aa8e8),
    miss: Rgb::from_hex(0xf58a4b),
    runs: runs([0x5fbcff, 0xffb774, 0x8aeddc, 0xc25977, 0xac9939, 0x6b75d7, 0x209eb9, 0xb6b6b6]),
};

const fn runs(hex: [u32; 8]) -> [Rgb; 8] {
    let mut colours = [Rgb(0, 0, 0); 8];
    let mut i = 0;
    while i < 8 {
        colours[i] = Rgb::from_hex(hex[i]);
        i += 1;
    }
    colours
}

impl Theme {
    /// Colour of a share of hits, `t` from 0 (the sunk surface) to 1. The curve keeps middling shares apart from high ones.
    pub fn hit_ramp(&self, t: f64) -> Rgb {
        ramp(&[self.sunk, self.sunk.mix(self.hit, 0.55), self.hit, self.deep(self.hit)], unit(t).powf(1.4))
    }

    /// Colour of a share of misses, `t` from 0 (the sunk surface) to 1. The curve lifts small shares into sight.
    pub fn miss_ramp(&self, t: f64) -> Rgb {
        ramp(
            &[self.sunk, self.sunk.mix(self.miss, 0.6), self.miss, self.deep(self.miss)],
            unit(t).powf(0.8) * 0.86,
        )
    }

    /// Beyond full colour: towards black on light ground, towards white on dark ground.
    fn deep(&self, colour: Rgb) -> Rgb {
        let end = if self.surface.luminance() > 0.5 { Rgb(0, 0, 0) } else { Rgb(255, 255, 255) };
        colour.mix(end, 0.45)
    }
}

/// Colour of `t` from 0 to 1 in viridis, the sequential map for tiles; out of range is clamped, NaN is 0.
pub fn viridis(t: f64) -> Rgb {
    Rgb::from_hex(VIRIDIS[(unit(t) * 255.0).round() as usize])
}

fn unit(t: f64) -> f64 {
    if t.is_nan() { 0.0 } else { t.clamp(0.0, 1.0) }
}

fn ramp(stops: &[Rgb], t: f64) -> Rgb {
    let place = unit(t) * (stops.len() - 1) as f64;
    let below = (place as usize).min(stops.len() - 2);
    stops[below].mix(stops[below + 1], place - below as f64)
}

/// Viridis by Nathaniel Smith and Stéfan van der Walt (CC0), `0xrrggbb`.
#[rustfmt::skip]
pub const VIRIDIS: [u32; 256] = [
    0x440154, 0x440256, 0x450457, 0x450559, 0x46075a, 0x46085c, 0x460a5d, 0x460b5e,
    0x470d60, 0x470e61, 0x471063, 0x471164, 0x471365, 0x481467, 0x481668, 0x481769,
    0x48186a, 0x481a6c, 0x481b6d, 0x481c6e, 0x481d6f, 0x481f70, 0x482071, 0x482173,
    0x482374, 0x482475, 0x482576, 0x482677, 0x482878, 0x482979, 0x472a7a, 0x472c7a,
    0x472d7b, 0x472e7c, 0x472f7d, 0x46307e, 0x46327e, 0x46337f, 0x463480, 0x453581,
    0x453781, 0x453882, 0x443983, 0x443a83, 0x443b84, 0x433d84, 0x433e85, 0x423f85,
    0x424086, 0x424186, 0x414287, 0x414487, 0x404588, 0x404688, 0x3f4788, 0x3f4889,
    0x3e4989, 0x3e4a89, 0x3e4c8a, 0x3d4d8a, 0x3d4e8a, 0x3c4f8a, 0x3c508b, 0x3b518b,
    0x3b528b, 0x3a538b, 0x3a548c, 0x39558c, 0x39568c, 0x38588c, 0x38598c, 0x375a8c,
    0x375b8d, 0x365c8d, 0x365d8d, 0x355e8d, 0x355f8d, 0x34608d, 0x34618d, 0x33628d,
    0x33638d, 0x32648e, 0x32658e, 0x31668e, 0x31678e, 0x31688e, 0x30698e, 0x306a8e,
    0x2f6b8e, 0x2f6c8e, 0x2e6d8e, 0x2e6e8e, 0x2e6f8e, 0x2d708e, 0x2d718e, 0x2c718e,
    0x2c728e, 0x2c738e, 0x2b748e, 0x2b758e, 0x2a768e, 0x2a778e, 0x2a788e, 0x29798e,
    0x297a8e, 0x297b8e, 0x287c8e, 0x287d8e, 0x277e8e, 0x277f8e, 0x27808e, 0x26818e,
    0x26828e, 0x26828e, 0x25838e, 0x25848e, 0x25858e, 0x24868e, 0x24878e, 0x23888e,
    0x23898e, 0x238a8d, 0x228b8d, 0x228c8d, 0x228d8d, 0x218e8d, 0x218f8d, 0x21908d,
    0x21918c, 0x20928c, 0x20928c, 0x20938c, 0x1f948c, 0x1f958b, 0x1f968b, 0x1f978b,
    0x1f988b, 0x1f998a, 0x1f9a8a, 0x1e9b8a, 0x1e9c89, 0x1e9d89, 0x1f9e89, 0x1f9f88,
    0x1fa088, 0x1fa188, 0x1fa187, 0x1fa287, 0x20a386, 0x20a486, 0x21a585, 0x21a685,
    0x22a785, 0x22a884, 0x23a983, 0x24aa83, 0x25ab82, 0x25ac82, 0x26ad81, 0x27ad81,
    0x28ae80, 0x29af7f, 0x2ab07f, 0x2cb17e, 0x2db27d, 0x2eb37c, 0x2fb47c, 0x31b57b,
    0x32b67a, 0x34b679, 0x35b779, 0x37b878, 0x38b977, 0x3aba76, 0x3bbb75, 0x3dbc74,
    0x3fbc73, 0x40bd72, 0x42be71, 0x44bf70, 0x46c06f, 0x48c16e, 0x4ac16d, 0x4cc26c,
    0x4ec36b, 0x50c46a, 0x52c569, 0x54c568, 0x56c667, 0x58c765, 0x5ac864, 0x5cc863,
    0x5ec962, 0x60ca60, 0x63cb5f, 0x65cb5e, 0x67cc5c, 0x69cd5b, 0x6ccd5a, 0x6ece58,
    0x70cf57, 0x73d056, 0x75d054, 0x77d153, 0x7ad151, 0x7cd250, 0x7fd34e, 0x81d34d,
    0x84d44b, 0x86d549, 0x89d548, 0x8bd646, 0x8ed645, 0x90d743, 0x93d741, 0x95d840,
    0x98d83e, 0x9bd93c, 0x9dd93b, 0xa0da39, 0xa2da37, 0xa5db36, 0xa8db34, 0xaadc32,
    0xaddc30, 0xb0dd2f, 0xb2dd2d, 0xb5de2b, 0xb8de29, 0xbade28, 0xbddf26, 0xc0df25,
    0xc2df23, 0xc5e021, 0xc8e020, 0xcae11f, 0xcde11d, 0xd0e11c, 0xd2e21b, 0xd5e21a,
    0xd8e219, 0xdae319, 0xdde318, 0xdfe318, 0xe2e418, 0xe5e419, 0xe7e419, 0xeae51a,
    0xece51b, 0xefe51c, 0xf1e51d, 0xf4e61e, 0xf6e620, 0xf8e621, 0xfbe723, 0xfde725,
];

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web-ui/src/generated/colours.ts");

    fn declaration(name: &str, theme: &Theme) -> String {
        let tokens = [
            ("bg", theme.bg),
            ("surface", theme.surface),
            ("sunk", theme.sunk),
            ("line", theme.line),
            ("line2", theme.line_2),
            ("grid", theme.grid),
            ("text", theme.text),
            ("muted", theme.muted),
            ("faint", theme.faint),
            ("rest", theme.rest),
            ("accent", theme.accent),
            ("accentBg", theme.accent_bg),
            ("ok", theme.ok),
            ("warn", theme.warn),
            ("bad", theme.bad),
            ("hit", theme.hit),
            ("miss", theme.miss),
        ];
        let mut out = format!("export const {name}: Theme = {{\n");
        for (token, colour) in tokens {
            let _ = writeln!(out, "  {token}: \"{colour}\",");
        }
        let runs: Vec<String> = theme.runs.iter().map(|colour| format!("\"{colour}\"")).collect();
        let _ = writeln!(out, "  runs: [{}],", runs.join(", "));
        let _ = writeln!(out, "  hitRamp: \"{}\",", table(|t| theme.hit_ramp(t)));
        let _ = writeln!(out, "  missRamp: \"{}\",\n}};\n", table(|t| theme.miss_ramp(t)));
        out
    }

    fn table(colour: impl Fn(f64) -> Rgb) -> String {
        (0..256).map(|i| colour(f64::from(i) / 255.0).to_string().split_off(1)).collect()
    }

    fn generated() -> String {
        let mut out = String::from(
            "// Written by `cargo test -p trainscope-schema` with UPDATE=1 from crates/trainscope-schema/src/colour.rs. \
             Do not edit.\n\n",
        );
        out.push_str(
            "/** Colours of one theme; the ramps are 256 colours of 6 hexadecimal digits. */\n\
             export interface Theme {\n",
        );
        for token in
            "bg surface sunk line line2 grid text muted faint rest accent accentBg ok warn bad hit miss"
                .split(' ')
        {
            let _ = writeln!(out, "  {token}: string;");
        }
        out.push_str("  runs: readonly string[];\n  hitRamp: string;\n  missRamp: string;\n}\n\n");
        out.push_str(&declaration("LIGHT", &LIGHT));
        out.push_str(&declaration("DARK", &DARK));
        let _ = writeln!(
            out,
            "/** 256 colours of 6 hexadecimal digits. */\nexport const VIRIDIS =\n  \"{}\";",
            table(viridis)
        );
        out
    }

    #[test]
    fn typescript_colours_are_fresh() {
        crate::generated::assert_fresh(std::path::Path::new(PATH), &generated());
    }

    #[test]
    fn numbers_in_cells_are_read_on_every_colour_of_both_ramps() {
        for theme in [LIGHT, DARK] {
            for i in 0..=255 {
                for cell in [theme.hit_ramp(f64::from(i) / 255.0), theme.miss_ramp(f64::from(i) / 255.0)] {
                    assert!(cell.contrast(cell.ink()) >= 4.5, "{cell}: {}", cell.contrast(cell.ink()));
                }
            }
        }
    }

    #[test]
    fn inks_and_lines_keep_their_contrast() {
        for theme in [LIGHT, DARK] {
            for (ink, least) in [
                (theme.text, 12.0),
                (theme.muted, 4.5),
                (theme.faint, 4.5),
                (theme.hit, 3.0),
                (theme.miss, 3.0),
            ] {
                assert!(ink.contrast(theme.surface) >= least, "{ink} on {}", theme.surface);
            }
            for run in theme.runs {
                assert!(run.contrast(theme.surface) >= 2.95, "{run} {}", run.contrast(theme.surface));
            }
        }
    }

    #[test]
    fn zero_is_the_background_and_nan_is_zero() {
        for theme in [LIGHT, DARK] {
            assert_eq!(theme.hit_ramp(0.0), theme.sunk);
            assert_eq!(theme.miss_ramp(f64::NAN), theme.sunk);
        }
        assert_eq!(viridis(f64::NAN).to_string(), "#440154");
        assert_eq!(viridis(f64::INFINITY).to_string(), "#fde725");
    }
}
