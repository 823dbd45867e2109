use super::Gate;
use crate::data::Examples;
use crate::ink::unit;
use crate::nn::{Activation, Network};
use ndarray::{Array2, ArrayView1};
use serde::{Deserialize, Serialize};

/// What was fitted to one network on validation examples, so that its answers mean what they say.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// `T` of temperature scaling (Guo et al., ICML 2017): the probabilities are `softmax(z / T)`.
    pub temperature: f32,
    /// Ink of which [`Gate::likeness`] says less than this is refused. `None`, as usual: the gate's own limit holds,
    /// because few of the validation examples are below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likeness_limit: Option<f32>,
    /// Validation examples that it was fitted to.
    pub examples: u32,
}

/// Why the numbers of a calibration cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum WrongCalibration {
    #[error("the temperature is {found}, but it must be between {low} and {high}",
        low = Calibration::TEMPERATURES[0], high = Calibration::TEMPERATURES[1])]
    Temperature { found: f32 },
    #[error("the likeness limit is {found}, but it must be between 0 and 1")]
    Likeness { found: f32 },
}

/// A gate that refuses a greater share of a network's own validation examples does not know their kind.
const TOO_MANY_REFUSED: f64 = 0.02;

/// The share of validation digits that may be refused, where a limit is chosen by them.
pub(super) const REFUSED: f64 = 0.01;

/// Rows of a forward pass.
const CHUNK: usize = 250;

impl Calibration {
    /// Fewer validation examples say nothing about the outer per cent.
    pub const FEWEST_EXAMPLES: usize = 300;

    /// No useful network is further from calibrated than this.
    pub const TEMPERATURES: [f32; 2] = [0.02, 50.0];

    /// Fits `network` to `validation`, which it was not trained on; `None` where there are too few examples.
    ///
    /// The temperature minimises the mean negative log-likelihood. Where `gate` would refuse more than 2 % of the
    /// examples, as of data that are no digits, a limit of their own lets 99 % pass. Takes one forward pass.
    pub fn fit(network: &Network, gate: Option<&Gate>, validation: &Examples) -> Option<Self> {
        if validation.len() < Self::FEWEST_EXAMPLES {
            return None;
        }
        let activation = network.architecture().output;
        let mut strengths = Vec::with_capacity(validation.len());
        let mut likeness = Vec::with_capacity(validation.len());
        answer_in_chunks(network, validation, |x, outputs, labels| {
            likeness.extend(gate.map_or_else(Vec::new, |gate| gate.likeness_of_rows(x)));
            for (row, &label) in outputs.rows().into_iter().zip(labels) {
                strengths.push((logits(activation, row), usize::from(label)));
            }
        });
        let is_too_strict = |gate: &Gate| {
            let is_refused = |likeness: &&f32| **likeness < gate.least_likeness();
            let refused = likeness.iter().filter(is_refused).count();
            refused as f64 > TOO_MANY_REFUSED * validation.len() as f64
        };
        Some(Self {
            temperature: temperature(&strengths),
            likeness_limit: gate
                .is_some_and(is_too_strict)
                .then(|| quantile(&mut likeness, REFUSED)),
            examples: u32::try_from(validation.len()).ok()?,
        })
    }

    /// The probabilities of the digits, `softmax(z / T)`, for the `outputs` of a network with this output activation.
    pub fn probabilities(&self, activation: Activation, outputs: ArrayView1<'_, f32>) -> Vec<f32> {
        softened(&logits(activation, outputs), self.temperature.into())
            .into_iter()
            .map(|probability| probability as f32)
            .collect()
    }

    /// Whether the numbers can be used, as where a file has them.
    pub fn check(&self) -> Result<(), WrongCalibration> {
        let [low, high] = Self::TEMPERATURES;
        // A NaN is in no range.
        if !(low..=high).contains(&self.temperature) {
            return Err(WrongCalibration::Temperature {
                found: self.temperature,
            });
        }
        match self.likeness_limit {
            Some(found) if !(0.0..=1.0).contains(&found) => {
                Err(WrongCalibration::Likeness { found })
            }
            _ => Ok(()),
        }
    }
}

/// `softmax(z / T)`, in double precision.
pub fn softened(logits: &[f64], temperature: f64) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = logits
        .iter()
        .map(|z| ((z - largest) / temperature).exp())
        .collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

/// What the outputs of a row say about the digits before any softmax, up to a constant: `ln a` of softmax outputs,
/// `ln(a / (1 − a))` of sigmoid outputs, and other outputs as they are.
fn logits(activation: Activation, outputs: ArrayView1<'_, f32>) -> Vec<f64> {
    // An output that `f32` cannot tell from 0 or 1 is finite all the same.
    let ln = |a: f64| a.max(f64::from(f32::MIN_POSITIVE)).ln();
    outputs
        .iter()
        .map(|&a| f64::from(a))
        .map(|a| match activation {
            Activation::Softmax => ln(a),
            Activation::Sigmoid => ln(a) - ln((1.0 - a).max(f64::from(f32::EPSILON) / 4.0)),
            _ => a,
        })
        .collect()
}

/// The temperature that minimises `−Σ ln softmax(z / T)` of the truths, which is convex in `1 / T`: a golden-section
/// search for `1 / T`, on a logarithmic scale.
fn temperature(examples: &[(Vec<f64>, usize)]) -> f32 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let cost = |ln_t: f64| -> f64 {
        let inverse = (-ln_t).exp();
        examples
            .iter()
            .map(|(z, truth)| {
                let largest = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let sum: f64 = z.iter().map(|z| ((z - largest) * inverse).exp()).sum();
                sum.ln() - z.get(*truth).map_or(0.0, |z| (z - largest) * inverse)
            })
            .sum()
    };
    let [low, high] = Calibration::TEMPERATURES;
    let [mut low, mut high] = [f64::from(low).ln(), f64::from(high).ln()];
    while high - low > 1e-4 {
        let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
        if cost(left) < cost(right) {
            high = right;
        } else {
            low = left;
        }
    }
    ((low + high) / 2.0).exp() as f32
}

/// The value that a share of `part` of `values` lies below.
pub(super) fn quantile(values: &mut [f32], part: f64) -> f32 {
    values.sort_by(f32::total_cmp);
    let index = (part * values.len() as f64) as usize;
    values.get(index).copied().unwrap_or(0.0)
}

/// Calls `look` with the inputs `[n, 784]`, the outputs `[n, 10]` and the labels of all examples, some at a time.
pub(super) fn answer_in_chunks(
    network: &Network,
    examples: &Examples,
    mut look: impl FnMut(&Array2<f32>, &Array2<f32>, &[u8]),
) {
    for start in (0..examples.len()).step_by(CHUNK) {
        let end = (start + CHUNK).min(examples.len());
        let x = Array2::from_shape_fn((end - start, network.input_size()), |(row, input)| {
            unit(examples.image(start + row)[input])
        });
        let labels: Vec<u8> = (start..end).map(|index| examples.label(index)).collect();
        look(&x, &network.forward(x.view()), &labels);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answering::Reliability;
    use ndarray::{Array1, array};

    /// 100 examples of two classes with z = (2, 0), of which so many are of the first class.
    fn two_classes(right: usize) -> Vec<(Vec<f64>, usize)> {
        (0..100)
            .map(|index| (vec![2.0, 0.0], usize::from(index >= right)))
            .collect()
    }

    #[test]
    fn the_temperature_makes_the_confidence_what_comes_true() {
        // 1/(1 + e^(−2/T)) = 0.75 where T = 2 / ln 3.
        let found = f64::from(temperature(&two_classes(75)));
        assert!((found - 2.0 / 3.0_f64.ln()).abs() < 1e-3, "{found}");
        // And 0.9 where T = 2 / ln 9.
        let found = f64::from(temperature(&two_classes(90)));
        assert!((found - 2.0 / 9.0_f64.ln()).abs() < 1e-3, "{found}");
    }

    #[test]
    fn the_temperature_of_a_faultless_or_a_hopeless_network_stays_in_range() {
        for right in [0, 100] {
            let calibration = Calibration {
                temperature: temperature(&two_classes(right)),
                likeness_limit: None,
                examples: 100,
            };
            assert_eq!(calibration.check(), Ok(()));
        }
    }

    /// Five hundred examples of three classes whose truths are drawn from softmax(z / 1.8), from the generator
    /// s ← 1664525 s + 1013904223 (mod 2³²), s = 1 at first.
    fn drawn_examples() -> Vec<(Vec<f64>, usize)> {
        let mut state = 1_u32;
        let mut draw = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state) / 2.0_f64.powi(32)
        };
        (0..500)
            .map(|_| {
                let z: Vec<f64> = (0..3).map(|_| 6.0 * (draw() - 0.5)).collect();
                let p = softened(&z, 1.8);
                let u = draw();
                let truth = usize::from(u > p[0]) + usize::from(u > p[0] + p[1]);
                (z, truth)
            })
            .collect()
    }

    #[test]
    fn temperature_and_error_are_those_of_pytorch_and_numpy() {
        let examples = drawn_examples();
        // torch.optim.LBFGS on the cross-entropy of z / T in double precision, PyTorch 2.15.
        let found = f64::from(temperature(&examples));
        assert!((found - 1.628_088).abs() < 2e-4, "{found}");
        // numpy 2.4: bins by np.digitize(confidence, np.linspace(0, 1, 16)[1:-1], right=True).
        let mut reliability = Reliability::default();
        for (z, truth) in &examples {
            let p = softened(z, 1.0);
            let answer = (0..3).fold(0, |best, i| if p[i] > p[best] { i } else { best });
            reliability.add(p[answer], answer == *truth);
        }
        let found = reliability.expected_calibration_error();
        assert!((found - 0.107_174_847_76).abs() < 1e-9, "{found}");
    }

    #[test]
    fn tempering_softmax_outputs_is_tempering_their_sums() {
        let z = [1.5_f64, -0.5, 0.25];
        let outputs: Array1<f32> = softened(&z, 1.0).iter().map(|&p| p as f32).collect();
        let calibration = Calibration {
            temperature: 2.5,
            likeness_limit: None,
            examples: 1,
        };
        let found = calibration.probabilities(Activation::Softmax, outputs.view());
        for (found, expected) in found.iter().zip(softened(&z, 2.5)) {
            assert!((f64::from(*found) - expected).abs() < 1e-6);
        }
        // A power of the probabilities, renormalised: p^(1/T).
        let power = |p: f32| f64::from(p).powf(1.0 / 2.5);
        let sum: f64 = outputs.iter().map(|&p| power(p)).sum();
        assert!((f64::from(found[0]) - power(outputs[0]) / sum).abs() < 1e-6);
    }

    #[test]
    fn outputs_of_every_kind_become_probabilities() {
        let calibration = Calibration {
            temperature: 1.3,
            likeness_limit: None,
            examples: 1,
        };
        for activation in Activation::ALL {
            for outputs in [array![0.0_f32, 1.0, 0.3], array![0.2, 0.1, 0.0]] {
                let found = calibration.probabilities(activation, outputs.view());
                let sum: f32 = found.iter().sum();
                assert!((sum - 1.0).abs() < 1e-5, "{activation:?}: {found:?}");
                let strongest = crate::nn::argmax(ArrayView1::from(&found));
                assert_eq!(strongest, crate::nn::argmax(outputs.view()));
            }
        }
    }

    #[test]
    fn a_number_that_cannot_be_is_named() {
        let good = Calibration {
            temperature: 1.0,
            likeness_limit: Some(0.1),
            examples: 5000,
        };
        assert_eq!(good.check(), Ok(()));
        for (temperature, likeness_limit, sentence) in [
            (
                0.0,
                Some(0.1),
                "the temperature is 0, but it must be between 0.02 and 50",
            ),
            (
                f32::NAN,
                Some(0.1),
                "the temperature is NaN, but it must be between 0.02 and 50",
            ),
            (
                1.0,
                Some(1.5),
                "the likeness limit is 1.5, but it must be between 0 and 1",
            ),
        ] {
            let wrong = Calibration {
                temperature,
                likeness_limit,
                ..good
            };
            assert_eq!(wrong.check().unwrap_err().to_string(), sentence);
        }
    }

    #[test]
    fn a_share_of_the_values_lies_below_the_quantile() {
        let mut values: Vec<f32> = (0..1000).rev().map(|value| value as f32).collect();
        let limit = quantile(&mut values, 0.007);
        assert_eq!(values.iter().filter(|&&value| value < limit).count(), 7);
        assert_eq!(quantile(&mut [], 0.5), 0.0);
    }
}
