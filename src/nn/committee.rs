use super::{Activation, Architecture, Cost, Layer, Network, NetworkError, Scalar};
use ndarray::{Array1, Array2, s};

/// Why networks cannot answer as one. Networks are counted from 1, in the order that they were given in.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CommitteeError {
    #[error("a committee needs at least two networks")]
    TooFew,
    #[error("network {number} has {layers} layers, but network 1 has {first}")]
    Depth {
        number: usize,
        layers: usize,
        first: usize,
    },
    #[error(
        "network {number} has {inputs} inputs and {outputs} outputs, but network 1 has {first_inputs} and {first_outputs}"
    )]
    Ends {
        number: usize,
        inputs: usize,
        outputs: usize,
        first_inputs: usize,
        first_outputs: usize,
    },
    #[error("layer {layer} of network {number} has the activation {}, but that of network 1 has {}", found.label(), first.label())]
    Activation {
        number: usize,
        layer: usize,
        found: Activation,
        first: Activation,
    },
    #[error("network {number} was trained with the cost {}, but network 1 with {}", found.label(), first.label())]
    Cost {
        number: usize,
        found: Cost,
        first: Cost,
    },
    #[error(transparent)]
    Network(#[from] NetworkError),
}

impl<S: Scalar> Network<S> {
    /// The members side by side as one network: a hidden layer holds the units of all, with weights of 0 between those
    /// of different members, and the output's `Z` is the mean of theirs. With softmax at the output that is the
    /// geometric mean of their probabilities, made to sum to 1.
    ///
    /// Networks that were trained from different seeds err differently, and their mean errs less than each (Hansen and
    /// Salamon, IEEE TPAMI 12, 1990; on MNIST Meier et al., ICDAR 2011). It can be trained further like any other, and
    /// the weights between its members then become other than 0.
    pub fn committee(members: &[&Self]) -> Result<Self, CommitteeError> {
        let [first, others @ ..] = members else {
            return Err(CommitteeError::TooFew);
        };
        if others.is_empty() {
            return Err(CommitteeError::TooFew);
        }
        for (number, member) in (2..).zip(others) {
            first.check_beside(member, number)?;
        }
        let depth = first.layers().len();
        let sum_of = |size: fn(&Layer<S>) -> usize, l: usize| -> usize {
            members.iter().map(|member| size(&member.layers()[l])).sum()
        };
        let units = (0..depth).map(|l| match l + 1 == depth {
            false => sum_of(Layer::units, l),
            true => first.output_size(),
        });
        let sizes: Vec<usize> = std::iter::once(first.input_size()).chain(units).collect();
        Architecture {
            sizes: sizes.clone(),
            ..first.architecture()
        }
        .check()?;

        let part = S::one() / S::from_f64(members.len() as f64);
        let layers = sizes.windows(2).enumerate().map(|(l, size)| {
            let (is_first, is_last) = (l == 0, l + 1 == depth);
            let mut weights = Array2::zeros((size[0], size[1]));
            let mut biases = Array1::zeros(size[1]);
            // Where the member's inputs and units lie among those of all.
            let (mut input, mut unit) = (0, 0);
            for member in members {
                let layer = &member.layers()[l];
                let inputs = input..input + layer.inputs();
                let units = unit..unit + layer.units();
                let share = if is_last { part } else { S::one() };
                weights
                    .slice_mut(s![inputs.clone(), units.clone()])
                    .scaled_add(share, &layer.weights);
                biases
                    .slice_mut(s![units.clone()])
                    .scaled_add(share, &layer.biases);
                // All read the same input, and speak through the same output.
                input = if is_first { 0 } else { inputs.end };
                unit = if is_last { 0 } else { units.end };
            }
            Layer {
                weights,
                biases,
                activation: first.layers()[l].activation,
            }
        });
        Ok(Self::new(layers.collect(), first.cost())?)
    }

    /// Whether `member` can stand beside this network.
    fn check_beside(&self, member: &Self, number: usize) -> Result<(), CommitteeError> {
        let ends = |network: &Self| (network.input_size(), network.output_size());
        let ((inputs, outputs), (first_inputs, first_outputs)) = (ends(member), ends(self));
        if (inputs, outputs) != (first_inputs, first_outputs) {
            return Err(CommitteeError::Ends {
                number,
                inputs,
                outputs,
                first_inputs,
                first_outputs,
            });
        }
        let (layers, first) = (member.layers().len(), self.layers().len());
        if layers != first {
            return Err(CommitteeError::Depth {
                number,
                layers,
                first,
            });
        }
        let pairs = (1..).zip(self.layers().iter().zip(member.layers()));
        for (layer, (first, found)) in pairs {
            let (first, found) = (first.activation, found.activation);
            if first != found {
                return Err(CommitteeError::Activation {
                    number,
                    layer,
                    found,
                    first,
                });
            }
        }
        let (first, found) = (self.cost(), member.cost());
        if first != found {
            return Err(CommitteeError::Cost {
                number,
                found,
                first,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{BiasInit, Init};
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    fn architecture(sizes: &[usize]) -> Architecture {
        Architecture {
            sizes: sizes.to_vec(),
            hidden: Activation::Tanh,
            output: Activation::Softmax,
            cost: Cost::CrossEntropy,
        }
    }

    fn fresh(architecture: &Architecture, seed: u64) -> Network<f64> {
        let rng = &mut StdRng::seed_from_u64(seed);
        Network::init(architecture, Init::Xavier, BiasInit::Normal, rng).unwrap()
    }

    #[test]
    fn a_committee_answers_with_the_geometric_mean_of_its_members() {
        let members = [
            fresh(&architecture(&[6, 5, 4, 3]), 1),
            fresh(&architecture(&[6, 2, 7, 3]), 2),
            fresh(&architecture(&[6, 3, 1, 3]), 3),
        ];
        let committee = Network::committee(&[&members[0], &members[1], &members[2]]).unwrap();
        assert_eq!(committee.sizes(), [6, 10, 12, 3]);
        let x: Vec<f64> = (0..6).map(|i| f64::from(i) / 5.0).collect();
        let answers = members.each_ref().map(|member| member.predict(&x));
        let means: Vec<f64> = (0..3)
            .map(|k| answers.iter().map(|a| a[k]).product::<f64>().cbrt())
            .collect();
        let sum: f64 = means.iter().sum();
        let answer = committee.predict(&x);
        for k in 0..3 {
            assert!((answer[k] - means[k] / sum).abs() < 1e-12, "{answer}");
        }
    }

    #[test]
    fn the_same_network_twice_answers_as_it_does_alone() {
        for sizes in [&[6, 3][..], &[6, 4, 3], &[6, 4, 5, 3]] {
            let network = fresh(&architecture(sizes), 5);
            let committee = Network::committee(&[&network, &network]).unwrap();
            let x = [0.1, 0.9, 0.0, 0.4, 1.0, 0.3];
            let (one, two) = (network.predict(&x), committee.predict(&x));
            assert!((one - two).iter().all(|d| d.abs() < 1e-12), "{sizes:?}");
        }
    }

    #[test]
    fn networks_that_do_not_go_together_are_refused_with_the_reason() {
        let first = fresh(&architecture(&[6, 5, 3]), 1);
        let refusal = |other: &Architecture| {
            let other = fresh(other, 2);
            Network::committee(&[&first, &first, &other])
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            refusal(&architecture(&[6, 5, 4])),
            "network 3 has 6 inputs and 4 outputs, but network 1 has 6 and 3"
        );
        assert_eq!(
            refusal(&architecture(&[6, 5, 5, 3])),
            "network 3 has 3 layers, but network 1 has 2"
        );
        let mut other = architecture(&[6, 5, 3]);
        other.hidden = Activation::Relu;
        assert_eq!(
            refusal(&other),
            "layer 1 of network 3 has the activation ReLU, but that of network 1 has Tanh"
        );
        let mut other = architecture(&[6, 5, 3]);
        (other.output, other.cost) = (Activation::Sigmoid, Cost::Quadratic);
        assert!(refusal(&other).starts_with("layer 2 of network 3 has the activation Sigmoid"));
        other.hidden = Activation::Tanh;
        let quadratic = fresh(&other, 1);
        other.cost = Cost::CrossEntropy;
        assert_eq!(
            Network::committee(&[&quadratic, &fresh(&other, 2)])
                .unwrap_err()
                .to_string(),
            "network 2 was trained with the cost Cross-entropy, but network 1 with Quadratic"
        );
        for few in [&[][..], &[&first]] {
            assert_eq!(Network::committee(few), Err(CommitteeError::TooFew));
        }
    }
}
