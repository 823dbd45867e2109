mod templates;

use super::normalize::{PEN_WIDTH, cells_with_pen};
use super::{Cells, Drawing, Point, Stroke};
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, RngExt, SeedableRng};
use templates::TEMPLATES;

/// Whose hands write. No hand is in both groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hands {
    /// Hands to learn from.
    Known,
    /// Other people with preferences of their own, who only judge what was learnt.
    HeldOut,
}

/// Side of the pad that practice digits are written on.
const PAD: f32 = 280.0;

/// Left free on each side of the pad.
const MARGIN: f32 = 15.0;

/// Points on each piece of a curve between two places of a template.
const POINTS_PER_PIECE: usize = 6;

/// How one hand bends a template, once for the whole digit.
struct Hand {
    /// Standard deviation of each place, in heights.
    jitter: f32,
    /// x and y gain these multiples of x², xy and y², measured from the middle.
    bend: [[f32; 3]; 2],
    /// The 2×2 matrix of aspect, slant and rotation, then the size.
    matrix: [[f32; 2]; 2],
    middle: [f32; 2],
    tremor: f32,
    pen: f32,
}

/// One digit 0..=9 as a hand might write it.
pub fn practice_digit(digit: u8, rng: &mut impl Rng) -> Drawing {
    let ways = TEMPLATES[usize::from(digit) % TEMPLATES.len()];
    let hand = Hand::new(rng);
    let mut drawing = Drawing::new([PAD, PAD]);
    drawing.label = Some(digit % 10);
    let Some(template) = ways.choose(rng) else {
        return drawing;
    };
    for places in *template {
        drawing.strokes.push(hand.write(places, rng));
    }
    keep_on_pad(&mut drawing);
    drawing
}

/// `count` written digits, all ten in turn and shuffled, normalised as the pad is; the same for the same seed.
///
/// Each depends on the seed and its own number only. Pens differ a little from hand to hand.
pub fn practice_digits(hands: Hands, count: usize, seed: u64) -> Vec<(Cells, u8)> {
    // Seeds far apart, so that neighbouring ones share no digit.
    let base = seed
        .wrapping_mul(2)
        .wrapping_add(hands as u64)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut digits: Vec<(Cells, u8)> = (0..count)
        .map(|index| {
            let mut rng = StdRng::seed_from_u64(base.wrapping_add(index as u64));
            let digit = (index % 10) as u8;
            let drawing = practice_digit(digit, &mut rng);
            let pen = PEN_WIDTH + normal(&mut rng, 0.6).clamp(-1.0, 1.6);
            // A written digit is never blank.
            let cells = cells_with_pen(&drawing, pen).unwrap_or(Cells::BLANK);
            (cells, digit)
        })
        .collect();
    digits.shuffle(&mut StdRng::seed_from_u64(base.wrapping_sub(1)));
    digits
}

impl Hand {
    fn new(rng: &mut impl Rng) -> Self {
        let height = PAD * rng.random_range(0.4..0.75);
        let aspect = rng.random_range(0.75..1.35);
        let slant = rng.random_range(-0.18..0.55);
        let (sin, cos) = normal(rng, 0.07).clamp(-0.18, 0.18).sin_cos();
        let bend = [0; 2].map(|_| [0; 3].map(|_| normal(rng, 0.16)));
        let room = (PAD - height) / 2.0 * 0.6;
        Self {
            jitter: rng.random_range(0.012..0.05),
            bend,
            // Aspect, then slant (x moves against y, which points down), then rotation.
            matrix: [
                [cos * aspect * height, (-cos * slant - sin) * height],
                [sin * aspect * height, (-sin * slant + cos) * height],
            ],
            middle: [0; 2].map(|_| PAD / 2.0 + rng.random_range(-1.0..1.0) * room),
            tremor: rng.random_range(0.0..0.004),
            pen: rng.random_range(14.0..24.0),
        }
    }

    /// One stroke through `places`, on the pad.
    fn write(&self, places: &[(i8, i8)], rng: &mut impl Rng) -> Stroke {
        let mut moved: Vec<[f32; 2]> = Vec::with_capacity(places.len());
        for (index, &(x, y)) in places.iter().enumerate() {
            let is_corner = index > 0 && places[index - 1] == places[index];
            match moved.last() {
                // Both places of a corner move together.
                Some(&corner) if is_corner => moved.push(corner),
                _ => moved.push([
                    f32::from(x) / 100.0 - 0.35 + normal(rng, self.jitter),
                    f32::from(y) / 100.0 - 0.5 + normal(rng, self.jitter),
                ]),
            }
        }
        lengthen(&mut moved, rng);
        let mut shake = [0.0_f32; 2];
        let mut points = Vec::with_capacity(moved.len() * POINTS_PER_PIECE);
        curve(&moved, |place| {
            for axis in &mut shake {
                *axis = *axis * 0.8 + normal(rng, self.tremor);
            }
            points.push(self.place([place[0] + shake[0], place[1] + shake[1]]));
        });
        Stroke {
            points,
            width: self.pen,
        }
    }

    /// From the template's units, measured from its middle, to the pad's.
    fn place(&self, [x, y]: [f32; 2]) -> Point {
        let bent = [0, 1].map(|axis| {
            let [xx, xy, yy] = self.bend[axis];
            [x, y][axis] + xx * x * x + xy * x * y + yy * y * y
        });
        let [on_x, on_y] = [0, 1].map(|axis| {
            self.middle[axis] + self.matrix[axis][0] * bent[0] + self.matrix[axis][1] * bent[1]
        });
        Point::new(on_x, on_y)
    }
}

/// Moves the digit so that none of it is over the edge, or the same on both sides where it is too large.
fn keep_on_pad(drawing: &mut Drawing) {
    let places = || drawing.strokes.iter().flat_map(|stroke| &stroke.points);
    let shift = [|p: &Point| p.x, |p: &Point| p.y].map(|coordinate| {
        let (low, high) = places()
            .map(coordinate)
            .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            });
        let (right, left) = ((MARGIN - low).max(0.0), (PAD - MARGIN - high).min(0.0));
        if right > 0.0 && left < 0.0 {
            (right + left) / 2.0
        } else {
            right + left
        }
    });
    for point in drawing.strokes.iter_mut().flat_map(|s| &mut s.points) {
        point.x += shift[0];
        point.y += shift[1];
    }
}

/// Lets a stroke begin and end a little earlier or later than the template.
fn lengthen(places: &mut [[f32; 2]], rng: &mut impl Rng) {
    let count = places.len();
    if count < 2 {
        return;
    }
    for (end, neighbour) in [(0, 1), (count - 1, count - 2)] {
        let part = rng.random_range(-0.4..0.35);
        let [x, y] = places[neighbour];
        places[end][0] += (places[end][0] - x) * part;
        places[end][1] += (places[end][1] - y) * part;
    }
}

/// Calls `visit` with points along a smooth curve through all places (Catmull–Rom), which breaks at corners.
fn curve(places: &[[f32; 2]], mut visit: impl FnMut([f32; 2])) {
    if let Some(&first) = places.first() {
        visit(first);
    }
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
            visit([0, 1].map(|axis| {
                let (p0, p1, p2, p3) = (before[axis], from[axis], to[axis], after[axis]);
                let (a, b) = (
                    2.0 * p0 - 5.0 * p1 + 4.0 * p2 - p3,
                    3.0 * (p1 - p2) + p3 - p0,
                );
                p1 + 0.5 * t * (p2 - p0 + t * (a + t * b))
            }));
        }
    }
}

/// A draw of mean 0 and about this standard deviation: the sum of four even ones, which never strays far.
fn normal(rng: &mut impl Rng, deviation: f32) -> f32 {
    let sum: f32 = (0..4).map(|_| rng.random::<f32>() - 0.5).sum();
    sum * deviation * 1.732
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_writes_the_same_digits() {
        assert_eq!(
            practice_digits(Hands::Known, 200, 7),
            practice_digits(Hands::Known, 200, 7)
        );
        let other = practice_digits(Hands::Known, 200, 8);
        assert!(
            practice_digits(Hands::Known, 200, 7)
                .iter()
                .all(|digit| !other.contains(digit))
        );
    }

    #[test]
    fn no_two_digits_are_alike_and_all_ten_are_as_many() {
        let digits = practice_digits(Hands::Known, 500, 3);
        for (index, digit) in digits.iter().enumerate() {
            assert!(!digits[..index].contains(digit));
        }
        for label in 0..10 {
            assert_eq!(digits.iter().filter(|(_, l)| *l == label).count(), 50);
        }
        // Shuffled: not every tenth is the same.
        assert!(digits.chunks_exact(10).any(|ten| ten[0].1 != digits[0].1));
    }

    #[test]
    fn practice_digits_have_as_much_ink_as_mnist() {
        let digits = practice_digits(Hands::Known, 1000, 1);
        let ink: f64 = digits
            .iter()
            .flat_map(|(cells, _)| cells.0)
            .map(|ink| f64::from(ink) / 255.0)
            .sum();
        // MNIST's training pixels have a mean of 0.1307: 102.5 cells of ink a digit.
        let mean = ink / digits.len() as f64;
        assert!((90.0..118.0).contains(&mean), "{mean}");
    }

    #[test]
    fn a_written_digit_is_a_drawing_that_can_be_used() {
        let mut rng = StdRng::seed_from_u64(1);
        for digit in (0..10).cycle().take(300) {
            let drawing = practice_digit(digit, &mut rng);
            assert_eq!(drawing.label, Some(digit));
            assert_eq!(drawing.check(), Ok(()));
            assert!(drawing.strokes.len() <= 2);
            let places = drawing.strokes.iter().flat_map(|s| &s.points);
            let inside = |v: f32| (0.0..=PAD).contains(&v);
            assert!(places.into_iter().all(|p| inside(p.x) && inside(p.y)));
        }
    }

    #[test]
    fn a_curve_passes_its_places_and_breaks_at_corners() {
        let mut visited = Vec::new();
        let corner = [1.0, 0.0];
        curve(&[[0.0, 0.0], corner, corner, [1.0, 1.0]], |place| {
            visited.push(place)
        });
        assert!(visited.contains(&corner));
        assert_eq!(visited.last(), Some(&[1.0, 1.0]));
        // Straight on both sides of the corner.
        assert!(
            visited
                .iter()
                .all(|&[x, y]| y.abs() < 1e-6 || (x - 1.0).abs() < 1e-6)
        );
    }

    #[test]
    fn every_digit_is_written_in_several_ways() {
        assert!(TEMPLATES.iter().all(|ways| ways.len() >= 5));
    }
}
