use super::{Cells, Drawing, GrayImage, Point, SIDE, Stroke};
use std::ops::Range;

/// The drawing as ink on a picture of `width`×`height` pixels, anti-aliased, with its own pen widths.
///
/// The whole pad is shown as large as it fits, in the middle.
pub fn rasterize(drawing: &Drawing, width: usize, height: usize) -> GrayImage {
    let fit = Fit::new(drawing.size, width, height);
    let mut canvas = Canvas::new(width, height);
    canvas.draw(drawing, |stroke, point| fit.nib(stroke, point));
    canvas.into_picture()
}

/// Where a pad stands on a picture: whole, as large as it fits, in the middle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    /// Pixels for each unit of the drawing.
    scale: f32,
    left: f32,
    top: f32,
}

impl Fit {
    pub(super) fn new(pad: [f32; 2], width: usize, height: usize) -> Self {
        let scale = (width as f32 / pad[0]).min(height as f32 / pad[1]);
        Self {
            scale,
            left: (width as f32 - pad[0] * scale) / 2.0,
            top: (height as f32 - pad[1] * scale) / 2.0,
        }
    }

    pub(super) fn nib(&self, stroke: &Stroke, point: &Point) -> Nib {
        Nib {
            x: self.left + point.x * self.scale,
            y: self.top + point.y * self.scale,
            radius: pen_at(stroke, point) * self.scale / 2.0,
        }
    }
}

/// A part of a picture, in pixels.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PixelRect {
    pub columns: Range<usize>,
    pub rows: Range<usize>,
}

impl PixelRect {
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty() || self.rows.is_empty()
    }

    /// The smallest that holds both.
    pub(super) fn with(&self, other: &Self) -> Self {
        if self.is_empty() {
            return other.clone();
        }
        if other.is_empty() {
            return self.clone();
        }
        let hull = |a: &Range<usize>, b: &Range<usize>| a.start.min(b.start)..a.end.max(b.end);
        Self {
            columns: hull(&self.columns, &other.columns),
            rows: hull(&self.rows, &other.rows),
        }
    }
}

/// A round pen at a place, in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nib {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) radius: f32,
}

/// A grid that knows how far the middle of each pixel is from the edge of the ink, negative inside.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    distance: Vec<f32>,
}

/// Points nearer to the last one than this many pixels add nothing that could be seen.
const SPACING: f32 = 0.25;

/// How far ink reaches beyond the pen's radius, in pixels: half of the soft edge, which is one pixel wide.
pub(super) const SOFT_REACH: f32 = 0.5;

impl Canvas {
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            distance: vec![f32::INFINITY; width * height],
        }
    }

    /// Inks every stroke, with the pen where `nib` says.
    pub(super) fn draw(&mut self, drawing: &Drawing, nib: impl Fn(&Stroke, &Point) -> Nib) {
        for stroke in &drawing.strokes {
            let nibs = stroke.points.iter().map(|point| nib(stroke, point));
            self.stroke(&mut None, nibs);
        }
    }

    /// Inks the way of the pen through `nibs`, on from the `last` place that it inked. Returns where ink may have come.
    pub(super) fn stroke(
        &mut self,
        last: &mut Option<Nib>,
        nibs: impl Iterator<Item = Nib>,
    ) -> PixelRect {
        let mut changed = PixelRect::default();
        for next in nibs {
            let from = last.unwrap_or(next);
            let (dx, dy) = (next.x - from.x, next.y - from.y);
            if last.is_none() || dx * dx + dy * dy >= SPACING * SPACING {
                changed = changed.with(&self.line(from, next));
                *last = Some(next);
            }
        }
        changed
    }

    /// Inks one place of the pen.
    pub(super) fn dot(&mut self, nib: Nib) {
        self.line(nib, nib);
    }

    /// Inks the way of the pen from `from` to `to`. Returns where ink may have come.
    fn line(&mut self, from: Nib, to: Nib) -> PixelRect {
        let reach = from.radius.max(to.radius) + SOFT_REACH;
        // A cast from float to integer saturates, so places outside need no care.
        let first_column = (from.x.min(to.x) - reach).floor() as usize;
        let end_column = ((from.x.max(to.x) + reach).ceil() as usize).min(self.width);
        let first_row = (from.y.min(to.y) - reach).floor() as usize;
        let end_row = ((from.y.max(to.y) + reach).ceil() as usize).min(self.height);
        let reached = PixelRect {
            columns: first_column..end_column,
            rows: first_row..end_row,
        };
        if reached.is_empty() {
            return PixelRect::default();
        }
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let length_squared = dx * dx + dy * dy;
        let (along_x, along_y) = if length_squared > 0.0 {
            (dx / length_squared, dy / length_squared)
        } else {
            (0.0, 0.0)
        };
        let widening = to.radius - from.radius;
        for row in first_row..end_row {
            let y = row as f32 + 0.5 - from.y;
            let start = row * self.width;
            let pixels = &mut self.distance[start + first_column..start + end_column];
            for (column, distance) in pixels.iter_mut().enumerate() {
                let x = (first_column + column) as f32 + 0.5 - from.x;
                let t = (x * along_x + y * along_y).clamp(0.0, 1.0);
                let (away_x, away_y) = (x - t * dx, y - t * dy);
                let beyond =
                    (away_x * away_x + away_y * away_y).sqrt() - (from.radius + t * widening);
                if beyond < *distance {
                    *distance = beyond;
                }
            }
        }
        reached
    }

    /// Pixels of a row.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Takes all ink away.
    pub(super) fn clear(&mut self) {
        self.distance.fill(f32::INFINITY);
    }

    pub(super) fn into_picture(self) -> GrayImage {
        GrayImage {
            width: self.width,
            height: self.height,
            ink: self.coverage().collect(),
        }
    }

    /// For a canvas of 28×28; another one fills as many cells as it has.
    pub(super) fn into_cells(self) -> Cells {
        debug_assert_eq!((self.width, self.height), (SIDE, SIDE));
        let mut cells = Cells::BLANK;
        for (cell, ink) in cells.0.iter_mut().zip(self.coverage()) {
            *cell = ink;
        }
        cells
    }

    /// Ink of each pixel of a part, row by row.
    pub(super) fn ink_in(&self, part: &PixelRect) -> impl Iterator<Item = u8> {
        let rows = part.rows.clone().map(|row| row * self.width);
        let columns = &part.columns;
        rows.flat_map(|start| &self.distance[start + columns.start..start + columns.end])
            .map(coverage)
    }

    /// Ink of each pixel, row by row.
    fn coverage(&self) -> impl Iterator<Item = u8> {
        self.distance.iter().map(coverage)
    }
}

/// Ink of a pixel whose middle is so far from the edge: full inside, falling to none across the soft edge.
fn coverage(distance: &f32) -> u8 {
    ((SOFT_REACH - distance).clamp(0.0, 1.0) * 255.0 + 0.5) as u8
}

/// How wide the pen was at a point of a stroke, in the drawing's units.
pub(super) fn pen_at(stroke: &Stroke, point: &Point) -> f32 {
    stroke.width * pressure_factor(point.pressure)
}

/// The pen's width for a pressure, as a part of its usual width: from half to one and a half.
fn pressure_factor(pressure: f32) -> f32 {
    0.5 + pressure.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(size: [f32; 2], width: f32, points: &[Point]) -> Drawing {
        Drawing {
            label: None,
            writer: None,
            size,
            strokes: vec![Stroke {
                points: points.to_vec(),
                width,
            }],
        }
    }

    fn area(picture: &GrayImage) -> f32 {
        picture.ink.iter().map(|&v| f32::from(v) / 255.0).sum()
    }

    #[test]
    fn a_line_covers_its_length_times_its_width_and_two_half_discs() {
        let line = drawing(
            [100.0, 100.0],
            10.0,
            &[Point::new(20.3, 30.1), Point::new(79.2, 61.7)],
        );
        let length = (79.2_f32 - 20.3).hypot(61.7 - 30.1);
        let expected = length * 10.0 + std::f32::consts::PI * 25.0;
        let found = area(&rasterize(&line, 100, 100));
        assert!((found / expected - 1.0).abs() < 0.01, "{found} {expected}");
        // Twice as large, four times the area.
        let large = area(&rasterize(&line, 200, 200));
        assert!((large / expected / 4.0 - 1.0).abs() < 0.01, "{large}");
    }

    #[test]
    fn a_lone_point_is_a_round_dot() {
        let dot = rasterize(&drawing([9.0, 9.0], 4.0, &[Point::new(4.5, 4.5)]), 9, 9);
        assert!((area(&dot) - std::f32::consts::PI * 4.0).abs() < 0.6);
        assert_eq!(dot.ink[4 * 9 + 4], 255);
        for row in 0..9 {
            for column in 0..9 {
                assert_eq!(dot.ink[row * 9 + column], dot.ink[column * 9 + row]);
                assert_eq!(dot.ink[row * 9 + column], dot.ink[(8 - row) * 9 + column]);
            }
        }
    }

    #[test]
    fn ink_outside_of_the_picture_is_left_out() {
        let line = drawing(
            [10.0, 10.0],
            2.0,
            &[Point::new(-1e30, -5.0), Point::new(-500.0, 20.0)],
        );
        assert_eq!(area(&rasterize(&line, 10, 10)), 0.0);
        let across = drawing(
            [10.0, 10.0],
            2.0,
            &[Point::new(-50.0, 5.0), Point::new(60.0, 5.0)],
        );
        assert!((area(&rasterize(&across, 10, 10)) - 20.0).abs() < 0.1);
    }

    #[test]
    fn pressing_harder_widens_the_line() {
        let with_pressure = |pressure| {
            let end = |x| Point {
                x,
                y: 50.0,
                pressure,
            };
            area(&rasterize(
                &drawing([100.0, 100.0], 10.0, &[end(20.0), end(80.0)]),
                100,
                100,
            ))
        };
        assert!(with_pressure(0.0) < with_pressure(0.5));
        assert!(with_pressure(0.5) < with_pressure(1.0));
    }

    #[test]
    fn a_pad_that_is_not_square_is_shown_whole_in_the_middle() {
        let dot = drawing([200.0, 100.0], 20.0, &[Point::new(100.0, 50.0)]);
        let picture = rasterize(&dot, 50, 50);
        assert_eq!(picture.ink[25 * 50 + 25], 255);
        assert_eq!(picture.ink[12 * 50 + 25], 0);
    }
}
