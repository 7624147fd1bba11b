//! Markdown: text of users as text, and tables.

use std::fmt::Write as _;

/// Shown as nothing, and ends a word. Mentions, references and bare links are looked for after entities and backslashes
/// were resolved: neither keeps `@name` in a comment on GitHub from notifying somebody; this does.
const BREAK: &str = "<!-- -->";

/// `text` for use inside a paragraph or a table cell: on one line, with everything that Markdown, HTML or GitHub would
/// read (bare links, `@mentions`, `#1`) turned into what it shows.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        match c {
            '@' => out.extend(["@", BREAK]),
            ':' if rest.starts_with("//") => out.extend([":", BREAK]),
            '.' if ends_in_www(&out) => out.extend([BREAK, "."]),
            '#' if rest.starts_with(|next: char| next.is_ascii_digit()) => out.extend(["\\#", BREAK]),
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

/// Escaped text for the description of a picture, in which nothing is looked for and comments would be shown.
pub fn without_breaks(escaped: &str) -> String {
    escaped.replace(BREAK, "")
}

fn ends_in_www(text: &str) -> bool {
    text.len().checked_sub(3).is_some_and(|at| text.as_bytes()[at..].eq_ignore_ascii_case(b"www"))
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
        assert_eq!(escape("![x](http://y)"), "\\!\\[x\\](http:<!-- -->//y)");
        assert_eq!(escape("R&D\u{202e}"), "R&amp;D?");
    }

    #[test]
    fn links_mentions_and_references_stay_text_on_github() {
        assert_eq!(escape("http://a ftp://b a:b"), "http:<!-- -->//a ftp:<!-- -->//b a:b");
        assert_eq!(escape("www.a.b WWW.c ww.d"), "www<!-- -->.a.b WWW<!-- -->.c ww.d");
        assert_eq!(escape("@you, me@a.b"), "@<!-- -->you, me@<!-- -->a.b");
        assert_eq!(escape("#1 of C#"), "\\#<!-- -->1 of C\\#");
        assert_eq!(escape("é.ü@"), "é.ü@<!-- -->");
        assert_eq!(escape("<!-- -->"), "&lt;\\!-- --&gt;", "a comment of the user is text");
        assert_eq!(without_breaks(&escape("@you <!-- -->")), "@you &lt;\\!-- --&gt;");
    }

    #[test]
    fn tables_have_a_head_and_alignment() {
        let rows = [vec!["cat".to_owned(), "12".to_owned()]];
        assert_eq!(table(&["class", "n"], 1, rows), "| class | n |\n|---|--:|\n| cat | 12 |\n");
    }
}
