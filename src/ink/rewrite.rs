use super::normal::normal;
use super::normalize::{PEN_WIDTH, cells_with_pen};
use super::{Blank, Cells, Drawing, Point};
use rand::{Rng, RngExt};

/// How the same hand writes the same digit another time: what happens to the whole drawing, once.
struct Variation {
    /// The 2×2 matrix of rotation, slant and scale.
    matrix: [[f32; 2]; 2],
    /// x and y gain these multiples of x², xy and y².
    bend: [[f32; 3]; 2],
    /// x and y gain a wave along the other axis: amplitude, waves over the drawing, phase.
    waves: [[f32; 3]; 2],
}

/// In cells: pens differ as much between the programs and the hands that digits come from.
const PEN_DEVIATION: f32 = 0.35;

/// `drawing` as the same hand might write it the next time, inked with a pen of about the usual width.
///
/// Rotation, slant, aspect, a gentle bend and waves change the drawing as a whole; each stroke is then moved and
/// stretched a little by itself, so that strokes meet elsewhere; the order of points stays.
pub fn rewritten(drawing: &Drawing, rng: &mut impl Rng) -> Result<Cells, Blank> {
    let places = || drawing.strokes.iter().flat_map(|stroke| &stroke.points);
    let bounds = |coordinate: fn(&Point) -> f32| {
        places()
            .map(coordinate)
            .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            })
    };
    let ((left, right), (top, bottom)) = (bounds(|p| p.x), bounds(|p| p.y));
    let middle = [left / 2.0 + right / 2.0, top / 2.0 + bottom / 2.0];
    let size = (right - left).max(bottom - top);
    if !(size.is_finite() && size > 0.0) {
        return cells_with_pen(drawing, PEN_WIDTH);
    }
    let variation = Variation::draw(rng);
    let mut written = drawing.clone();
    // The longer side of what is written is 1 from here on, so that no coordinate is too large or too small; beside
    // its pad it stays as large as it was.
    written.size = drawing.size.map(|side| side / size);
    for stroke in &mut written.strokes {
        let shift = [0; 2].map(|_| normal(rng, 0.023));
        let stretch = [0; 2].map(|_| 1.0 + normal(rng, 0.05));
        let count = stroke.points.len().max(1) as f32;
        let around = [0, 1].map(|axis| {
            let sum: f32 = stroke.points.iter().map(|p| [p.x, p.y][axis] / count).sum();
            (sum - middle[axis]) / size
        });
        for point in &mut stroke.points {
            let place = [point.x, point.y];
            let moved = [0, 1].map(|axis| {
                let place = (place[axis] - middle[axis]) / size;
                around[axis] + (place - around[axis]) * stretch[axis] + shift[axis]
            });
            [point.x, point.y] = variation.place(moved);
        }
    }
    let pen = PEN_WIDTH + normal(rng, PEN_DEVIATION).clamp(-0.8, 0.8);
    cells_with_pen(&written, pen)
}

impl Variation {
    fn draw(rng: &mut impl Rng) -> Self {
        let (sin, cos) = normal(rng, 0.13).sin_cos();
        let slant = normal(rng, 0.18);
        let wide = normal(rng, 0.17).exp();
        Self {
            // Aspect, then slant, then rotation.
            matrix: [
                [cos * wide, cos * slant - sin],
                [sin * wide, sin * slant + cos],
            ],
            bend: [0; 2].map(|_| [0; 3].map(|_| normal(rng, 0.16))),
            waves: [0; 2].map(|_| {
                let amplitude = normal(rng, 0.026);
                let waves = rng.random_range(0.5..1.6);
                [amplitude, waves, rng.random_range(0.0..1.0)]
            }),
        }
    }

    /// Of a place in −½..=½, about.
    fn place(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let bent = [0, 1].map(|axis| {
            let [xx, xy, yy] = self.bend[axis];
            let [amplitude, waves, phase] = self.waves[axis];
            let along = [y, x][axis];
            let wave = (std::f32::consts::TAU * (waves * along + phase)).sin();
            [x, y][axis] + xx * x * x + xy * x * y + yy * y * y + amplitude * wave
        });
        [0, 1].map(|axis| self.matrix[axis][0] * bent[0] + self.matrix[axis][1] * bent[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::{Ink, Stroke, cells_of};
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    fn drawing(strokes: &[&[[f32; 2]]]) -> Drawing {
        let mut drawing = Drawing::new([280.0, 280.0]);
        drawing.strokes = strokes
            .iter()
            .map(|points| Stroke {
                points: points.iter().map(|&[x, y]| Point::new(x, y)).collect(),
                width: 20.0,
            })
            .collect();
        drawing
    }

    fn seven() -> Drawing {
        drawing(&[
            &[[80.0, 60.0], [200.0, 55.0], [120.0, 240.0]],
            &[[100.0, 150.0], [190.0, 145.0]],
        ])
    }

    /// Cells of ink that only one of the two has, as a part of the ink of the first.
    fn difference(a: &Cells, b: &Cells) -> f32 {
        let pairs = a.0.iter().zip(&b.0);
        let apart: u32 = pairs.map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        let ink: u32 = a.0.iter().map(|a| u32::from(*a)).sum();
        apart as f32 / ink as f32
    }

    #[test]
    fn a_hand_never_writes_the_same_digit_twice_but_always_the_same_digit() {
        let rng = &mut StdRng::seed_from_u64(1);
        let once = cells_of(Ink::Drawing(&seven())).unwrap();
        let differences: Vec<f32> = (0..200)
            .map(|_| difference(&once, &rewritten(&seven(), rng).unwrap()))
            .collect();
        let mean = differences.iter().sum::<f32>() / 200.0;
        assert!((0.35..0.9).contains(&mean), "{mean}");
        assert!(differences.iter().all(|&part| (0.05..1.5).contains(&part)));
    }

    #[test]
    fn the_size_and_the_place_on_the_pad_do_not_matter() {
        let once = rewritten(&seven(), &mut StdRng::seed_from_u64(3)).unwrap();
        for (scale, shift) in [(1e-6, 0.0), (1e30, 0.0), (0.25, 7.0)] {
            let mut moved = seven();
            moved.size = [280.0 * scale; 2];
            for point in moved.strokes.iter_mut().flat_map(|s| &mut s.points) {
                *point = Point::new(point.x * scale + shift, point.y * scale + shift);
            }
            let again = rewritten(&moved, &mut StdRng::seed_from_u64(3)).unwrap();
            assert!(difference(&once, &again) < 0.02, "{scale}");
        }
    }

    #[test]
    fn a_dot_stays_a_dot_and_nothing_stays_nothing() {
        let rng = &mut StdRng::seed_from_u64(1);
        let dot = drawing(&[&[[30.0, 30.0], [31.0, 30.0]]]);
        let inked = rewritten(&dot, rng)
            .unwrap()
            .0
            .iter()
            .filter(|v| **v > 128)
            .count();
        assert!((4..=16).contains(&inked), "{inked}");
        assert_eq!(rewritten(&drawing(&[&[]]), rng), Err(Blank));
    }
}
