use super::manner::Manner;
use super::motion::{Motion, curve};
use super::normal;
use super::page::{Bend, PAD, Page, draw_bend, keep_on_pad};
use super::ways::{WAYS, Way};
use crate::ink::{Drawing, Point, Stroke};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt, SeedableRng};
use std::ops::Range;

/// Standard deviation of a hand's own places from the common ones, in heights.
const OWN_SHAPE: f32 = 0.024;

/// A person who writes: preferences that hold for all their digits, each of which varies a little.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hand {
    seed: u64,
    /// For each digit, the way that it mostly writes, as an index of [`WAYS`].
    favourites: [usize; 10],
    /// How often it keeps to its favourite.
    faithfulness: f32,
    unsteadiness: f32,
    height: f32,
    aspect: f32,
    slant: f32,
    /// In radians.
    turn: f32,
    bend: Bend,
    roundness: f32,
    overshoot: f32,
    hook: f32,
    misplacement: f32,
    motion: Motion,
    pen: f32,
}

impl Hand {
    /// Always the same person for the same seed.
    pub(super) fn new(seed: u64) -> Self {
        let rng = &mut StdRng::seed_from_u64(seed);
        // Manner::ALL is not empty.
        let manner = Manner::ALL.choose(rng).copied().unwrap_or(Manner::Careful);
        let habits = manner.habits();
        let mut own =
            |range: Range<f32>| range.start + rng.random::<f32>() * (range.end - range.start);
        let unsteadiness = own(habits.unsteadiness);
        let slant = own(habits.slant);
        let aspect = own(habits.aspect);
        let roundness = own(habits.roundness);
        let overshoot = own(habits.overshoot);
        let hook = own(habits.hook);
        let misplacement = own(habits.misplacement);
        let motion = Motion {
            haste: own(habits.haste),
            pace: own(habits.pace),
            tremor: own(habits.tremor),
            pressing: own(0.0..0.5),
        };
        Self {
            seed,
            favourites: WAYS.map(|ways| choose(ways, rng)),
            faithfulness: rng.random_range(0.75..1.0),
            unsteadiness,
            height: PAD * rng.random_range(0.4..0.75),
            aspect,
            slant,
            turn: normal(rng, 0.05).clamp(-0.12, 0.12),
            bend: draw_bend(rng, 0.12),
            roundness,
            overshoot,
            hook,
            misplacement,
            motion,
            pen: rng.random_range(14.0..24.0),
        }
    }

    /// `digit` as this hand writes it this time.
    pub(super) fn write(&self, digit: u8, rng: &mut impl Rng) -> Drawing {
        let mut drawing = Drawing::new([PAD, PAD]);
        let class = usize::from(digit) % WAYS.len();
        drawing.label = Some(class as u8);
        let ways = WAYS[class];
        let way = if rng.random::<f32>() < self.faithfulness {
            self.favourites[class]
        } else {
            choose(ways, rng)
        };
        let page = self.page(class, rng);
        // What is this hand's own in this way is the same each time.
        let own = &mut StdRng::seed_from_u64(self.seed ^ (((class << 8) | way) as u64) << 40);
        for stroke in ways[way].strokes {
            drawing.strokes.push(self.stroke(stroke, &page, own, rng));
        }
        keep_on_pad(&mut drawing);
        drawing
    }

    fn stroke(
        &self,
        places: &[(i8, i8)],
        page: &Page,
        own: &mut StdRng,
        rng: &mut impl Rng,
    ) -> Stroke {
        let shift = [0; 2].map(|_| normal(rng, self.misplacement));
        let mut moved: Vec<[f32; 2]> = Vec::with_capacity(places.len() + 2);
        for (index, &(x, y)) in places.iter().enumerate() {
            let is_corner = index > 0 && places[index - 1] == places[index];
            match moved.last() {
                // Both places of a corner move together.
                Some(&corner) if is_corner => moved.push(corner),
                _ => {
                    let mut off = |axis: usize| {
                        shift[axis] + normal(own, OWN_SHAPE) + normal(rng, self.unsteadiness)
                    };
                    moved.push([
                        f32::from(x) / 100.0 - 0.35 + off(0),
                        f32::from(y) / 100.0 - 0.5 + off(1),
                    ]);
                }
            }
        }
        self.lengthen(&mut moved, rng);
        self.add_hooks(&mut moved, rng);
        let way: Vec<[f32; 2]> = curve(&moved, self.roundness)
            .into_iter()
            .map(|place| page.lay(place))
            .collect();
        let points = self.motion.follow(&way, rng).into_iter().map(|moment| {
            let [x, y] = page.on_pad(moment.place);
            Point {
                pressure: moment.pressure,
                ..Point::new(x, y)
            }
        });
        Stroke {
            points: points.collect(),
            width: self.pen,
        }
    }

    /// Lets a stroke begin and end a little earlier or later than its way.
    fn lengthen(&self, places: &mut [[f32; 2]], rng: &mut impl Rng) {
        let count = places.len();
        if count < 2 {
            return;
        }
        for (end, neighbour) in [(0, 1), (count - 1, count - 2)] {
            let part = (self.overshoot + normal(rng, 0.15)).clamp(-0.35, 0.6);
            let from = places[neighbour];
            for (value, start) in places[end].iter_mut().zip(from) {
                *value += (*value - start) * part;
            }
        }
    }

    /// A pen that comes down or goes up in haste leaves a short hook behind.
    fn add_hooks(&self, places: &mut Vec<[f32; 2]>, rng: &mut impl Rng) {
        if self.hook <= 0.0 || places.len() < 2 {
            return;
        }
        for at_end in [false, true] {
            if rng.random::<f32>() < 0.5 {
                continue;
            }
            let count = places.len();
            let (end, neighbour) = if at_end {
                (places[count - 1], places[count - 2])
            } else {
                (places[0], places[1])
            };
            let [dx, dy] = [end[0] - neighbour[0], end[1] - neighbour[1]];
            let length = dx.hypot(dy).max(1e-3);
            let side = if rng.random::<bool>() { 1.0 } else { -1.0 };
            let (sin, cos) = (side * rng.random_range(0.9..2.4_f32)).sin_cos();
            let scale = self.hook * rng.random_range(0.5..1.0) / length;
            let tip = [
                end[0] + (cos * dx - sin * dy) * scale,
                end[1] + (sin * dx + cos * dy) * scale,
            ];
            places.insert(if at_end { count } else { 0 }, tip);
        }
    }

    fn page(&self, class: usize, rng: &mut impl Rng) -> Page {
        let again = draw_bend(rng, 0.07);
        let mut bend = self.bend;
        for (value, more) in bend.iter_mut().flatten().zip(again.into_iter().flatten()) {
            *value += more;
        }
        // Nobody writes a wide 1: it would be a 7.
        let widest = if class == 1 { 0.95 } else { f32::INFINITY };
        let aspect = self.aspect.min(widest) * (1.0 + normal(rng, 0.08));
        let slant = self.slant + normal(rng, 0.05);
        let (sin, cos) = (self.turn + normal(rng, 0.04)).sin_cos();
        let height = self.height * (1.0 + normal(rng, 0.05));
        let room = (PAD - height).max(0.0) / 2.0 * 0.6;
        Page {
            bend,
            // Aspect, then slant (x moves against y, which points down), then rotation.
            matrix: [
                [cos * aspect, -cos * slant - sin],
                [sin * aspect, -sin * slant + cos],
            ],
            height,
            middle: [0; 2].map(|_| PAD / 2.0 + rng.random_range(-1.0..1.0) * room),
        }
    }
}

/// The index of a way; common ones more often.
fn choose(ways: &[Way], rng: &mut impl Rng) -> usize {
    let total: u32 = ways.iter().map(|way| u32::from(way.share)).sum();
    let mut ticket = rng.random_range(0..total);
    for (index, way) in ways.iter().enumerate() {
        match ticket.checked_sub(u32::from(way.share)) {
            Some(rest) => ticket = rest,
            None => return index,
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::{Cells, Ink, cells_of};

    /// Mean difference of the normalised pictures, in cells of full ink.
    fn difference(a: &Drawing, b: &Drawing) -> f32 {
        let [a, b]: [Cells; 2] = [a, b].map(|drawing| cells_of(Ink::Drawing(drawing)).unwrap());
        let pairs = a.0.iter().zip(&b.0);
        pairs.map(|(a, b)| f32::from(a.abs_diff(*b)) / 255.0).sum()
    }

    #[test]
    fn a_hand_is_nearer_to_itself_than_to_another_but_never_the_same() {
        let rng = &mut StdRng::seed_from_u64(1);
        let (mut own, mut other) = (0.0, 0.0);
        for seed in 0..60 {
            let hands = [seed, seed + 1000].map(Hand::new);
            assert_eq!(hands[0], Hand::new(seed));
            assert_ne!(hands[0], hands[1]);
            let digit = (seed % 10) as u8;
            let [first, again] = [0; 2].map(|_| hands[0].write(digit, rng));
            assert_ne!(first, again);
            own += difference(&first, &again);
            other += difference(&first, &hands[1].write(digit, rng));
        }
        assert!(own < 0.7 * other, "{own} {other}");
    }

    #[test]
    fn every_way_is_somebodys_favourite_and_common_ways_more_often() {
        let hands: Vec<Hand> = (0..4000).map(Hand::new).collect();
        for (digit, ways) in WAYS.iter().enumerate() {
            let total: u32 = ways.iter().map(|way| u32::from(way.share)).sum();
            for (index, way) in ways.iter().enumerate() {
                let found = hands.iter().filter(|hand| hand.favourites[digit] == index);
                let expected = 4000.0 * f32::from(way.share) / total as f32;
                let found = found.count() as f32;
                // Within five standard deviations.
                assert!(
                    (found - expected).abs() < 5.0 * expected.sqrt(),
                    "{digit} {index}"
                );
            }
        }
    }

    #[test]
    fn a_hand_mostly_keeps_to_its_favourite_way() {
        let rng = &mut StdRng::seed_from_u64(2);
        // A way of one stroke and one of two are told apart by counting; a 7 is crossed or it is not.
        let is_favourite = |hand: &Hand, drawing: &Drawing| {
            WAYS[7][hand.favourites[7]].strokes.len() == drawing.strokes.len()
        };
        let kept = (0..50).filter(|&seed| {
            let hand = Hand::new(seed);
            (0..20)
                .filter(|_| is_favourite(&hand, &hand.write(7, rng)))
                .count()
                >= 13
        });
        assert!(kept.count() >= 48);
    }
}
