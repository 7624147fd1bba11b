//! Classes in sentences: one by its name, several that tie together.

/// Classes that a sentence names before it only counts them.
const MOST_NAMED: usize = 3;

/// A class in a sentence: numbers need the word, names need quotation marks.
pub fn class_text(name: &str) -> String {
    if number(name) { format!("class {}", cut(name)) } else { format!("“{}”", cut(name)) }
}

/// Classes that tie: `class 1`, `classes 1 and 4`, `“cat”, class 8 and “dog”`, `12 classes`.
pub fn classes_text(names: &[&str]) -> String {
    let all_numbers = names.iter().all(|name| number(name));
    match names {
        [name] => class_text(name),
        names if names.len() > MOST_NAMED => format!("{} classes", names.len()),
        names if all_numbers => {
            format!("classes {}", listed(&names.iter().map(|name| cut(name)).collect::<Vec<_>>()))
        }
        names => listed(&names.iter().map(|name| class_text(name)).collect::<Vec<_>>()),
    }
}

/// Words joined by commas, the last by `and`.
pub fn listed(words: &[String]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        words => words.concat(),
    }
}

/// The text as the start of a sentence; names keep their letters.
pub fn sentence_start(text: &str) -> String {
    text.strip_prefix("class").map_or_else(|| text.to_owned(), |rest| format!("Class{rest}"))
}

/// All whose value is the least of the finite ones, in order, with that value.
pub fn lowest<'a>(values: impl Iterator<Item = (&'a str, f64)>) -> Option<(Vec<&'a str>, f64)> {
    let mut found: Option<(Vec<&str>, f64)> = None;
    for (name, value) in values.filter(|(_, value)| value.is_finite()) {
        match &mut found {
            Some((_, least)) if value > *least => {}
            Some((names, least)) if value == *least => names.push(name),
            _ => found = Some((vec![name], value)),
        }
    }
    found
}

fn number(name: &str) -> bool {
    name.parse::<f64>().is_ok()
}

fn cut(name: &str) -> String {
    const MOST: usize = 32;
    match name.chars().count() > MOST {
        true => name.chars().take(MOST - 1).chain(['…']).collect(),
        false => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str], expected: &str) {
        assert_eq!(sentence_start(&classes_text(names)), expected);
    }

    #[test]
    fn ties_are_named_together() {
        check(&["1"], "Class 1");
        check(&["1", "4"], "Classes 1 and 4");
        check(&["1", "4", "7"], "Classes 1, 4 and 7");
        check(&["1", "4", "7", "8"], "4 classes");
        check(&["class", "8"], "“class” and class 8");
    }

    #[test]
    fn the_lowest_are_all_that_tie() {
        let values = [("a", 0.5), ("b", f64::NAN), ("c", 0.25), ("d", 0.25)];
        assert_eq!(lowest(values.into_iter()), Some((vec!["c", "d"], 0.25)));
        assert_eq!(lowest([("a", f64::NAN)].into_iter()), None);
    }
}
