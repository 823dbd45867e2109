use super::normal;
use rand::Rng;
use std::f32::consts::TAU;

/// How a hand moves a pen along its way. Lengths are in digit heights, times in moments of the pen: an eightieth of a second.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Motion {
    /// Half of the length of way that becomes one movement: corners grow round, small loops smaller.
    pub(super) haste: f32,
    /// Heights a moment, where the way is straight.
    pub(super) pace: f32,
    /// Standard deviation of the trembling.
    pub(super) tremor: f32,
    /// How much the pen presses harder where it is slow.
    pub(super) pressing: f32,
}

/// Where the pen is at one moment, in digit heights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moment {
    pub(super) place: [f32; 2],
    /// As in [`Point::pressure`](crate::ink::Point::pressure).
    pub(super) pressure: f32,
}

/// Length between two places of an even way.
const STEP: f32 = 0.02;

/// Points on each piece of a curve between two places.
const POINTS_PER_PIECE: usize = 8;

/// Length over which the pen comes up to its speed, and loses it again.
const RAMP: f32 = 0.2;

/// Part of its speed that the pen keeps at the ends of a stroke.
const SPEED_AT_ENDS: f32 = 0.4;

/// A hand trembles about ten times a second.
const TREMBLE: f32 = TAU * 10.0 / 80.0;

/// Part of a tremble that is left after a moment.
const TREMBLE_LEFT: f32 = 0.9;

impl Motion {
    /// The moments of a pen that follows `way`.
    ///
    /// Its speed falls with the cube root of the curvature (the two-thirds power law: Lacquaniti, Terzuolo and
    /// Viviani, 1983), and towards the ends of the stroke.
    pub(super) fn follow(&self, way: &[[f32; 2]], rng: &mut impl Rng) -> Vec<Moment> {
        let mut places = evenly(way);
        self.hurry(&mut places);
        let Some((&first, rest)) = places.split_first() else {
            return Vec::new();
        };
        let mut shake = Shake::new(self.tremor);
        let mut moments = vec![Moment {
            place: shake.next(first, rng),
            pressure: self.pressure(SPEED_AT_ENDS),
        }];
        let (mut last, mut clock) = (first, 0.0);
        for (index, &place) in (1..).zip(rest) {
            let speed = speed_at(&places, index);
            let duration = distance(last, place) / (speed * self.pace);
            // What is left of the moment that began before this step, then whole moments.
            let mut time = 1.0 - clock;
            while time <= duration {
                let part = time / duration;
                let there = [0, 1].map(|axis| last[axis] + part * (place[axis] - last[axis]));
                moments.push(Moment {
                    place: shake.next(there, rng),
                    pressure: self.pressure(speed),
                });
                time += 1.0;
            }
            clock = 1.0 - (time - duration);
            last = place;
        }
        if !rest.is_empty() {
            moments.push(Moment {
                place: shake.next(last, rng),
                pressure: self.pressure(SPEED_AT_ENDS),
            });
        }
        moments
    }

    /// Replaces each place by the mean of those around it, twice; ends stay.
    fn hurry(&self, places: &mut Vec<[f32; 2]>) {
        let reach = (self.haste / STEP).round() as usize;
        if reach == 0 {
            return;
        }
        for _ in 0..2 {
            let last = places.len().saturating_sub(1);
            *places = (0..places.len())
                .map(|index| {
                    let reach = reach.min(index).min(last - index);
                    let near = &places[index - reach..=index + reach];
                    [0, 1].map(|axis| {
                        near.iter().map(|place| place[axis]).sum::<f32>() / near.len() as f32
                    })
                })
                .collect();
        }
    }

    /// `speed` as a part of the pace.
    fn pressure(&self, speed: f32) -> f32 {
        (0.5 + self.pressing * (0.5 - speed)).clamp(0.1, 0.9)
    }
}

/// A trembling that swings about a rhythm of its own.
struct Shake {
    kick: f32,
    /// The last two offsets.
    offsets: [[f32; 2]; 2],
}

impl Shake {
    fn new(deviation: f32) -> Self {
        // The variance of such a swing is this multiple of that of its kicks (Box and Jenkins: AR(2)).
        let (a, b) = (2.0 * TREMBLE_LEFT * TREMBLE.cos(), TREMBLE_LEFT.powi(2));
        let gain = (1.0 + b) / ((1.0 - b) * ((1.0 + b).powi(2) - a * a));
        Self {
            kick: deviation / gain.sqrt(),
            offsets: [[0.0; 2]; 2],
        }
    }

    fn next(&mut self, place: [f32; 2], rng: &mut impl Rng) -> [f32; 2] {
        let [before, last] = self.offsets;
        let offset = [0, 1].map(|axis| {
            2.0 * TREMBLE_LEFT * TREMBLE.cos() * last[axis] - TREMBLE_LEFT.powi(2) * before[axis]
                + normal(rng, self.kick)
        });
        self.offsets = [last, offset];
        [0, 1].map(|axis| place[axis] + offset[axis])
    }
}

/// A smooth curve through all places, which breaks at corners: places that are given twice.
///
/// A cardinal spline; `roundness` 0.5 is Catmull and Rom's.
pub(super) fn curve(places: &[[f32; 2]], roundness: f32) -> Vec<[f32; 2]> {
    let mut points = Vec::with_capacity(places.len() * POINTS_PER_PIECE + 1);
    points.extend(places.first());
    for index in 1..places.len() {
        let (from, to) = (places[index - 1], places[index]);
        if from == to {
            continue;
        }
        // Beyond an end or a corner the curve goes on straight.
        let before = index.checked_sub(2).map_or(from, |i| places[i]);
        let after = places.get(index + 1).copied().unwrap_or(to);
        for step in 1..=POINTS_PER_PIECE {
            let t = step as f32 / POINTS_PER_PIECE as f32;
            points.push([0, 1].map(|axis| {
                let leaving = roundness * (to[axis] - before[axis]);
                let arriving = roundness * (after[axis] - from[axis]);
                let way = to[axis] - from[axis];
                let (square, cube) = (
                    3.0 * way - 2.0 * leaving - arriving,
                    leaving + arriving - 2.0 * way,
                );
                from[axis] + t * (leaving + t * (square + t * cube))
            }));
        }
    }
    points
}

/// The same way in steps of equal length, with its two ends.
fn evenly(way: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let mut places: Vec<[f32; 2]> = way.first().copied().into_iter().collect();
    let mut since_last = 0.0;
    for pair in way.windows(2) {
        let length = distance(pair[0], pair[1]);
        let mut at = STEP - since_last;
        while at <= length {
            let part = at / length;
            places.push([0, 1].map(|axis| pair[0][axis] + part * (pair[1][axis] - pair[0][axis])));
            at += STEP;
        }
        since_last = length - (at - STEP);
    }
    if since_last > 0.0 {
        places.extend(way.last());
    }
    places
}

/// As a part of the pace: less where the way bends, and near the ends.
fn speed_at(places: &[[f32; 2]], index: usize) -> f32 {
    /// Places on each side that tell how the way bends.
    const REACH: usize = 2;

    let last = places.len() - 1;
    let to_end = index.min(last - index);
    let ramp = (to_end as f32 * STEP / RAMP)
        .sqrt()
        .clamp(SPEED_AT_ENDS, 1.0);
    let reach = REACH.min(to_end);
    if reach == 0 {
        return ramp;
    }
    let (before, here, after) = (places[index - reach], places[index], places[index + reach]);
    let [ax, ay] = [here[0] - before[0], here[1] - before[1]];
    let [bx, by] = [after[0] - here[0], after[1] - here[1]];
    let turn = (ax * by - ay * bx).atan2(ax * bx + ay * by).abs();
    let curvature = turn / (reach as f32 * STEP);
    ramp / (1.0 + curvature).cbrt()
}

fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    const CALM: Motion = Motion {
        haste: 0.0,
        pace: 0.03,
        tremor: 0.0,
        pressing: 0.3,
    };

    fn follow(motion: &Motion, way: &[[f32; 2]]) -> Vec<Moment> {
        motion.follow(way, &mut StdRng::seed_from_u64(1))
    }

    /// A corner in the middle of two straight pieces.
    fn corner() -> Vec<[f32; 2]> {
        curve(&[[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 1.0]], 0.5)
    }

    #[test]
    fn a_curve_passes_its_places_and_breaks_at_corners() {
        let points = corner();
        assert!(points.contains(&[1.0, 0.0]));
        assert_eq!(points.last(), Some(&[1.0, 1.0]));
        // Straight on both sides of the corner.
        let is_straight = |&[x, y]: &[f32; 2]| y.abs() < 1e-6 || (x - 1.0).abs() < 1e-6;
        assert!(points.iter().all(is_straight));
        let round = curve(&[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]], 0.5);
        assert!(!round.iter().all(is_straight));
    }

    #[test]
    fn the_pen_is_slower_at_a_corner_and_at_the_ends_and_presses_harder_there() {
        let moments = follow(&CALM, &corner());
        let lengths: Vec<f32> = moments
            .windows(2)
            .map(|pair| distance(pair[0].place, pair[1].place))
            .collect();
        let nearest = |place: [f32; 2]| {
            let far = |i: &usize| distance(moments[*i].place, place);
            (1..lengths.len())
                .min_by(|a, b| far(a).total_cmp(&far(b)))
                .unwrap()
        };
        let [at_corner, halfway] = [[1.0, 0.0], [0.5, 0.0]].map(nearest);
        assert!(lengths[at_corner] < 0.7 * lengths[halfway], "{lengths:?}");
        assert!(lengths[0] < 0.9 * lengths[halfway], "{lengths:?}");
        assert!(moments[at_corner].pressure > moments[halfway].pressure);
    }

    #[test]
    fn haste_cuts_corners_and_leaves_the_ends() {
        let hasty = Motion { haste: 0.1, ..CALM };
        let gap = |motion: &Motion| {
            let moments = follow(motion, &corner());
            assert_eq!(moments[0].place, [0.0, 0.0]);
            let nearest = moments.iter().map(|m| distance(m.place, [1.0, 0.0]));
            nearest.fold(f32::INFINITY, f32::min)
        };
        assert!(gap(&CALM) < 0.02);
        assert!(gap(&hasty) > 0.04);
    }

    #[test]
    fn a_trembling_hand_strays_as_far_as_it_should_and_swings() {
        let old = Motion {
            tremor: 0.01,
            ..CALM
        };
        let line: Vec<[f32; 2]> = vec![[0.0, 0.0], [30.0, 0.0]];
        let offsets: Vec<f32> = follow(&old, &line).iter().map(|m| m.place[1]).collect();
        let deviation = (offsets.iter().map(|y| y * y).sum::<f32>() / offsets.len() as f32).sqrt();
        assert!((0.007..0.013).contains(&deviation), "{deviation}");
        // Half a swing is four moments: what is up then was down.
        let product = |lag: usize| -> f32 {
            offsets
                .windows(lag + 1)
                .map(|part| part[0] * part[lag])
                .sum()
        };
        assert!(product(4) < -0.3 * product(0));
    }

    #[test]
    fn a_way_of_one_place_is_a_dot_and_none_is_nothing() {
        assert_eq!(follow(&CALM, &[[0.3, 0.4]]).len(), 1);
        assert!(follow(&CALM, &[]).is_empty());
    }
}
