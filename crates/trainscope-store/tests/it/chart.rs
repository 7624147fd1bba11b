//! Answers to charts: one grid for all series, whatever is asked for.

use std::path::Path;

use trainscope_schema::{
    ChartBody, ChartQuery, Extreme, FrameKind, Num, SeriesIndex, SeriesRef, decode_frame,
};
use trainscope_store::{Run, answer_chart};

use crate::log::{Log, points, series};

fn query(names: &[&str], range: Option<(f64, f64)>, columns: u32) -> ChartQuery {
    let series = |name: &&str| SeriesRef { run: "run".into(), name: (*name).to_owned() };
    let range = range.map(|(from, to)| (Num(from), Num(to)));
    ChartQuery { chart: 3, series: names.iter().map(series).collect(), range, columns }
}

struct Answer {
    body: ChartBody,
    columns: Vec<(String, Vec<f64>)>,
}

impl Answer {
    fn column(&self, name: &str) -> &[f64] {
        let (_, numbers) = self.columns.iter().find(|(found, _)| found == name).unwrap();
        numbers
    }
}

fn answer(dir: &Path, query: &ChartQuery) -> Answer {
    let run = Run::open(dir).unwrap();
    let bytes = answer_chart(query, |id| (id == "run").then_some(&run)).unwrap();
    let frame = decode_frame(&bytes).unwrap();
    assert_eq!(frame.kind, FrameKind::Chart);
    let numbers = |column: &trainscope_schema::Column<'_>| {
        column.f64s().unwrap_or_else(|| column.u32s().unwrap().into_iter().map(f64::from).collect())
    };
    let columns: Vec<_> = frame.columns.iter().map(|column| (column.name.clone(), numbers(column))).collect();
    let n = columns[0].1.len();
    assert!(columns.iter().all(|(_, numbers)| numbers.len() == n), "all columns are as long as x");
    assert_eq!(columns.len(), 1 + 7 * query.series.len().min(100));
    Answer { body: serde_json::from_value(frame.body).unwrap(), columns }
}

/// Two series: `dense` at 1 to 100, `sparse` at 50, 150, 250 with a NaN.
fn run() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let dense: Vec<_> = (1..=100).map(|step| (step, step as f64)).collect();
    Log::started(dir.path(), 1, 1000.0)
        .add(&series(&[(0, "dense", SeriesIndex::Step), (1, "sparse", SeriesIndex::Step)]))
        .add(&points(0, &dense))
        .add(&points(1, &[(50, -1.0), (150, f64::NAN), (250, f64::INFINITY)]));
    dir
}

#[test]
fn series_of_different_steps_share_one_grid() {
    let dir = run();
    let answer = answer(dir.path(), &query(&["dense", "sparse"], None, 1000));
    assert_eq!((answer.body.stride, answer.body.first, answer.body.last), (1, Some(1), Some(250)));
    assert_eq!(answer.column("x"), (1..=250).map(f64::from).collect::<Vec<_>>());
    assert_eq!((answer.column("last.0")[49], answer.column("last.1")[49]), (50.0, -1.0));
    assert!(answer.column("last.0")[200].is_nan() && answer.column("last.1")[249].is_nan());
    assert_eq!((answer.column("count.1")[249], answer.column("nonfinite.1")[249]), (1.0, 1.0));
    assert_eq!(answer.column("last_step.0")[49], 50.0);
    assert!(answer.column("last_step.1")[249].is_nan(), "an infinite value is not the last finite one");
    let [dense, sparse] = answer.body.series.as_slice() else { panic!("two series") };
    let place = |extreme: Option<Extreme>| extreme.map(|extreme| (extreme.step.0, extreme.value.0));
    assert_eq!((place(dense.lowest), place(dense.highest)), (Some((1, 1.0)), Some((100, 100.0))));
    assert_eq!((place(sparse.lowest), place(sparse.highest)), (Some((50, -1.0)), Some((50, -1.0))));
    assert_eq!((dense.points, dense.points_in_range, dense.nonfinite_in_range), (100, 100, 0));
    assert_eq!((sparse.points, sparse.points_in_range, sparse.nonfinite_in_range), (3, 3, 2));
}

#[test]
fn fewer_columns_hold_the_same_points() {
    let dir = run();
    for columns in [1, 2, 7, 100, 249] {
        let answer = answer(dir.path(), &query(&["dense", "sparse"], None, columns));
        assert!(answer.column("x").len() <= columns as usize, "{columns} columns");
        assert_eq!(answer.column("count.0").iter().sum::<f64>(), 100.0);
        assert_eq!(answer.column("count.1").iter().sum::<f64>(), 3.0);
        assert_eq!(answer.column("nonfinite.1").iter().sum::<f64>(), 2.0);
        assert_eq!(answer.column("max.0").iter().copied().fold(f64::NAN, f64::max), 100.0);
        assert_eq!(answer.column("min.1").iter().copied().fold(f64::NAN, f64::min), -1.0);
        assert!(answer.body.stride >= 250_u64.div_ceil(u64::from(columns)));
    }
}

#[test]
fn a_range_is_answered_alone_and_the_whole_is_still_told() {
    let dir = run();
    let answer = answer(dir.path(), &query(&["dense", "sparse"], Some((10.0, 60.0)), 1000));
    assert_eq!((answer.body.first, answer.body.last), (Some(1), Some(250)));
    assert_eq!((answer.column("x")[0], answer.column("x").len()), (10.0, 51));
    assert_eq!((answer.body.series[0].points, answer.body.series[0].points_in_range), (100, 51));
    assert_eq!(answer.body.series[1].points_in_range, 1);
}

#[test]
fn odd_ranges_and_columns_are_answered() {
    let dir = run();
    let (nan, inf) = (f64::NAN, f64::INFINITY);
    for range in [(nan, nan), (-inf, inf), (inf, -inf), (60.0, 10.0), (1e300, inf), (-5.0, -1.0), (3.2, 3.8)]
    {
        for columns in [0, 1, 8192, u32::MAX] {
            let answer = answer(dir.path(), &query(&["dense", "sparse"], Some(range), columns));
            assert!(answer.column("x").len() <= (columns.clamp(1, 8192)) as usize);
            let counted: f64 = answer.column("count.0").iter().sum();
            assert_eq!(counted, answer.body.series[0].points_in_range as f64, "{range:?}, {columns} columns");
        }
    }
    assert!(answer(dir.path(), &query(&["dense"], Some((-5.0, -1.0)), 10)).column("x").is_empty());
}

#[test]
fn what_is_unknown_has_no_points() {
    let dir = run();
    let mut asked = query(&["dense", "nothing"], None, 10);
    asked.series.push(SeriesRef { run: "another".into(), name: "dense".into() });
    let answer = answer(dir.path(), &asked);
    for series in &answer.body.series[1..] {
        assert_eq!((series.points, series.points_in_range), (0, 0));
    }
    assert!(answer.column("last.2").iter().all(|value| value.is_nan()));
    assert_eq!(answer.body.series[2].run, "another");
}

#[test]
fn nothing_known_is_an_empty_answer() {
    let dir = run();
    for names in [&["nothing"][..], &[]] {
        let answer = answer(dir.path(), &query(names, None, 10));
        assert_eq!((answer.body.first, answer.body.last, answer.body.stride), (None, None, 1));
        assert!(answer.column("x").is_empty());
    }
}

#[test]
fn a_hundred_series_of_the_most_columns_fit_into_a_frame() {
    let dir = tempfile::tempdir().unwrap();
    let wide: Vec<_> = (0..9000).map(|step| (step, f64::NAN)).collect();
    Log::started(dir.path(), 1, 1000.0).add(&series(&[(0, "nan", SeriesIndex::Step)])).add(&points(0, &wide));
    let answer = answer(dir.path(), &query(&["nan"; 100], None, u32::MAX));
    assert_eq!(answer.body.stride, 2);
    assert_eq!(answer.column("nonfinite.99").iter().sum::<f64>(), 9000.0);
}

#[test]
fn steps_at_the_end_of_all_numbers_and_going_back_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    Log::started(dir.path(), 1, 1000.0)
        .add(&series(&[(0, "odd", SeriesIndex::Step)]))
        .add(&points(0, &[(u64::MAX, 1.0), (0, 2.0), (u64::MAX, 3.0), (5, 4.0), (5, 5.0)]));
    let answer = answer(dir.path(), &query(&["odd"], None, 100));
    assert_eq!(answer.column("count.0").iter().sum::<f64>(), 5.0);
    assert_eq!((answer.body.first, answer.body.last), (Some(0), Some(u64::MAX)));
}
