use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use std::fmt;

/// A number that is neither NaN nor too large for `f32`.
pub(super) struct Finite(pub(super) f32);

/// Rows of numbers, kept one after the other.
///
/// A row costs no memory beyond its numbers, so a file cannot ask for many times its own size.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) count: usize,
    /// Length of the first row.
    pub(super) width: usize,
    /// The first row of another length: its place from 0 and its length.
    pub(super) ragged: Option<(usize, usize)>,
    pub(super) values: Vec<f32>,
}

impl<'de> Deserialize<'de> for Finite {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A visitor and not a check afterwards: only errors from within it are given their place in the text.
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Finite;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a number")
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Finite, E> {
                let number = number as f32;
                if number.is_finite() {
                    Ok(Finite(number))
                } else {
                    Err(E::custom("the number is too large"))
                }
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Finite, E> {
                Ok(Finite(number as f32))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Finite, E> {
                Ok(Finite(number as f32))
            }
        }
        deserializer.deserialize_f32(Number)
    }
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AllRows;
        impl<'de> Visitor<'de> for AllRows {
            type Value = Rows;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a list with the weights of each unit")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Rows, A::Error> {
                let mut all = Rows::default();
                while let Some(length) = rows.next_element_seed(Row(&mut all.values))? {
                    if all.count == 0 {
                        all.width = length;
                    } else if length != all.width && all.ragged.is_none() {
                        all.ragged = Some((all.count, length));
                    }
                    all.count += 1;
                }
                Ok(all)
            }
        }
        deserializer.deserialize_seq(AllRows)
    }
}

/// Reads one row to the end of the values that there are, and says how long it was.
struct Row<'a>(&'a mut Vec<f32>);

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of weights")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<usize, A::Error> {
        let before = self.0.len();
        while let Some(Finite(number)) = numbers.next_element()? {
            self.0.push(number);
        }
        Ok(self.0.len() - before)
    }
}
