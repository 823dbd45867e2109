/// One step of the way forward and back. The weights change in [`Step::Update`] and nowhere before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Step {
    /// The drawing as `A⁰`.
    #[default]
    Input,
    /// `Zˡ` and `Aˡ` of a layer.
    Forward { layer: usize },
    /// The cost, term by term.
    Cost,
    /// `δᴸ` of the last layer.
    OutputDelta,
    /// `∂C/∂Wˡ` and `∂C/∂bˡ` of a layer.
    Gradients { layer: usize },
    /// What the layer after this one wishes of it: `∂C/∂Aˡ`.
    Wishes { layer: usize },
    /// `δˡ` of a hidden layer.
    Delta { layer: usize },
    /// All weights and biases at once.
    Update,
    /// The same drawing through the changed network.
    ForwardAgain,
}

impl Step {
    /// All steps of a network with `layers` layers of weights, in their order.
    pub fn all(layers: usize) -> Vec<Self> {
        let forward = (1..=layers).map(|layer| Self::Forward { layer });
        let backward = (1..=layers).rev().flat_map(|layer| {
            let before = layer.checked_sub(1).filter(|before| *before > 0);
            let onwards = before.map(|layer| [Self::Wishes { layer }, Self::Delta { layer }]);
            std::iter::once(Self::Gradients { layer }).chain(onwards.into_iter().flatten())
        });
        std::iter::once(Self::Input)
            .chain(forward)
            .chain([Self::Cost, Self::OutputDelta])
            .chain(backward)
            .chain([Self::Update, Self::ForwardAgain])
            .collect()
    }

    /// The layer whose numbers the step finds.
    pub fn layer(self, layers: usize) -> Option<usize> {
        match self {
            Self::Input => Some(0),
            Self::Forward { layer }
            | Self::Gradients { layer }
            | Self::Wishes { layer }
            | Self::Delta { layer } => Some(layer),
            Self::Cost | Self::OutputDelta | Self::ForwardAgain => Some(layers),
            Self::Update => None,
        }
    }

    /// Whether the step goes from the cost towards the input.
    pub fn is_backward(self) -> bool {
        matches!(
            self,
            Self::OutputDelta | Self::Gradients { .. } | Self::Wishes { .. } | Self::Delta { .. }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_of_two_layers_stand_in_the_order_of_the_texts() {
        assert_eq!(
            Step::all(2),
            [
                Step::Input,
                Step::Forward { layer: 1 },
                Step::Forward { layer: 2 },
                Step::Cost,
                Step::OutputDelta,
                Step::Gradients { layer: 2 },
                Step::Wishes { layer: 1 },
                Step::Delta { layer: 1 },
                Step::Gradients { layer: 1 },
                Step::Update,
                Step::ForwardAgain,
            ]
        );
    }

    #[test]
    fn a_network_of_any_depth_is_updated_once_and_after_all_gradients() {
        for layers in 1..8 {
            let steps = Step::all(layers);
            let update = steps.iter().position(|step| *step == Step::Update).unwrap();
            assert_eq!(update + 2, steps.len(), "only the check comes after it");
            for layer in 1..=layers {
                let gradients = steps
                    .iter()
                    .position(|step| *step == Step::Gradients { layer });
                assert!(gradients.unwrap() < update);
            }
            let updates = steps.iter().filter(|step| **step == Step::Update);
            assert_eq!(updates.count(), 1);
        }
    }
}
