//! The figures of the gallery: one of each kind, and each edge that a real run may bring.
#![allow(clippy::unwrap_used)] // Test data.

use trainscope_schema::figure::{
    CalibrationFigure, ClassInterval, ClassIntervalsFigure, ConfusionFigure, Figure, FigureBody, LineFigure,
    LineSeries, Mark, Scale, Tone,
};
use trainscope_schema::{CalibrationBin, ConfusedPair, Num, Rate};

/// All figures with the names of their files.
pub fn figures() -> Vec<(&'static str, Figure)> {
    vec![
        ("line-loss", loss()),
        ("line-accuracy", accuracy()),
        ("line-single-point", line("One epoch so far: loss 0.5", Scale::Linear, &[&[0.5]])),
        ("line-all-nan", line("Loss is NaN from epoch 1", Scale::Linear, &[&[f64::NAN; 4]])),
        ("line-gap", line("Loss is NaN at epoch 3", Scale::Linear, &[&[1.0, 0.8, f64::NAN, 0.5, 0.4]])),
        (
            "line-log-zero-negative",
            line("Loss falls to 0.001", Scale::Log, &[&[1.0, 0.1, 0.0, -0.5, 0.01, f64::INFINITY, 0.001]]),
        ),
        ("line-huge", line("Loss explodes to 3e20", Scale::Linear, &[&[1.0, 2e5, 4e12, 3e20]])),
        ("line-tiny", line("Loss is 2e−9", Scale::Linear, &[&[9e-9, 5e-9, 3e-9, 2e-9]])),
        ("line-constant", line("Accuracy stays at 10 %", Scale::Linear, &[&[10.0; 6]])),
        ("line-negative", line("Log-likelihood ends at −3.2", Scale::Linear, &[&[-9.0, -6.0, -4.1, -3.2]])),
        ("line-empty", line("No points yet", Scale::Linear, &[])),
        ("line-per-batch", per_batch()),
        ("line-many-names", many_names()),
        ("confusion-1", confusion(&["all"], &[12])),
        ("confusion-2", confusion(&["no", "yes"], &[905, 12, 31, 52])),
        ("confusion-10", digits_confusion()),
        ("confusion-no-errors", confusion(&["a", "b", "c"], &[5, 0, 0, 0, 7, 0, 0, 0, 0])),
        ("confusion-hostile-names", hostile_confusion()),
        ("confusion-30", superclasses(30, 5)),
        ("confusion-100", superclasses(100, 100)),
        ("confusion-wrong-length", confusion(&["a", "b"], &[1, 2, 3])),
        ("class-intervals", class_intervals()),
        ("class-intervals-undefined", undefined_classes()),
        ("class-intervals-70", many_classes()),
        ("calibration", calibration()),
        ("calibration-few", calibration_of(&[0, 0, 3, 0, 2, 0, 0, 0, 0, 4])),
        ("calibration-neighbours", calibration_of(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 17])),
        ("calibration-empty", calibration_of(&[0; 10])),
    ]
}

fn figure(title: &str, subtitle: &str, body: FigureBody) -> Figure {
    let source = "digits-cnn-s3 · epoch 24 · step 11\u{a0}256 · test, n = 2\u{a0}000".into();
    Figure { title: title.into(), subtitle: subtitle.into(), source, body }
}

fn series(name: &str, tone: Tone, dashed: bool, values: &[f64]) -> LineSeries {
    let points = values.iter().enumerate().map(|(i, y)| (Num(i as f64 + 1.0), Num(*y))).collect();
    LineSeries { name: name.into(), points, band: Vec::new(), tone, dashed }
}

fn line_figure(y_title: &str, unit: &str, y_scale: Scale, series: Vec<LineSeries>) -> LineFigure {
    LineFigure {
        x_title: "epoch".into(),
        y_title: y_title.into(),
        unit: unit.into(),
        y_scale,
        series,
        mark: None,
    }
}

fn line(title: &str, scale: Scale, values: &[&[f64]]) -> Figure {
    let series = values.iter().map(|values| series("validation", Tone::Vermilion, false, values)).collect();
    figure(title, "Mean loss per epoch, nats", FigureBody::Line(line_figure("nats", "", scale, series)))
}

fn loss() -> Figure {
    let epoch = |i: i32| f64::from(i) + 1.0;
    let training: Vec<f64> =
        (0..24).map(epoch).map(|e| 2.9 * (-e / 3.3).exp() + 0.5 * (-e / 8.5).exp() + 0.012).collect();
    let validation: Vec<f64> = (0..24)
        .map(epoch)
        .map(|e| 2.6 * (-e / 3.0).exp() + 0.33 + 0.00022 * (e - 12.0) * (e - 12.0))
        .collect();
    let best = (0..24).min_by(|a, b| validation[*a].total_cmp(&validation[*b])).unwrap();
    let mut body = line_figure(
        "nats",
        "",
        Scale::Log,
        vec![
            series("validation", Tone::Vermilion, false, &validation),
            series("training", Tone::Grey, true, &training),
        ],
    );
    let text = format!("epoch {}: {:.3}", best + 1, validation[best]);
    body.mark = Some(Mark { series: 0, x: Num(best as f64 + 1.0), y: Num(validation[best]), text });
    let title = format!("Validation loss is lowest at epoch {}; training loss keeps falling", best + 1);
    figure(&title, "Mean log-loss per epoch, nats, logarithmic axis", FigureBody::Line(body))
}

fn accuracy() -> Figure {
    let values: Vec<f64> = (0..24).map(|i| 93.0 - 60.0 * (-f64::from(i) / 3.0).exp()).collect();
    let baseline: Vec<f64> = values.iter().map(|value| value + 1.2).collect();
    let mut validation = series("validation", Tone::Blue, false, &values);
    validation.band = validation.points.iter().map(|(x, y)| (*x, Num(y.0 - 1.6), Num(y.0 + 1.4))).collect();
    let lines = vec![series("training", Tone::Grey, true, &baseline), validation];
    let body = line_figure("% correct", "%", Scale::Linear, lines);
    let subtitle = "Share predicted correctly per epoch, %; band: Wilson 95 %";
    figure("Accuracy ends at 93.0 %, 1.2 points below training", subtitle, FigureBody::Line(body))
}

fn per_batch() -> Figure {
    let noise = |i: u32| f64::from((i.wrapping_mul(2_654_435_761) >> 16) & 0xffff) / 65_535.0;
    let values: Vec<f64> = (0..20_000)
        .map(|i| if i == 12_345 { 4.0 } else { 2.3 * (-f64::from(i) / 4000.0).exp() + 0.1 + 0.3 * noise(i) })
        .collect();
    let mut body =
        line_figure("nats", "", Scale::Linear, vec![series("training", Tone::Grey, false, &values)]);
    body.x_title = "step".into();
    figure("Training loss jumps to 4.0 at step 12 346", "Loss per batch, nats", FigureBody::Line(body))
}

fn many_names() -> Figure {
    let lines = (0..24)
        .map(|i| {
            let name = format!("run {i} <script>alert(1)</script> with a name that goes on & on");
            series(
                &name,
                if i == 0 { Tone::Vermilion } else { Tone::Grey },
                false,
                &[2.0, 1.0 + f64::from(i) * 0.01, 0.5],
            )
        })
        .collect();
    let body = line_figure("nats", "", Scale::Linear, lines);
    let long = "A title so long that it has to wrap, and to wrap again, ".repeat(12);
    figure(&long, &long, FigureBody::Line(body))
}

fn confusion(classes: &[&str], counts: &[u64]) -> Figure {
    let body = ConfusionFigure {
        classes: classes.iter().map(|name| (*name).to_owned()).collect(),
        counts: counts.to_vec(),
        pairs: Vec::new(),
    };
    let subtitle = "Counts. Rows: true class, columns: predicted class; colour: share of the row";
    figure("Confusion", subtitle, FigureBody::Confusion(body))
}

#[rustfmt::skip]
const DIGITS: [u64; 100] = [
    192, 0, 0, 0, 1, 1, 2, 3, 11, 2,
    1, 209, 0, 0, 1, 1, 0, 0, 2, 2,
    0, 2, 182, 1, 1, 2, 0, 1, 7, 3,
    0, 1, 6, 184, 0, 15, 1, 1, 18, 0,
    1, 0, 0, 0, 165, 2, 0, 0, 2, 18,
    2, 2, 0, 4, 0, 149, 0, 0, 7, 0,
    1, 0, 0, 0, 1, 0, 198, 0, 2, 1,
    2, 3, 1, 3, 1, 2, 2, 171, 5, 1,
    1, 0, 0, 0, 0, 1, 0, 0, 181, 0,
    0, 1, 0, 0, 6, 4, 2, 0, 12, 194,
];

fn digits_confusion() -> Figure {
    let mut figure = confusion(&["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], &DIGITS);
    figure.title = "Class 8 takes 66 of the 175 errors; 4 → 9 is the largest rate, 9.6 %".into();
    figure
}

fn hostile_confusion() -> Figure {
    let names = [
        "<img src=x onerror=alert(1)>",
        "a & b \"quoted\"",
        "line\nbreak\u{0}\u{202e}",
        "日本語のクラス名",
        "a very long class name that does not fit anywhere at all",
    ];
    let mut counts = vec![1_u64; 25];
    counts[0] = 123_456;
    confusion(&names, &counts)
}

fn superclasses(k: usize, n: u64) -> Figure {
    let mut counts = vec![0_u64; k * k];
    let mut pairs = Vec::new();
    for truth in 0..k {
        let wrong = (truth * 7 + 3) % 40;
        let near = truth / 5 * 5 + (truth + 1 + truth % 3) % 5;
        let far = (truth * 31 + 7) % k;
        let near_count = if near < k && near != truth { n * wrong as u64 / 150 } else { 0 };
        counts[truth * k + near.min(k - 1)] += near_count;
        if far != truth {
            counts[truth * k + far] += 1;
        }
        let missed: u64 = counts[truth * k..truth * k + k].iter().sum();
        counts[truth * k + truth] += n.saturating_sub(missed);
        if near_count > 0 {
            pairs.push(ConfusedPair {
                truth: truth as u32,
                predicted: near as u32,
                rate: rate(near_count, n),
            });
        }
    }
    pairs.sort_by_key(|pair| std::cmp::Reverse(pair.rate.hits));
    pairs.truncate(10);
    let classes = (0..k).map(|class| format!("class {class}")).collect();
    let body = FigureBody::Confusion(ConfusionFigure { classes, counts, pairs });
    figure(
        "70 % of the errors stay inside the superclasses",
        "Rows: true class, columns: predicted class; colour: share of the row",
        body,
    )
}

/// Wilson 95 %.
pub fn rate(hits: u64, n: u64) -> Rate {
    let (z, p, n_f) = (1.959_963_984_540_054_f64, hits as f64 / n as f64, n as f64);
    let centre = (p + z * z / 2.0 / n_f) / (1.0 + z * z / n_f);
    let half = z / (1.0 + z * z / n_f) * (p * (1.0 - p) / n_f + z * z / 4.0 / n_f / n_f).sqrt();
    Rate { value: p, low: (centre - half).max(0.0), high: (centre + half).min(1.0), hits, n }
}

fn interval(name: &str, hits: u64, n: u64, predicted: u64) -> ClassInterval {
    let of = |n: u64| (n > 0).then(|| rate(hits, n));
    ClassInterval { name: name.into(), n, recall: of(n), precision: of(predicted) }
}

fn class_intervals() -> Figure {
    let mut rows: Vec<ClassInterval> = (0..10)
        .map(|class| {
            let row: u64 = DIGITS[class * 10..class * 10 + 10].iter().sum();
            let column: u64 = DIGITS.iter().skip(class).step_by(10).sum();
            interval(&class.to_string(), DIGITS[class * 11], row, column)
        })
        .collect();
    rows.sort_by(|a, b| a.precision.unwrap().value.total_cmp(&b.precision.unwrap().value));
    let subtitle = "Recall (filled) and precision (hollow) per class, %, with Wilson 95 % intervals; ordered by precision";
    let title = "Class 8 has the lowest precision, 73 %, and the highest recall, 99 %";
    figure(title, subtitle, FigureBody::ClassIntervals(ClassIntervalsFigure { rows }))
}

fn undefined_classes() -> Figure {
    let mut odd = interval("not a number", 1, 2, 2);
    odd.recall = Some(Rate { value: f64::NAN, low: f64::NAN, high: f64::NAN, hits: 0, n: 0 });
    let rows = vec![
        interval("absent", 0, 0, 3),
        interval("never predicted, with a long name for a class", 0, 1_234_567, 0),
        interval("<b>perfect</b>", 4, 4, 4),
        interval("neither", 0, 0, 0),
        odd,
    ];
    figure(
        "Two classes are absent",
        "Recall and precision, %",
        FigureBody::ClassIntervals(ClassIntervalsFigure { rows }),
    )
}

fn many_classes() -> Figure {
    let rows = (0..70).map(|i| interval(&format!("class {i}"), 40 + i / 2, 80, 90)).collect();
    figure(
        "Class 0 has the lowest precision",
        "Recall and precision, %",
        FigureBody::ClassIntervals(ClassIntervalsFigure { rows }),
    )
}

fn calibration() -> Figure {
    calibration_of(&[0, 0, 0, 0, 6, 15, 22, 20, 31, 40, 38, 45, 55, 90, 1671])
}

fn calibration_of(counts: &[u64]) -> Figure {
    let k = counts.len() as f64;
    let bin = |(i, n): (usize, &u64)| {
        let (low, high) = (i as f64 / k, (i as f64 + 1.0) / k);
        let confidence = low * 0.4 + high * 0.6;
        let hits = ((confidence * 0.92 + 0.03) * *n as f64).round() as u64;
        let some = *n > 0;
        CalibrationBin {
            low,
            high,
            confidence: some.then_some(confidence),
            accuracy: some.then(|| rate(hits, *n)),
        }
    };
    let bins = counts.iter().enumerate().map(bin).collect();
    let subtitle =
        "Share correct over mean confidence, %, equal bins (a, b]; bars: rows per bin, square-root scale";
    figure(
        "Overconfident by 3.8 points: ECE 0.043",
        subtitle,
        FigureBody::Calibration(CalibrationFigure { bins }),
    )
}
