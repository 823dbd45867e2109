use super::{ExamplePass, UnitPlace};

/// What every unit of the next layer wishes of one unit, and the sum that goes on backward.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitWishes {
    /// One for each unit of the next layer, in their order.
    pub wishes: Vec<Wish>,
    /// `−∂C/∂a`: above 0 the unit should rise.
    pub sum: f32,
}

/// The wish of one unit for a unit of the layer before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wish {
    /// The unit that wishes.
    pub of: usize,
    /// Its `−δ`: which way and how much its own sum should move.
    pub own: f32,
    /// The weight between the two.
    pub weight: f32,
}

impl Wish {
    /// `−δ·w`: above 0 the unit before should rise.
    pub fn value(&self) -> f32 {
        self.own * self.weight
    }
}

impl UnitWishes {
    /// `None` for an output, of which no layer wishes anything, and for a unit that is not there.
    pub fn new(pass: &ExamplePass, place: UnitPlace) -> Option<Self> {
        if !pass.holds(place) || place.layer >= pass.layers() {
            return None;
        }
        let weights = pass.network.layers()[place.layer].weights.row(place.unit);
        let deltas = pass.delta(place.layer + 1);
        let wishes = weights
            .iter()
            .zip(deltas)
            .enumerate()
            .map(|(of, (&weight, &delta))| Wish {
                of,
                own: -delta,
                weight,
            })
            .collect();
        Some(Self {
            wishes,
            sum: -pass.pull(place.layer)[place.unit],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::pass::tests::{close, passes};
    use super::*;

    #[test]
    fn the_wishes_add_up_to_what_goes_on_backward() {
        for pass in passes() {
            for layer in 0..3 {
                for unit in 0..pass.sizes()[layer] {
                    let found = UnitWishes::new(&pass, UnitPlace { layer, unit }).unwrap();
                    assert_eq!(found.wishes.len(), pass.sizes()[layer + 1]);
                    let sum: f32 = found.wishes.iter().map(Wish::value).sum();
                    assert!(close(sum, found.sum), "{sum} {}", found.sum);
                }
            }
            let output = UnitPlace { layer: 3, unit: 0 };
            assert_eq!(UnitWishes::new(&pass, output), None);
        }
    }
}
