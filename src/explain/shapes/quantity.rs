use std::fmt;

/// A matrix on the tape; layers are counted from 1, `Activations(0)` is the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// `Aˡ`, or `X`.
    Activations(usize),
    /// `Wˡ`
    Weights(usize),
    /// `bˡ`
    Biases(usize),
    /// `Zˡ`
    Sums(usize),
    /// `Y`
    Truths,
    /// `C`, the mean over the examples.
    Cost,
    /// `∂C/∂Aˡ`
    ActivationSlopes(usize),
    /// `δˡ = ∂C/∂Zˡ`
    Errors(usize),
    /// `∂C/∂Wˡ`
    WeightGradients(usize),
    /// `∂C/∂bˡ`
    BiasGradients(usize),
}

impl Quantity {
    /// Whether it is found on the way back.
    pub fn is_backward(self) -> bool {
        matches!(
            self,
            Self::ActivationSlopes(_)
                | Self::Errors(_)
                | Self::WeightGradients(_)
                | Self::BiasGradients(_)
        )
    }

    /// The layer that it belongs to, from 1; 0 for the input, the truths and the cost.
    pub fn layer(self) -> usize {
        match self {
            Self::Activations(layer)
            | Self::Weights(layer)
            | Self::Biases(layer)
            | Self::Sums(layer)
            | Self::ActivationSlopes(layer)
            | Self::Errors(layer)
            | Self::WeightGradients(layer)
            | Self::BiasGradients(layer) => layer,
            Self::Truths | Self::Cost => 0,
        }
    }

    /// What it is, in words: "the weights of layer 2".
    pub fn words(self) -> String {
        match self {
            Self::Activations(0) => "the inputs, one example a row".to_owned(),
            Self::Activations(layer) => format!("the activations of layer {layer}"),
            Self::Weights(layer) => format!("the weights of layer {layer}"),
            Self::Biases(layer) => format!("the biases of layer {layer}"),
            Self::Sums(layer) => format!("the weighted sums of layer {layer}"),
            Self::Truths => "what the outputs should be".to_owned(),
            Self::Cost => "the mean cost of the mini-batch".to_owned(),
            Self::ActivationSlopes(layer) => {
                format!("how the cost depends on the activations of layer {layer}")
            }
            Self::Errors(layer) => format!("how the cost depends on the sums of layer {layer}"),
            Self::WeightGradients(layer) => {
                format!("how the cost depends on the weights of layer {layer}")
            }
            Self::BiasGradients(layer) => {
                format!("how the cost depends on the biases of layer {layer}")
            }
        }
    }
}

impl fmt::Display for Quantity {
    /// "X", "W¹", "∂C/∂b²".
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Activations(0) => formatter.write_str("X"),
            Self::Activations(layer) => write!(formatter, "A{}", raised(*layer)),
            Self::Weights(layer) => write!(formatter, "W{}", raised(*layer)),
            Self::Biases(layer) => write!(formatter, "b{}", raised(*layer)),
            Self::Sums(layer) => write!(formatter, "Z{}", raised(*layer)),
            Self::Truths => formatter.write_str("Y"),
            Self::Cost => formatter.write_str("C"),
            Self::ActivationSlopes(layer) => write!(formatter, "∂C/∂A{}", raised(*layer)),
            Self::Errors(layer) => write!(formatter, "δ{}", raised(*layer)),
            Self::WeightGradients(layer) => write!(formatter, "∂C/∂W{}", raised(*layer)),
            Self::BiasGradients(layer) => write!(formatter, "∂C/∂b{}", raised(*layer)),
        }
    }
}

/// 12 as "¹²".
fn raised(number: usize) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digits = number.to_string();
    let digits = digits.bytes().map(|digit| usize::from(digit - b'0'));
    digits.map(|digit| RAISED[digit]).collect()
}
