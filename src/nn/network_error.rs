use std::fmt;

/// Why layers do not make a network. Layers of weights are counted from 1, as people do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NetworkError {
    #[error("a network needs at least one layer of weights")]
    NoLayers,
    #[error("the network has no inputs; it needs at least 1")]
    NoInputs,
    #[error("layer {layer} has no units; it needs at least 1")]
    NoUnits { layer: usize },
    #[error("layer {layer} takes {inputs} inputs, but layer {} before it has {units} units", .layer - 1)]
    SizesDoNotFit {
        layer: usize,
        inputs: usize,
        units: usize,
    },
    #[error("layer {layer} has weights for {units} units, but {biases} biases")]
    BiasesDoNotFit {
        layer: usize,
        units: usize,
        biases: usize,
    },
    #[error(
        "layer {layer} is hidden and cannot be softmax, which is for the output layer; \
         choose another activation"
    )]
    HiddenSoftmax { layer: usize },
    #[error("{reason}")]
    CostPairing { reason: &'static str },
    #[error("{0}")]
    NotFinite(NonFinite),
    #[error(
        "layers of {} units would have more than {limit} weights and biases; make them smaller",
        .sizes.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
    )]
    TooLarge { sizes: Vec<usize>, limit: usize },
}

/// Where the first NaN or infinity of a network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NonFinite {
    /// Counted from 1, as people count layers of weights.
    pub layer: usize,
    /// In the biases rather than the weights.
    pub in_biases: bool,
}

impl fmt::Display for NonFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.in_biases { "bias" } else { "weight" };
        write!(
            f,
            "layer {} has a {kind} that is not a finite number",
            self.layer
        )
    }
}
