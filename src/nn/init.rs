use super::Scalar;
use ndarray::{Array1, Array2};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
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

    /// Standard deviation of the weights of a layer.
    pub fn deviation(self, inputs: usize, outputs: usize) -> f64 {
        let (inputs, outputs) = (inputs as f64, outputs as f64);
        match self {
            Self::Zero => 0.0,
            Self::Normal => 1.0,
            Self::Xavier => (2.0 / (inputs + outputs)).sqrt(),
            Self::He => (2.0 / inputs).sqrt(),
            Self::Lecun => (1.0 / inputs).sqrt(),
        }
    }

    /// Weights `[inputs, outputs]` of a fresh layer.
    pub(super) fn draw<S: Scalar>(
        self,
        inputs: usize,
        outputs: usize,
        rng: &mut impl Rng,
    ) -> Array2<S> {
        let deviation = self.deviation(inputs, outputs);
        Array2::from_shape_simple_fn((inputs, outputs), || normal(deviation, rng))
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

    /// Biases `[units]` of a fresh layer.
    pub(super) fn draw<S: Scalar>(self, units: usize, rng: &mut impl Rng) -> Array1<S> {
        match self {
            Self::Zero => Array1::zeros(units),
            Self::Normal => Array1::from_shape_simple_fn(units, || normal(1.0, rng)),
        }
    }
}

/// Drawn in double precision, so that `f32` and `f64` networks of one seed differ by rounding only.
fn normal<S: Scalar>(deviation: f64, rng: &mut impl Rng) -> S {
    let unit: f64 = StandardNormal.sample(rng);
    S::from_f64(deviation * unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    fn deviation_of(values: &Array2<f64>) -> f64 {
        values.mapv(|v| v * v).mean().unwrap().sqrt()
    }

    #[test]
    fn weights_have_the_deviation_of_their_paper() {
        for (init, expected) in [
            (Init::Zero, 0.0),
            (Init::Normal, 1.0),
            (Init::Xavier, (2.0_f64 / 500.0).sqrt()),
            (Init::He, (2.0_f64 / 400.0).sqrt()),
            (Init::Lecun, (1.0_f64 / 400.0).sqrt()),
        ] {
            let weights = init.draw(400, 100, &mut StdRng::seed_from_u64(1));
            let found = deviation_of(&weights);
            // One standard error of a deviation from 40,000 draws is 0.35 %.
            assert!(
                (found - expected).abs() <= 0.015 * expected,
                "{init:?}: {found}"
            );
            assert!(weights.mean().unwrap().abs() <= 0.02 * expected);
        }
    }

    #[test]
    fn one_seed_gives_the_same_weights_in_both_precisions() {
        let single: Array2<f32> = Init::He.draw(20, 10, &mut StdRng::seed_from_u64(7));
        let double: Array2<f64> = Init::He.draw(20, 10, &mut StdRng::seed_from_u64(7));
        assert_eq!(single, double.mapv(|v| v as f32));
        let other: Array2<f32> = Init::He.draw(20, 10, &mut StdRng::seed_from_u64(8));
        assert_ne!(single, other);
    }

    #[test]
    fn biases_are_zero_or_normal() {
        let rng = &mut StdRng::seed_from_u64(1);
        let biases: Array1<f32> = BiasInit::Zero.draw(3, rng);
        assert_eq!(biases, Array1::<f32>::zeros(3));
        let biases: Array1<f64> = BiasInit::Normal.draw(10_000, rng);
        let deviation = biases.mapv(|b| b * b).mean().unwrap().sqrt();
        assert!((deviation - 1.0).abs() < 0.03, "{deviation}");
    }
}
