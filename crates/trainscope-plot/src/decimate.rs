//! Long lines: at most four points per pixel column, with no extreme lost.

/// `points` (in pixels, drawing order) with at most first, lowest, highest and last of each run within one pixel column.
///
/// Short lines are kept as they are. A line drawn from the result covers the same pixels.
pub fn decimate(points: Vec<(f64, f64)>, width: f64) -> Vec<(f64, f64)> {
    if (points.len() as f64) < width * 2.0 {
        return points;
    }
    let mut kept = Vec::new();
    for column in points.chunk_by(|a, b| a.0.floor() == b.0.floor()) {
        let by_height = |(_, a): &(usize, &(f64, f64)), (_, b): &(usize, &(f64, f64))| a.1.total_cmp(&b.1);
        let low = column.iter().enumerate().min_by(by_height).map_or(0, |(place, _)| place);
        let high = column.iter().enumerate().max_by(by_height).map_or(0, |(place, _)| place);
        let mut places = [0, low, high, column.len() - 1];
        places.sort_unstable();
        kept.extend(
            places
                .iter()
                .enumerate()
                .filter(|(i, p)| *i == 0 || places[i - 1] != **p)
                .map(|(_, p)| column[*p]),
        );
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spike_survives() {
        let mut points: Vec<(f64, f64)> = (0..100_000).map(|i| (f64::from(i) / 1000.0, 50.0)).collect();
        points[54_321].1 = -7.0;
        let kept = decimate(points, 100.0);
        assert!(kept.len() <= 400, "{}", kept.len());
        assert!(kept.contains(&(54.321, -7.0)));
        assert_eq!(kept.first().unwrap().0, 0.0);
        assert_eq!(kept.last().unwrap().0, 99.999);
    }

    #[test]
    fn short_lines_are_kept_whole() {
        let points = vec![(0.0, 1.0), (0.1, 2.0), (0.2, 1.5)];
        assert_eq!(decimate(points.clone(), 100.0), points);
    }
}
