//! Markdown: text of users as text, and tables.

use std::fmt::Write as _;

/// `text` for use inside a paragraph or a table cell: on one line, with everything that Markdown or HTML would read
/// turned into what it shows.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => {
                out.push('?');
            }
            c if c.is_control() => out.push('?'),
            c => out.push(c),
        }
    }
    out
}

/// A table with a head; the first `words` columns are aligned left, the others (numbers) right. Cells are Markdown.
pub fn table(head: &[&str], words: usize, rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut out = format!("| {} |\n|", head.join(" | "));
    for column in 0..head.len() {
        out.push_str(if column < words { "---|" } else { "--:|" });
    }
    out.push('\n');
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_users_stays_text() {
        assert_eq!(escape("a|b `c` <img>\n# d"), "a\\|b \\`c\\` &lt;img&gt; \\# d");
        assert_eq!(escape("![x](http://y)"), "\\!\\[x\\](http://y)");
        assert_eq!(escape("R&D\u{202e}"), "R&amp;D?");
    }

    #[test]
    fn tables_have_a_head_and_alignment() {
        let rows = [vec!["cat".to_owned(), "12".to_owned()]];
        assert_eq!(table(&["class", "n"], 1, rows), "| class | n |\n|---|--:|\n| cat | 12 |\n");
    }
}
