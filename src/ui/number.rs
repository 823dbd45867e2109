//! Numbers as text: as many digits as help, a true minus sign, thousands set apart.

pub use crate::explain::{short, signed};

/// `count` with its thousands set apart: "100,480".
pub fn grouped(count: usize) -> String {
    crate::app::grouped(count as u64)
}

/// A digit with its article, for sentences: "a 7", "an 8".
pub fn a_digit(digit: usize) -> String {
    crate::app::a_digit(digit)
}
