use super::plain;
use thiserror::Error;

/// A value or a derivative that does not exist as a number.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Undefined {
    #[error("{name} has no number yet")]
    NoNumber { name: String },
    #[error("log({}) does not exist: a logarithm can be taken of numbers above 0 only", plain(*.of))]
    Logarithm { of: f64 },
    #[error("{} ÷ 0 does not exist: nothing can be divided by 0", plain(*.dividend))]
    Division { dividend: f64 },
    #[error("0 ^ {} does not exist: it would divide by 0", plain(*.exponent))]
    PowerOfZero { exponent: f64 },
    #[error(
        "({}) ^ {} is no real number: a number below 0 has whole powers only",
        plain(*.base), plain(*.exponent)
    )]
    PowerOfNegative { base: f64, exponent: f64 },
    #[error(
        "({}) ^ {} has no derivative by its exponent: that would take the logarithm of {}",
        plain(*.base), plain(*.exponent), plain(*.base)
    )]
    SlopeByExponent { base: f64, exponent: f64 },
    #[error("the derivative of {operation} is infinite here")]
    EndlessSlope { operation: String },
    #[error("{operation} is too large to compute with")]
    TooLarge { operation: String },
}
