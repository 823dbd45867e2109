use crate::ink::Cells;
use rand::Rng;
use serde::{Deserialize, Serialize};

/// Small changes to training images, fresh each time, so that a network meets more hands than the data holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Augmentation {
    #[default]
    None,
    /// Rotation ±8°, scale ±8 %, shear ±0.12, shift ±1 cell.
    Standard,
    /// Rotation ±13°, scale ±15 %, shear ±0.22, shift ±1.5 cells, elastic distortion
    /// (Simard, Steinkraus and Platt, ICDAR 2003).
    Strong,
}

impl Augmentation {
    pub const ALL: [Self; 3] = [Self::None, Self::Standard, Self::Strong];

    pub fn label(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Standard => "Standard",
            Self::Strong => "Strong",
        }
    }

    /// A changed copy of `cells`; `None` copies it as it is.
    pub fn apply(self, cells: &Cells, rng: &mut impl Rng) -> Cells {
        let _ = (cells, rng);
        todo!()
    }
}
