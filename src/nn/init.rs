use serde::{Deserialize, Serialize};

/// How the weights of a fresh layer are drawn. All but `Zero` are normal with mean 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Init {
    Zero,
    /// Variance 1: the textbook's 'large' weights.
    Normal,
    /// Variance 2 / (inputs + outputs). Glorot and Bengio, AISTATS 2010.
    Xavier,
    /// Variance 2 / inputs. He et al., ICCV 2015.
    He,
    /// Variance 1 / inputs. LeCun et al., Efficient BackProp, 1998.
    Lecun,
}

/// How the biases of a fresh layer are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BiasInit {
    Zero,
    /// Normal with mean 0 and variance 1.
    Normal,
}

impl Init {
    pub const ALL: [Self; 5] = [
        Self::Zero,
        Self::Normal,
        Self::Xavier,
        Self::He,
        Self::Lecun,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::Zero => "Zero",
            Self::Normal => "Normal (0, 1)",
            Self::Xavier => "Xavier / Glorot",
            Self::He => "He",
            Self::Lecun => "LeCun",
        }
    }
}

impl BiasInit {
    pub const ALL: [Self; 2] = [Self::Zero, Self::Normal];

    pub fn label(self) -> &'static str {
        match self {
            Self::Zero => "Zero",
            Self::Normal => "Normal (0, 1)",
        }
    }
}
