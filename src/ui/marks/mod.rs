//! The lines, discs and rings of a network, painted into a picture of one texel a pixel.
//!
//! egui would make triangles of them, ten thousand for a network. Where the processor paints, each of those takes most of a
//! microsecond, and a thin line touches four times the pixels that it covers. Here a pixel is mixed once for every mark on it,
//! and nothing is done while the marks stay as they are.

mod canvas;

use super::heatmap::KeyedTexture;
use super::theme::Palette;
use canvas::{BEND, BENT, Canvas, Ring, STRAIGHT};
use egui::epaint::{CubicBezierShape, Vertex};
use egui::{Color32, ColorImage, Mesh, Pos2, Rect, Stroke, Ui, Vec2, pos2, vec2};
use pulp::{Arch, Simd, WithSimd};
use std::sync::Arc;

/// A picture of marks, made anew when they change.
#[derive(Default)]
pub struct Marks {
    texture: KeyedTexture<Arc<Picture>>,
}

/// Marks that are painted together, in the order in which they come.
pub struct Batch {
    /// The corner of the picture on the screen, in pixels.
    corner: Vec2,
    picture: Picture,
}

/// All that the texels depend on. Lengths are in pixels, places are measured from the picture's corner.
#[derive(PartialEq)]
struct Picture {
    size: [usize; 2],
    pixels_per_point: f32,
    marks: Vec<Mark>,
}

#[derive(PartialEq)]
struct Mark {
    form: Form,
    colour: Color32,
}

#[derive(PartialEq)]
enum Form {
    /// From left to right.
    Line {
        ends: [Pos2; 2],
        width: f32,
        way: Way,
        dashed: bool,
    },
    Disc {
        centre: Pos2,
        radius: f32,
    },
    Ring(Ring),
}

#[derive(Clone, Copy, PartialEq)]
enum Way {
    Straight,
    /// As [`curve`] goes.
    Bent,
}

/// In points: a dash, and the gap after it.
const DASH: f32 = 6.0;
const GAP: f32 = 4.0;

impl Marks {
    /// Paints what `put` puts into the batch; what lies beyond `area` is cut.
    pub fn paint(&mut self, ui: &Ui, area: Rect, put: impl FnOnce(&mut Batch)) {
        let pixels_per_point = ui.ctx().pixels_per_point();
        let most = ui.input(|input| input.max_texture_side) as f32;
        let corner = (area.min.to_vec2() * pixels_per_point).floor();
        let far = (area.max.to_vec2() * pixels_per_point).ceil();
        let size = (far - corner).min(Vec2::splat(most));
        if size.min_elem() < 1.0 {
            return;
        }
        let mut batch = Batch {
            corner,
            picture: Picture {
                size: [size.x as usize, size.y as usize],
                pixels_per_point,
                marks: Vec::new(),
            },
        };
        put(&mut batch);
        let picture = Arc::new(batch.picture);
        let image = || Arch::new().dispatch(Painting(&picture));
        let texture = self.texture.texture(ui.ctx(), picture.clone(), image);
        let corner = (corner / pixels_per_point).to_pos2();
        let place = Rect::from_min_size(corner, size / pixels_per_point);
        let mut mesh = Mesh::with_texture(texture);
        let right = size.y / Canvas::height(size.y as usize) as f32;
        // The columns of the picture are the rows of the texture.
        for (pos, uv) in [
            (place.left_top(), pos2(0.0, 0.0)),
            (place.right_top(), pos2(0.0, 1.0)),
            (place.left_bottom(), pos2(right, 0.0)),
            (place.right_bottom(), pos2(right, 1.0)),
        ] {
            mesh.vertices.push(Vertex {
                pos,
                uv,
                color: Color32::WHITE,
            });
        }
        mesh.add_triangle(0, 1, 2);
        mesh.add_triangle(1, 2, 3);
        ui.painter().add(mesh);
    }
}

impl Batch {
    /// A straight line.
    pub fn line(&mut self, mut ends: [Pos2; 2], stroke: Stroke) {
        ends.sort_by(|one, other| one.x.total_cmp(&other.x));
        self.add_line(ends, stroke, Way::Straight, false);
    }

    pub fn disc(&mut self, centre: Pos2, radius: f32, colour: Color32) {
        let form = Form::Disc {
            centre: self.on_picture(centre),
            radius: self.pixels(radius),
        };
        self.add(form, colour);
    }

    /// A ring, a point wide.
    pub fn ring(&mut self, centre: Pos2, radius: f32, colour: Color32) {
        self.add_ring(centre, [radius, 1.0], None, colour);
    }

    /// A bold arc from the top, `share` (−1..=1) of the way round: clockwise above zero.
    pub fn arc(&mut self, centre: Pos2, radius: f32, share: f32, colour: Color32) {
        if share.is_nan() || share == 0.0 {
            return;
        }
        let width = (radius * 0.24).clamp(1.0, 2.4);
        self.add_ring(centre, [radius, width], Some(share), colour);
    }

    fn add_line(&mut self, ends: [Pos2; 2], stroke: Stroke, way: Way, dashed: bool) {
        let form = Form::Line {
            ends: ends.map(|end| self.on_picture(end)),
            width: self.pixels(stroke.width),
            way,
            dashed,
        };
        self.add(form, stroke.color);
    }

    fn add_ring(&mut self, centre: Pos2, sizes: [f32; 2], share: Option<f32>, colour: Color32) {
        let [radius, width] = sizes.map(|points| self.pixels(points));
        let ring = Ring {
            centre: self.on_picture(centre),
            radius,
            width,
            share,
        };
        self.add(Form::Ring(ring), colour);
    }

    fn add(&mut self, form: Form, colour: Color32) {
        self.picture.marks.push(Mark { form, colour });
    }

    fn pixels(&self, points: f32) -> f32 {
        points * self.picture.pixels_per_point
    }

    fn on_picture(&self, place: Pos2) -> Pos2 {
        place * self.picture.pixels_per_point - self.corner
    }
}

/// The texels of a picture with its columns for rows.
struct Painting<'a>(&'a Picture);

impl WithSimd for Painting<'_> {
    type Output = ColorImage;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> ColorImage {
        let Picture {
            size: [width, height],
            pixels_per_point,
            ref marks,
        } = *self.0;
        let mut canvas = Canvas::blank([width, height]);
        for Mark { form, colour } in marks {
            match *form {
                Form::Line {
                    ends,
                    width,
                    way,
                    dashed,
                } => {
                    let shape = match way {
                        Way::Straight => &STRAIGHT[..],
                        Way::Bent => &BENT[..],
                    };
                    let dash = [DASH, DASH + GAP].map(|length| length * pixels_per_point);
                    canvas.line(ends, width, shape, dashed.then_some(dash), *colour);
                }
                Form::Disc { centre, radius } => canvas.disc(centre, radius, *colour),
                Form::Ring(ring) => canvas.ring(ring, *colour),
            }
        }
        canvas.into_image()
    }
}

/// Paints a connection of signed strength −1..=1: the stronger the thicker; orange and solid above zero, blue and
/// dashed below.
pub fn paint_edge(
    batch: &mut Batch,
    palette: &Palette,
    ends: [Pos2; 2],
    strength: f32,
    emphasis: f32,
) {
    let size = strength.abs().min(1.0);
    let colour = if strength < 0.0 {
        palette.negative
    } else {
        palette.positive
    };
    let colour = colour.gamma_multiply(emphasis * (0.2 + 0.8 * size));
    let stroke = Stroke::new(0.5 + 1.9 * size, colour);
    batch.add_line(ends, stroke, Way::Bent, strength < 0.0);
}

/// Paints a bias as an arc on the ring of a unit, −1..=1 of the way round: clockwise above zero.
pub fn paint_ring(batch: &mut Batch, palette: &Palette, centre: Pos2, radius: f32, bias: f32) {
    batch.ring(centre, radius, palette.outline);
    let colour = if bias < 0.0 {
        palette.negative
    } else {
        palette.positive
    };
    batch.arc(centre, radius, bias, colour);
}

/// A line that leaves and arrives level, so that bundles stay readable.
pub fn curve([from, to]: [Pos2; 2], stroke: Stroke) -> CubicBezierShape {
    let handle = vec2((to.x - from.x) * BEND, 0.0);
    let points = [from, from + handle, to - handle, to];
    CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke)
}

#[cfg(test)]
mod tests {
    use super::canvas::MOST_ROUND;
    use super::*;
    use std::f32::consts::TAU;
    use std::ops::Range;

    const SIDE: usize = 120;

    fn picture(put: impl FnOnce(&mut Batch)) -> ColorImage {
        let mut batch = Batch {
            corner: Vec2::ZERO,
            picture: Picture {
                size: [SIDE; 2],
                pixels_per_point: 1.0,
                marks: Vec::new(),
            },
        };
        put(&mut batch);
        Arch::new().dispatch(Painting(&batch.picture))
    }

    fn pixel(image: &ColorImage, column: usize, row: usize) -> Color32 {
        image[(row, column)]
    }

    fn at(image: &ColorImage, column: usize, row: usize) -> f32 {
        f32::from(pixel(image, column, row).a()) / 255.0
    }

    /// The ink of a part of the picture, in pixels.
    fn ink(image: &ColorImage, columns: Range<usize>, rows: Range<usize>) -> f32 {
        rows.map(|row| columns.clone().map(|x| at(image, x, row)).sum::<f32>())
            .sum()
    }

    fn all_ink(image: &ColorImage) -> f32 {
        ink(image, 0..SIDE, 0..SIDE)
    }

    fn close(found: f32, wanted: f32) {
        assert!(
            (found / wanted - 1.0).abs() < 0.03,
            "{found} instead of {wanted}"
        );
    }

    #[test]
    fn a_line_has_the_ink_of_its_length_and_width_at_any_slope() {
        for width in [0.5, 1.0, 2.4, 5.0] {
            let stroke = Stroke::new(width, Color32::WHITE);
            for (run, rise) in [
                (40.5, 0.0),
                (40.5, 7.3),
                (40.5, -31.0),
                (-30.0, 80.0),
                (0.0, 50.0),
            ] {
                let half = vec2(run, rise) / 2.0;
                let ends = [pos2(60.3, 60.0) - half, pos2(60.3, 60.0) + half];
                let image = picture(|batch| batch.line(ends, stroke));
                close(all_ink(&image), width * ends[0].distance(ends[1]));
            }
        }
    }

    #[test]
    fn a_bent_line_lies_where_the_curve_of_egui_lies() {
        let ends = [pos2(10.0, 20.0), pos2(90.0, 100.0)];
        let stroke = Stroke::new(2.0, Color32::WHITE);
        let image = picture(|batch| batch.add_line(ends, stroke, Way::Bent, false));
        let egui = curve(ends, stroke);
        let (mut length, mut last) = (0.0, ends[0]);
        for step in 1..200 {
            let place = egui.sample(step as f32 / 200.0);
            length += place.distance(last);
            last = place;
            assert!(
                at(&image, place.x as usize, place.y as usize) > 0.6,
                "{place}"
            );
        }
        close(all_ink(&image), 2.0 * length);
    }

    #[test]
    fn a_disc_and_its_rings_have_the_area_of_circles() {
        for radius in [4.0, 6.0, 11.25] {
            let centre = pos2(40.3, 50.8);
            let circle = TAU * radius;
            let bold = (0.24 * radius).clamp(1.0, 2.4);
            let disc = picture(|batch| batch.disc(centre, radius, Color32::WHITE));
            close(all_ink(&disc), circle * radius / 2.0);
            let ring = picture(|batch| batch.ring(centre, radius, Color32::WHITE));
            close(all_ink(&ring), circle);
            let arc = picture(|batch| batch.arc(centre, radius, 0.5, Color32::WHITE));
            close(all_ink(&arc), circle * bold * 0.49);
        }
    }

    #[test]
    fn an_arc_goes_round_by_its_share_and_to_the_side_of_its_sign() {
        let arc =
            |share: f32| picture(|batch| batch.arc(pos2(60.0, 60.0), 20.0, share, Color32::WHITE));
        let quarters = |image: &ColorImage| {
            let halves = [0..60, 60..SIDE];
            [(1, 0), (1, 1), (0, 1), (0, 0)]
                .map(|(x, y)| ink(image, halves[x].clone(), halves[y].clone()))
        };
        // Clockwise from the top: right of it above, right below, left below, left above.
        let quarter = TAU * 20.0 * 2.4 / 4.0;
        let [first, second, third, fourth] = quarters(&arc(0.4 / MOST_ROUND));
        close(first, quarter);
        close(second, 0.6 * quarter);
        assert!(third + fourth < 0.05 * quarter);
        let [first, second, third, fourth] = quarters(&arc(-0.25 / MOST_ROUND));
        close(fourth, quarter);
        assert!(first + second + third < 0.05 * quarter);
        close(all_ink(&arc(1.0)), 4.0 * quarter * MOST_ROUND);
        assert_eq!(all_ink(&arc(0.0)), 0.0);
        assert_eq!(all_ink(&arc(f32::NAN)), 0.0);
    }

    #[test]
    fn dashes_cover_six_of_ten_points_at_any_slope() {
        let stroke = Stroke::new(1.0, Color32::WHITE);
        for (rise, way) in [(0.0, Way::Bent), (90.0, Way::Straight), (60.0, Way::Bent)] {
            let ends = [pos2(10.0, 10.0), pos2(100.0, 10.0 + rise)];
            let [dashed, whole] = [true, false]
                .map(|dashed| picture(|batch| batch.add_line(ends, stroke, way, dashed)));
            let share = all_ink(&dashed) / all_ink(&whole);
            assert!((share - 0.6).abs() < 0.04, "{rise}: {share}");
        }
        let image = picture(|batch| {
            let ends = [pos2(10.0, 30.5), pos2(90.0, 30.5)];
            batch.add_line(ends, stroke, Way::Bent, true);
        });
        close(ink(&image, 10..16, 0..SIDE), 6.0);
        assert_eq!(ink(&image, 16..20, 0..SIDE), 0.0);
    }

    #[test]
    fn marks_at_the_edges_and_beyond_are_cut() {
        let image = picture(|batch| {
            let stroke = Stroke::new(3.0, Color32::WHITE);
            batch.line([pos2(-50.0, -70.0), pos2(300.0, 400.0)], stroke);
            let backward = [pos2(60.0, 60.0), pos2(50.0, 60.0)];
            batch.add_line(backward, stroke, Way::Bent, false);
            batch.line([pos2(f32::NAN, 0.0), pos2(50.0, 60.0)], stroke);
            for far in [1e10, 1e30, f32::INFINITY] {
                batch.line([pos2(50.0, -far), pos2(50.0, far)], stroke);
                batch.line([pos2(50.0, far), pos2(60.0, far)], stroke);
                batch.disc(pos2(50.0, far), 10.0, Color32::WHITE);
            }
            batch.disc(pos2(f32::NAN, 50.0), 10.0, Color32::WHITE);
            batch.disc(pos2(0.0, 119.0), 10.0, Color32::WHITE);
            batch.disc(pos2(-40.0, 500.0), 10.0, Color32::WHITE);
        });
        assert!(all_ink(&image) > 100.0);
        assert_eq!(at(&image, 55, 60), 0.0, "bent lines go from left to right");
    }

    #[test]
    fn a_mark_lies_on_those_before_it() {
        let palette = &super::super::theme::DARK;
        let image = picture(|batch| {
            batch.disc(pos2(50.0, 50.0), 10.0, palette.positive);
            batch.disc(pos2(50.0, 50.0), 5.0, palette.negative);
        });
        assert_eq!(pixel(&image, 50, 50), palette.negative);
        assert_eq!(pixel(&image, 50, 57), palette.positive);
        assert_eq!(pixel(&image, 50, 70), Color32::TRANSPARENT);
    }
}
