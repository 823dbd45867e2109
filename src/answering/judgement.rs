use super::{Calibration, Gate};
use crate::ink::Cells;
use crate::nn::Network;
use ndarray::ArrayView1;

/// From this calibrated probability on an answer counts as sure: four of five such answers and more are right.
pub const SURE: f32 = 0.8;

/// What can honestly be said of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The winner has a calibrated probability of at least [`SURE`].
    Sure,
    /// It has less: one of two digits, or of more.
    NotSure,
    /// The ink does not look like a digit, whatever the network says.
    NotADigit,
    /// The network was never calibrated as it is now, so nobody knows how sure it is.
    NotCalibrated,
}

/// An answer together with how far it can be trusted.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    pub verdict: Verdict,
    /// The calibrated probability of each digit, where the network is calibrated.
    pub probabilities: Option<Vec<f32>>,
    /// How much the ink looks like a digit, 0..=1, and how much it must.
    pub likeness: f32,
    pub least_likeness: f32,
}

impl Judgement {
    /// Of the `outputs` that `network` gave for `cells`.
    pub fn new(
        network: &Network,
        calibration: Option<&Calibration>,
        gate: Option<&Gate>,
        cells: &Cells,
        outputs: &[f32],
    ) -> Self {
        let activation = network.architecture().output;
        let probabilities =
            calibration.map(|fitted| fitted.probabilities(activation, ArrayView1::from(outputs)));
        let least_likeness = likeness_limit(calibration, gate);
        let likeness = gate.map_or(1.0, |gate| gate.likeness(cells));
        let confidence = probabilities
            .as_ref()
            .map(|all| all.iter().copied().fold(0.0, f32::max));
        let verdict = match confidence {
            _ if likeness < least_likeness => Verdict::NotADigit,
            None => Verdict::NotCalibrated,
            Some(confidence) if confidence >= SURE => Verdict::Sure,
            // A NaN is not sure.
            Some(_) => Verdict::NotSure,
        };
        Self {
            verdict,
            probabilities,
            likeness,
            least_likeness,
        }
    }
}

/// Of which likeness on ink is taken for a digit.
pub(super) fn likeness_limit(calibration: Option<&Calibration>, gate: Option<&Gate>) -> f32 {
    calibration
        .and_then(|fitted| fitted.likeness_limit)
        .unwrap_or(gate.map_or(0.0, Gate::least_likeness))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Cost, Layer};
    use ndarray::{Array1, Array2};

    fn network() -> Network {
        let layer = Layer {
            weights: Array2::zeros((784, 3)),
            biases: Array1::zeros(3),
            activation: Activation::Softmax,
        };
        Network::new(vec![layer], Cost::CrossEntropy).unwrap()
    }

    /// A gate for which ink in the first cell is the mark of a digit.
    fn gate() -> Gate {
        let mut weights = vec![0; 784];
        weights[0] = 9000;
        let text = format!(
            r#"{{"made_by":"","least_likeness":0.75,"layers":[{{"biases":[0],"weights":[{weights:?}]}}]}}"#
        );
        Gate::read(&text).unwrap()
    }

    fn judge(temperature: Option<f32>, has_mark: bool, outputs: &[f32]) -> Judgement {
        let calibration = temperature.map(|temperature| Calibration {
            temperature,
            likeness_limit: None,
            examples: 5000,
        });
        let mut cells = Cells::BLANK;
        cells.0[0] = if has_mark { 255 } else { 0 };
        Judgement::new(
            &network(),
            calibration.as_ref(),
            Some(&gate()),
            &cells,
            outputs,
        )
    }

    #[test]
    fn four_of_five_is_sure_and_less_is_not() {
        assert_eq!(
            judge(Some(1.0), true, &[0.81, 0.1, 0.09]).verdict,
            Verdict::Sure
        );
        let less = judge(Some(1.0), true, &[0.1, 0.79, 0.11]);
        assert_eq!(less.verdict, Verdict::NotSure);
        let probabilities = less.probabilities.unwrap();
        assert!((probabilities[1] - 0.79).abs() < 1e-6);
    }

    #[test]
    fn it_is_the_calibrated_probability_that_counts() {
        // √0.95 / (√0.95 + √0.05) = 0.813, and with cube roots 0.727.
        assert_eq!(
            judge(Some(2.0), true, &[0.95, 0.05, 0.0]).verdict,
            Verdict::Sure
        );
        assert_eq!(
            judge(Some(3.0), true, &[0.95, 0.05, 0.0]).verdict,
            Verdict::NotSure
        );
    }

    #[test]
    fn what_is_no_digit_is_said_first_and_without_a_calibration_too() {
        for temperature in [None, Some(1.0)] {
            let judgement = judge(temperature, false, &[1.0, 0.0, 0.0]);
            assert_eq!(judgement.verdict, Verdict::NotADigit);
            assert_eq!((judgement.likeness, judgement.least_likeness), (0.5, 0.75));
        }
    }

    #[test]
    fn nobody_knows_how_sure_a_network_is_that_was_not_calibrated() {
        let judgement = judge(None, true, &[1.0, 0.0, 0.0]);
        assert_eq!(judgement.verdict, Verdict::NotCalibrated);
        assert_eq!(judgement.probabilities, None);
    }
}
