//! The gallery: every figure has a golden SVG (`UPDATE=1` rewrites them), and every SVG keeps the rules of a file that
//! travels.
#![allow(clippy::unwrap_used)]

mod figures;

use std::path::PathBuf;

use resvg::usvg::{self, Node, Tree};
use trainscope_plot::{DrawPngError, svg};
use trainscope_schema::figure::{Figure, FigureBody};

fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("goldens").join(format!("{name}.svg"))
}

#[test]
fn every_figure_is_its_golden() {
    let mut stale = Vec::new();
    for (name, figure) in figures::figures() {
        let drawn = svg(&figure);
        assert_eq!(drawn, svg(&figure), "{name}: two drawings of one figure differ");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(golden(name), &drawn).unwrap();
        }
        if std::fs::read_to_string(golden(name)).unwrap_or_default() != drawn {
            stale.push(name);
        }
    }
    assert!(
        stale.is_empty(),
        "changed: {stale:?}; look at them, then UPDATE=1 cargo test -p trainscope-plot"
    );
}

#[test]
fn no_golden_is_left_over() {
    let names: Vec<String> = figures::figures().into_iter().map(|(name, _)| format!("{name}.svg")).collect();
    for file in std::fs::read_dir(golden("x").parent().unwrap()).unwrap() {
        let file = file.unwrap().file_name().into_string().unwrap();
        assert!(names.contains(&file), "{file} belongs to no figure");
    }
}

fn parse(svg: &str) -> Tree {
    let mut options = usvg::Options::default();
    let fonts = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fonts");
    for file in ["Inter-Regular", "Inter-SemiBold", "JetBrainsMono-Regular", "JetBrainsMono-SemiBold"] {
        options.fontdb_mut().load_font_data(std::fs::read(fonts.join(format!("{file}.ttf"))).unwrap());
    }
    options.font_resolver.select_fallback = Box::new(|_, _, _| None);
    Tree::from_str(svg, &options).unwrap()
}

#[test]
fn all_text_lies_within_the_picture() {
    for (name, figure) in figures::figures() {
        let tree = parse(&svg(&figure));
        let (width, height) = (tree.size().width(), tree.size().height());
        let mut texts = 0;
        for node in tree.root().children() {
            let Node::Text(text) = node else { continue };
            let ink = text.abs_bounding_box();
            let words: String = text.chunks().iter().map(|chunk| chunk.text().to_owned()).collect();
            let inside =
                ink.left() >= 0.0 && ink.top() >= 0.0 && ink.right() <= width && ink.bottom() <= height;
            assert!(inside, "{name}: {words:?} at {ink:?} leaves {width} × {height}");
            texts += 1;
        }
        assert!(texts >= 3, "{name}: only {texts} texts were drawn");
    }
}

#[test]
fn texts_do_not_cover_each_other() {
    for (name, figure) in figures::figures() {
        let tree = parse(&svg(&figure));
        let texts: Vec<(String, _)> = tree
            .root()
            .children()
            .iter()
            .filter_map(|node| match node {
                Node::Text(text) => Some((text.chunks()[0].text().to_owned(), text.abs_bounding_box())),
                _ => None,
            })
            .collect();
        for (i, (a, first)) in texts.iter().enumerate() {
            for (b, second) in &texts[i + 1..] {
                // A text with a rim is the same words twice in one place.
                let overlap = first.left() + 1.5 < second.right()
                    && second.left() + 1.5 < first.right()
                    && first.top() + 4.0 < second.bottom()
                    && second.top() + 4.0 < first.bottom();
                assert!(!overlap || a == b, "{name}: {a:?} at {first:?} covers {b:?} at {second:?}");
            }
        }
    }
}

/// The number in `name="…"` of a line.
fn attribute(line: &str, name: &str) -> f64 {
    let (_, rest) = line.split_once(&format!(" {name}=\"")).unwrap();
    rest.split('"').next().unwrap().parse().unwrap()
}

#[test]
fn the_count_of_the_tallest_bar_stands_over_it_and_over_no_other() {
    let (_, figure) =
        figures::figures().into_iter().find(|(name, _)| *name == "calibration-neighbours").unwrap();
    let drawn = svg(&figure);
    let label = drawn.lines().find(|line| line.contains(">17<")).unwrap();
    let bars: Vec<&str> =
        drawn.lines().filter(|line| line.contains("#9aa4b0") && line.contains("<rect")).collect();
    assert_eq!(bars.len(), 5);
    let highest = bars.iter().map(|bar| attribute(bar, "y")).fold(f64::INFINITY, f64::min);
    assert!(attribute(label, "y") < highest, "{label}");
    let tallest = bars.iter().find(|bar| attribute(bar, "y") == highest).unwrap();
    let (left, width, x) = (attribute(tallest, "x"), attribute(tallest, "width"), attribute(label, "x"));
    assert!((left..=left + width).contains(&x), "{label} beside {tallest}");
}

#[test]
fn files_hold_literal_values_and_no_foreign_matter() {
    for (name, figure) in figures::figures() {
        let drawn = svg(&figure);
        for word in [
            "NaN\"",
            "inf\"",
            "NaN ",
            "style=",
            "<style",
            "class=",
            "filter",
            "foreignObject",
            "<script",
            "<img",
            "url(",
        ] {
            let found = drawn
                .lines()
                .filter(|line| !line.starts_with("<text") && !line.starts_with("<svg"))
                .find(|line| line.contains(word));
            assert!(found.is_none(), "{name} holds {word}: {found:?}");
        }
        let attributes = drawn.split('"').skip(1).step_by(2);
        for value in attributes.filter(|value| value.starts_with('M') || value.parse::<f64>().is_ok()) {
            assert!(!value.contains("NaN") && !value.contains("inf"), "{name}: {value}");
        }
    }
}

#[test]
fn markup_in_names_stays_text() {
    let figures = figures::figures();
    let (_, figure) = figures.iter().find(|(name, _)| *name == "confusion-hostile-names").unwrap();
    let drawn = svg(figure);
    assert!(drawn.contains("&lt;img src=x"), "{drawn}");
    assert!(!drawn.contains("<img") && !drawn.contains('\u{202e}') && !drawn.contains('\u{0}'));
}

#[test]
fn what_is_left_out_is_said() {
    let figures = figures::figures();
    let text = |name: &str| {
        let (_, figure) = figures.iter().find(|(found, _)| *found == name).unwrap();
        let texts = svg(figure);
        let texts = texts.lines().filter_map(|line| line.strip_suffix("</text>")?.rsplit('>').next());
        texts.collect::<Vec<_>>().join(" ")
    };
    let log = text("line-log-zero-negative");
    assert!(
        log.contains("not drawn: 1 value that is NaN or infinite · not drawn: 2 values of 0 or below"),
        "{log}"
    );
    assert!(text("line-gap").contains("not drawn: 1 value that is NaN or infinite"));
    assert!(text("line-all-nan").contains("No finite value to draw."));
    assert!(text("class-intervals").contains("axis starts at 60\u{a0}%"));
    assert!(text("class-intervals-70").contains("the first 60 of 70 classes"));
    assert!(text("calibration-few").contains("3 bins under 5 rows: bar, no dot"));
}

#[test]
fn a_thousand_and_more_classes_are_drawn() {
    let k = 1200;
    let mut counts = vec![0; k * k];
    (0..k).for_each(|class| counts[class * k + class] = 3);
    let body = trainscope_schema::figure::ConfusionFigure {
        classes: (0..k).map(|class| class.to_string()).collect(),
        counts,
        pairs: Vec::new(),
    };
    let figure = Figure {
        title: "T".into(),
        subtitle: "S".into(),
        source: "R".into(),
        body: FigureBody::Confusion(body),
    };
    let drawn = svg(&figure);
    assert!(drawn.contains("each pixel shows the largest of 2 × 2 cells"), "{}", &drawn[..2000]);
    assert!(drawn.len() < 60_000, "{}", drawn.len());
}

fn pixels(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info.width, info.height, pixels)
}

#[test]
fn a_png_is_the_same_each_time_and_its_text_is_drawn() {
    let figures = figures::figures();
    let (_, figure) = &figures[0];
    let bytes = trainscope_plot::png(figure, 1.0).unwrap();
    assert_eq!(bytes, trainscope_plot::png(figure, 1.0).unwrap());
    let (width, height, pixels) = pixels(&bytes);
    assert_eq!((width, height), (720, 360));
    // The title's line: dark ink on white, about as much as letters have.
    let line = &pixels[12 * 720 * 3..28 * 720 * 3];
    let dark = line.chunks_exact(3).filter(|pixel| pixel.iter().all(|channel| *channel < 100)).count();
    assert!((500..4000).contains(&dark), "{dark} dark pixels in the title");
}

#[test]
fn scales_out_of_range_are_refused_with_a_sentence() {
    let (_, figure) = figures::figures().remove(0);
    assert!(matches!(trainscope_plot::png(&figure, f32::NAN), Err(DrawPngError::Scale { .. })));
    assert!(matches!(trainscope_plot::png(&figure, 0.0), Err(DrawPngError::Scale { .. })));
    let message = trainscope_plot::png(&figure, 100.0).unwrap_err().to_string();
    assert_eq!(message, "a PNG was asked for at scale 100; give a number from 0.1 to 10");
}
