use crate::explain::Parameter;

/// A unit of a network: the layer (0 is the input) and the unit within it, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnitPlace {
    pub layer: usize,
    pub unit: usize,
}

impl UnitPlace {
    /// The unit that a weight or bias leads to.
    pub fn target(parameter: Parameter) -> Self {
        Self {
            layer: parameter.layer() + 1,
            unit: parameter.unit(),
        }
    }

    /// The unit that a weight comes from; a bias comes from none.
    pub fn origin(parameter: Parameter) -> Option<Self> {
        parameter.from().map(|unit| Self {
            layer: parameter.layer(),
            unit,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_stands_between_two_units_and_a_bias_before_one() {
        let weight: Parameter = "W2[17,4]".parse().unwrap();
        assert_eq!(
            UnitPlace::origin(weight),
            Some(UnitPlace { layer: 1, unit: 17 })
        );
        assert_eq!(UnitPlace::target(weight), UnitPlace { layer: 2, unit: 4 });
        let bias: Parameter = "b2[4]".parse().unwrap();
        assert_eq!(UnitPlace::origin(bias), None);
        assert_eq!(UnitPlace::target(bias), UnitPlace { layer: 2, unit: 4 });
    }
}
