//! Text of users: cleaned of what a picture cannot hold, cut and wrapped to a measured width.

use crate::font::{Face, width};

/// `text` on one line and without invisible characters: line breaks and tabs become spaces; other control characters
/// and those that turn the direction of writing become `?`.
pub fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => '?',
            '\u{fffe}' | '\u{ffff}' => '?',
            c if c.is_control() => '?',
            c => c,
        })
        .collect()
}

/// `text`, cleaned, and cut with `…` where it is wider than `most` pixels.
pub fn fit(text: &str, face: Face, size: f64, most: f64) -> String {
    let text = clean(text);
    let mut used = 0.0;
    let mut kept = 0;
    let room = most - width("…", face, size);
    for (place, c) in text.char_indices() {
        if used <= room {
            kept = place;
        }
        used += width(c.encode_utf8(&mut [0; 4]), face, size);
        if used > most {
            return format!("{}…", text[..kept].trim_end());
        }
    }
    text
}

/// `text`, cleaned, in at most `lines` lines of `most` pixels; what does not fit ends in `…`.
pub fn wrap(text: &str, face: Face, size: f64, most: f64, lines: usize) -> Vec<String> {
    let text = clean(text);
    let mut words = text.split(' ').filter(|word| !word.is_empty()).peekable();
    let mut wrapped = Vec::new();
    while let Some(word) = words.next() {
        let mut line = word.to_owned();
        let last = wrapped.len() + 1 == lines;
        while let Some(next) = words.peek() {
            let longer = format!("{line} {next}");
            let fits = width(&longer, face, size) <= most;
            if !fits && !last {
                break;
            }
            line = longer;
            words.next();
            if !fits {
                break;
            }
        }
        wrapped.push(fit(&line, face, size, most));
        if last {
            break;
        }
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_and_short_ones_are_not() {
        assert_eq!(fit("cat", Face::Sans, 11.0, 60.0), "cat");
        let cut = fit("a very long class name indeed", Face::Sans, 11.0, 60.0);
        assert!(cut.ends_with('…') && cut.starts_with("a very"), "{cut}");
        assert!(width(&cut, Face::Sans, 11.0) <= 60.0);
    }

    #[test]
    fn lines_keep_their_width_and_the_last_one_says_that_it_is_cut() {
        let text =
            "Validation loss is lowest at epoch 7 and what follows is a long explanation of why that is so";
        let lines = wrap(text, Face::SansBold, 14.0, 200.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| width(line, Face::SansBold, 14.0) <= 200.0), "{lines:?}");
        assert!(lines[1].ends_with('…'), "{lines:?}");
        assert_eq!(wrap(text, Face::SansBold, 14.0, 2000.0, 2), [text]);
    }

    #[test]
    fn control_and_direction_characters_are_replaced() {
        assert_eq!(clean("a\nb\tc\u{0}d\u{202e}e"), "a b c?d?e");
    }
}
