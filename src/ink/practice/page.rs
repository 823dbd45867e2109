use super::normal;
use crate::ink::{Drawing, Point};
use rand::Rng;

/// Side of the pad that hands write on.
pub(super) const PAD: f32 = 280.0;

/// Left free on each side of the pad.
const MARGIN: f32 = 15.0;

/// x and y gain these multiples of x², xy and y², measured from the middle, in heights.
pub(super) type Bend = [[f32; 3]; 2];

/// How one digit lies on the pad.
pub(super) struct Page {
    pub(super) bend: Bend,
    /// Aspect, slant and rotation.
    pub(super) matrix: [[f32; 2]; 2],
    pub(super) height: f32,
    pub(super) middle: [f32; 2],
}

impl Page {
    /// Bent, slanted and turned, in heights from the middle.
    pub(super) fn lay(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let bent = [0, 1].map(|axis| {
            let [xx, xy, yy] = self.bend[axis];
            [x, y][axis] + xx * x * x + xy * x * y + yy * y * y
        });
        self.matrix.map(|row| row[0] * bent[0] + row[1] * bent[1])
    }

    pub(super) fn on_pad(&self, place: [f32; 2]) -> [f32; 2] {
        [0, 1].map(|axis| self.middle[axis] + self.height * place[axis])
    }
}

/// A bend of this standard deviation.
pub(super) fn draw_bend(rng: &mut impl Rng, deviation: f32) -> Bend {
    [0; 2].map(|_| [0; 3].map(|_| normal(rng, deviation)))
}

/// Moves a digit that is over the edge back onto the pad, and makes one that is too large smaller.
pub(super) fn keep_on_pad(drawing: &mut Drawing) {
    let places = || drawing.strokes.iter().flat_map(|stroke| &stroke.points);
    let [across, down] = [|p: &Point| p.x, |p: &Point| p.y].map(|coordinate| {
        places()
            .map(coordinate)
            .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            })
    });
    let room = PAD - 2.0 * MARGIN;
    let longest = (across.1 - across.0).max(down.1 - down.0);
    let scale = (room / longest).min(1.0);
    let fit = |value: f32, (low, high): (f32, f32)| {
        let length = (high - low) * scale;
        // Not `clamp`: rounding may leave no room at all.
        let start = ((low + high - length) / 2.0)
            .min(MARGIN + room - length)
            .max(MARGIN);
        start + (value - low) * scale
    };
    for point in drawing.strokes.iter_mut().flat_map(|s| &mut s.points) {
        point.x = fit(point.x, across);
        point.y = fit(point.y, down);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::Stroke;

    #[test]
    fn a_digit_too_large_for_the_pad_is_made_smaller_and_one_at_the_edge_comes_back() {
        let write = |places: &[[f32; 2]]| {
            let mut drawing = Drawing::new([PAD, PAD]);
            let points = places.iter().map(|&[x, y]| Point::new(x, y)).collect();
            drawing.strokes.push(Stroke {
                points,
                width: 20.0,
            });
            keep_on_pad(&mut drawing);
            drawing.strokes.remove(0).points
        };
        let large = write(&[[-300.0, 0.0], [200.0, 100.0]]);
        assert!((large[0].x - MARGIN).abs() < 1e-3 && (large[1].x - (PAD - MARGIN)).abs() < 1e-3);
        // It keeps its shape: a fifth as tall as it is wide.
        assert!((large[1].y - large[0].y - 50.0).abs() < 1e-3);
        let away = write(&[[-20.0, 100.0], [60.0, 150.0]]);
        assert!((away[0].x - MARGIN).abs() < 1e-3 && (away[1].x - away[0].x - 80.0).abs() < 1e-3);
        assert_eq!([away[0].y, away[1].y], [100.0, 150.0]);
    }
}
