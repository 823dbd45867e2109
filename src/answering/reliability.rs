/// Answers sorted by how confident they were, and how many of them were right: a reliability diagram.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reliability {
    bins: [Bin; BINS],
}

/// The answers of one range of confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Bin {
    count: u32,
    correct: u32,
    confidence_sum: f64,
}

/// As many as in Guo et al., 'On calibration of modern neural networks', ICML 2017.
const BINS: usize = 15;

impl Reliability {
    /// An answer with a confidence of 0..=1.
    pub fn add(&mut self, confidence: f64, correct: bool) {
        // Bin m holds what is above m/15, up to and with (m + 1)/15.
        let index = ((confidence * BINS as f64).ceil() as usize).clamp(1, BINS) - 1;
        let bin = &mut self.bins[index];
        bin.count += 1;
        bin.correct += u32::from(correct);
        bin.confidence_sum += confidence;
    }

    /// Answers.
    pub fn count(&self) -> u32 {
        self.bins.iter().map(|bin| bin.count).sum()
    }

    /// ECE: how far confidence and accuracy are apart, the mean over all answers, in 15 bins of equal width;
    /// 0..=1, and NaN when there are none.
    pub fn expected_calibration_error(&self) -> f64 {
        let apart: f64 = self
            .bins
            .iter()
            .map(|bin| (f64::from(bin.correct) - bin.confidence_sum).abs())
            .sum();
        apart / f64::from(self.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_the_gap_of_each_bin_weighed_by_its_answers() {
        let mut reliability = Reliability::default();
        // Bin 12/15 to 13/15: confidence 0.85, right in 1 of 2; a gap of 0.35 for 2 of 5 answers.
        reliability.add(0.82, true);
        reliability.add(0.86, false);
        // Bin 14/15 to 1: confidence 0.97, right in 3 of 3; a gap of 0.03 for 3 of 5.
        for _ in 0..3 {
            reliability.add(0.97, true);
        }
        let expected = 0.4 * (0.84 - 0.5) + 0.6 * 0.03;
        assert!((reliability.expected_calibration_error() - expected).abs() < 1e-12);
    }

    #[test]
    fn answers_that_are_as_often_right_as_they_say_have_no_error() {
        let mut reliability = Reliability::default();
        for index in 0..10 {
            reliability.add(0.7, index < 7);
        }
        assert!(reliability.expected_calibration_error() < 1e-12);
        assert!(Reliability::default().expected_calibration_error().is_nan());
    }

    #[test]
    fn the_ends_of_the_scale_belong_to_the_outer_bins() {
        let mut reliability = Reliability::default();
        for confidence in [0.0, 1e-9, 1.0, 1.0 + 1e-9] {
            reliability.add(confidence, true);
        }
        assert_eq!(
            (reliability.bins[0].count, reliability.bins[14].count),
            (2, 2)
        );
    }
}
