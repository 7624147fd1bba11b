//! Labels in a column: moved apart so that none covers another, and kept within bounds.

/// Moves `places` (centres, any order) to at least `gap` apart and into `low..=high`, each as little as the others allow.
/// What has no room at all is pressed together evenly.
pub fn spread(places: &mut [f64], gap: f64, low: f64, high: f64) {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|a, b| places[*a].total_cmp(&places[*b]));
    let gap = gap.min((high - low) / places.len().saturating_sub(1).max(1) as f64);
    for _ in 0..40 {
        for pair in order.windows(2) {
            let short = gap - (places[pair[1]] - places[pair[0]]);
            if short > 0.0 {
                places[pair[0]] -= short / 2.0;
                places[pair[1]] += short / 2.0;
            }
        }
    }
    let mut least = low;
    for i in &order {
        places[*i] = places[*i].max(least);
        least = places[*i] + gap;
    }
    let mut most = high;
    for i in order.iter().rev() {
        places[*i] = places[*i].min(most);
        most = places[*i] - gap;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mut places: Vec<f64>, expected: &[f64]) {
        spread(&mut places, 15.0, 0.0, 100.0);
        let near = places.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.1);
        assert!(near, "{places:?}, expected {expected:?}");
    }

    #[test]
    fn labels_move_apart_and_stay_inside() {
        check(vec![50.0, 50.0], &[42.5, 57.5]);
        check(vec![10.0, 60.0], &[10.0, 60.0]);
        check(vec![100.0, 99.0], &[100.0, 85.0]);
        check(vec![0.0, 0.0, 1.0], &[0.0, 15.0, 30.0]);
    }

    #[test]
    fn too_many_labels_are_pressed_together_evenly() {
        let mut places = vec![0.0; 11];
        spread(&mut places, 15.0, 0.0, 100.0);
        assert!(places.iter().all(|place| (0.0..=100.0).contains(place)), "{places:?}");
        assert!((places[10] - places[9] - 10.0).abs() < 1e-6, "{places:?}");
    }
}
