use super::calibration::answer_in_chunks;
use super::{Calibration, Gate, Reliability, SURE};
use crate::data::Examples;
use crate::nn::{Network, argmax};

/// How far the answers of a network to a set of examples could be trusted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Honesty {
    pub examples: u32,
    /// Those that do not look like digits.
    pub refused: u32,
    /// Confidence against correctness of all answers; `None` where the network is not calibrated, as in what follows.
    pub reliability: Option<Reliability>,
    /// Not refused, and with a calibrated probability of less than [`SURE`].
    pub not_sure: Option<u32>,
    /// Not refused, sure, and right.
    pub sure_and_right: Option<u32>,
}

impl Honesty {
    pub fn of(
        network: &Network,
        calibration: Option<&Calibration>,
        gate: Option<&Gate>,
        examples: &Examples,
    ) -> Self {
        let activation = network.architecture().output;
        let limit = super::judgement::likeness_limit(calibration, gate);
        let (mut refused, mut not_sure, mut sure_and_right) = (0, 0, 0);
        let mut reliability = Reliability::default();
        answer_in_chunks(network, examples, |x, outputs, labels| {
            let likeness = gate.map(|gate| gate.likeness_of_rows(x));
            for (index, (row, &label)) in outputs.rows().into_iter().zip(labels).enumerate() {
                let answer = argmax(row);
                let is_right = answer == usize::from(label);
                let is_refused = likeness.as_ref().is_some_and(|all| all[index] < limit);
                refused += u32::from(is_refused);
                let Some(calibration) = calibration else {
                    continue;
                };
                let confidence = calibration.probabilities(activation, row)[answer];
                reliability.add(confidence.into(), is_right);
                let is_sure = confidence >= SURE;
                not_sure += u32::from(!is_refused && !is_sure);
                sure_and_right += u32::from(!is_refused && is_sure && is_right);
            }
        });
        let if_calibrated = |count| calibration.map(|_| count);
        Self {
            // A data set holds at most a million examples.
            examples: examples.len() as u32,
            refused,
            reliability: calibration.map(|_| reliability),
            not_sure: if_calibrated(not_sure),
            sure_and_right: if_calibrated(sure_and_right),
        }
    }
}
