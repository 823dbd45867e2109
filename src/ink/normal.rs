use rand::{Rng, RngExt};

/// A draw of mean 0 and about this standard deviation: the sum of four even ones, which never strays far.
pub(super) fn normal(rng: &mut impl Rng, deviation: f32) -> f32 {
    let sum: f32 = (0..4).map(|_| rng.random::<f32>() - 0.5).sum();
    sum * deviation * 1.732
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    #[test]
    fn draws_have_the_deviation_that_is_asked_for_and_stay_near() {
        let mut rng = StdRng::seed_from_u64(1);
        let draws: Vec<f32> = (0..10_000).map(|_| normal(&mut rng, 0.5)).collect();
        let mean = draws.iter().sum::<f32>() / 10_000.0;
        let deviation = (draws.iter().map(|x| x * x).sum::<f32>() / 10_000.0).sqrt();
        assert!(mean.abs() < 0.02, "{mean}");
        assert!((deviation - 0.5).abs() < 0.02, "{deviation}");
        // Four halves, times 1.732.
        assert!(draws.iter().all(|x| x.abs() <= 0.5 * 3.464 + 1e-6));
    }
}
