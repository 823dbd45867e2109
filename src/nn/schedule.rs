use serde::{Deserialize, Serialize};

/// How the learning rate changes over a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    Constant,
    /// Halved after each quarter of the run.
    Step,
    /// `½(1 + cos πt)`: from the full rate to 0 (Loshchilov and Hutter 2017).
    Cosine,
    /// Up from 0 over the first tenth, then cosine to 0 (after Smith and Topin 2018).
    OneCycle,
}

impl Schedule {
    pub const ALL: [Self; 4] = [Self::Constant, Self::Step, Self::Cosine, Self::OneCycle];

    pub fn label(self) -> &'static str {
        match self {
            Self::Constant => "Constant",
            Self::Step => "Step (half every quarter)",
            Self::Cosine => "Cosine to 0",
            Self::OneCycle => "One-cycle with warm-up",
        }
    }

    /// The factor on the learning rate at `progress` 0..=1 of the run.
    pub fn factor(self, progress: f64) -> f64 {
        let _ = progress;
        todo!()
    }
}
