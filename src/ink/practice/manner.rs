use std::ops::Range;

/// The kind of writer that a hand belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    Careful,
    Round,
    Slanted,
    Hurried,
    Childlike,
    Old,
}

/// What the hands of one manner have in common: each takes its own value from every range. Lengths are in digit heights.
#[derive(Clone, Debug)]
pub(super) struct Habits {
    /// Standard deviation of each place from one digit to the next.
    pub(super) unsteadiness: Range<f32>,
    /// How far x moves to the right for each height that the pen rises.
    pub(super) slant: Range<f32>,
    /// Width, as a multiple of the ways' own.
    pub(super) aspect: Range<f32>,
    /// How round the curve is between its places: 0 for straight lines, 0.5 for Catmull and Rom's.
    pub(super) roundness: Range<f32>,
    /// How much of the way is smoothed into one movement.
    pub(super) haste: Range<f32>,
    /// Heights a moment of the pen, where the way is straight.
    pub(super) pace: Range<f32>,
    /// Standard deviation of the trembling.
    pub(super) tremor: Range<f32>,
    /// How much longer strokes become at their ends, as a part of their first and last pieces.
    pub(super) overshoot: Range<f32>,
    /// Length of the hooks where the pen comes down and goes up.
    pub(super) hook: Range<f32>,
    /// Standard deviation of the place of each stroke.
    pub(super) misplacement: Range<f32>,
}

impl Manner {
    pub(super) const ALL: [Self; 6] = [
        Self::Careful,
        Self::Round,
        Self::Slanted,
        Self::Hurried,
        Self::Childlike,
        Self::Old,
    ];

    pub(super) fn habits(self) -> Habits {
        let careful = Habits {
            unsteadiness: 0.006..0.016,
            slant: -0.1..0.2,
            aspect: 0.82..1.2,
            roundness: 0.42..0.54,
            haste: 0.0..0.03,
            pace: 0.03..0.05,
            tremor: 0.0..0.002,
            overshoot: -0.1..0.1,
            hook: 0.0..0.0,
            misplacement: 0.0..0.015,
        };
        match self {
            Self::Careful => careful,
            Self::Round => Habits {
                unsteadiness: 0.01..0.025,
                aspect: 0.9..1.5,
                roundness: 0.5..0.6,
                haste: 0.02..0.06,
                ..careful
            },
            Self::Slanted => Habits {
                unsteadiness: 0.01..0.025,
                slant: 0.25..0.65,
                aspect: 0.8..1.15,
                haste: 0.01..0.06,
                pace: 0.04..0.07,
                hook: 0.0..0.04,
                ..careful
            },
            Self::Hurried => Habits {
                unsteadiness: 0.017..0.03,
                slant: -0.05..0.5,
                aspect: 0.78..1.4,
                roundness: 0.42..0.6,
                haste: 0.03..0.075,
                pace: 0.06..0.1,
                tremor: 0.0..0.002,
                overshoot: -0.1..0.45,
                hook: 0.0..0.09,
                misplacement: 0.01..0.05,
            },
            Self::Childlike => Habits {
                unsteadiness: 0.017..0.03,
                slant: -0.25..0.15,
                aspect: 0.82..1.5,
                roundness: 0.3..0.5,
                pace: 0.02..0.04,
                tremor: 0.001..0.0035,
                overshoot: -0.25..0.3,
                misplacement: 0.01..0.045,
                ..careful
            },
            Self::Old => Habits {
                unsteadiness: 0.012..0.025,
                slant: -0.05..0.45,
                haste: 0.0..0.04,
                pace: 0.02..0.035,
                tremor: 0.0025..0.006,
                overshoot: -0.15..0.2,
                misplacement: 0.005..0.03,
                ..careful
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manner_shows_where_it_differs_from_careful_writing() {
        let [careful, round, slanted, hurried, childlike, old] = Manner::ALL.map(Manner::habits);
        assert!(round.roundness.start >= careful.roundness.start);
        assert!(slanted.slant.start > careful.slant.end);
        assert!(hurried.haste.start >= careful.haste.end);
        assert!(hurried.pace.start > careful.pace.end);
        assert!(childlike.unsteadiness.start > careful.unsteadiness.end);
        assert!(old.tremor.start > careful.tremor.end);
    }
}
