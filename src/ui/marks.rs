//! The lines, discs and rings of a network, painted into a picture of one texel a pixel.
//!
//! egui would make triangles of them, ten thousand for a network. Where the processor paints, each of those takes most of a
//! microsecond, and a thin line touches four times the pixels that it covers. Here a pixel is mixed once for every mark on it,
//! and nothing is done while the marks stay as they are.

use super::heatmap::KeyedTexture;
use super::theme::Palette;
use egui::epaint::{CubicBezierShape, Vertex};
use egui::{Color32, ColorImage, Mesh, Pos2, Rect, Stroke, Ui, Vec2, pos2, vec2};
use pulp::{Arch, Simd, WithSimd};
use std::f32::consts::TAU;
use std::ops::Range;

/// A picture of marks, made anew when they change.
#[derive(Default)]
pub struct Marks {
    texture: KeyedTexture<Picture>,
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
    /// All of a ring, or the `share` (−1..=1) of the way round from the top: clockwise above zero.
    Ring {
        centre: Pos2,
        radius: f32,
        width: f32,
        share: Option<f32>,
    },
}

#[derive(Clone, Copy, PartialEq)]
enum Way {
    Straight,
    /// As [`curve`] goes.
    Bent,
}

/// The picture while it is mixed, column after column: most marks touch a few pixels of each of many columns.
struct Canvas {
    /// Of a column: a multiple of [`LANES`].
    height: usize,
    texels: Vec<Color32>,
}

/// So many pixels are mixed at once.
const LANES: usize = 8;

/// In points: a dash, and the gap after it.
const DASH: f32 = 6.0;
const GAP: f32 = 4.0;
/// How far the handles of a curve lie from its ends, as a share of the way across.
const BEND: f32 = 0.45;
/// How far an arc goes round at most, so that its two ends are told apart.
const MOST_ROUND: f32 = 0.98;

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
        let image = |picture: &Picture| Arch::new().dispatch(Painting(picture));
        let texture = self.texture.texture(ui.ctx(), batch.picture, image);
        let corner = (corner / pixels_per_point).to_pos2();
        let place = Rect::from_min_size(corner, size / pixels_per_point);
        let height = (size.y as usize).next_multiple_of(LANES);
        let mut mesh = Mesh::with_texture(texture);
        let right = size.y / height as f32;
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
        self.add_ring(centre, radius, 1.0, None, colour);
    }

    /// A bold arc from the top, `share` (−1..=1) of the way round: clockwise above zero.
    pub fn arc(&mut self, centre: Pos2, radius: f32, share: f32, colour: Color32) {
        if share.is_nan() || share == 0.0 {
            return;
        }
        let width = (radius * 0.24).clamp(1.0, 2.4);
        self.add_ring(centre, radius, width, Some(share), colour);
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

    fn add_ring(
        &mut self,
        centre: Pos2,
        radius: f32,
        width: f32,
        share: Option<f32>,
        colour: Color32,
    ) {
        let form = Form::Ring {
            centre: self.on_picture(centre),
            radius: self.pixels(radius),
            width: self.pixels(width),
            share,
        };
        self.add(form, colour);
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
        let height = height.next_multiple_of(LANES);
        let mut canvas = Canvas {
            height,
            texels: vec![Color32::TRANSPARENT; width * height],
        };
        let bent = bent();
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
                        Way::Bent => &bent,
                    };
                    let dash = [DASH, DASH + GAP].map(|length| length * pixels_per_point);
                    canvas.line(ends, width, shape, dashed.then_some(dash), *colour);
                }
                Form::Disc { centre, radius } => {
                    canvas.round(centre, radius, *colour, |away| {
                        inside(radius - length(away))
                    });
                }
                Form::Ring {
                    centre,
                    radius,
                    width,
                    share,
                } => {
                    let reach = radius + width / 2.0;
                    let ring = |away| across(length(away) - radius, width);
                    match share {
                        None => canvas.round(centre, reach, *colour, ring),
                        Some(share) => {
                            let arc = Sector::new(share);
                            canvas
                                .round(centre, reach, *colour, |away| ring(away) * arc.cover(away));
                        }
                    }
                }
            }
        }
        ColorImage::new([height, width], canvas.texels)
    }
}

impl Canvas {
    fn width(&self) -> usize {
        self.texels.len() / self.height
    }

    /// The columns or rows of pixels between two places, as far as there are any.
    #[inline(always)]
    fn pixels(from: f32, to: f32, count: usize) -> Range<usize> {
        // `as` takes what is below zero and what is no number to 0.
        from as usize..(to as usize + 1).min(count)
    }

    /// Mixes a colour into the pixels of a column between two heights; `cover` tells how much of a pixel it covers, 0..=1, the
    /// middle of which is so high.
    #[inline(always)]
    fn mix(
        &mut self,
        column: usize,
        [from, to]: [f32; 2],
        colour: Color32,
        cover: impl Fn(f32) -> f32,
    ) {
        let rows = Self::pixels(from, to, self.height);
        let (start, end) = (rows.start / LANES * LANES, rows.end.next_multiple_of(LANES));
        let column = &mut self.texels[column * self.height..][..self.height];
        let Some(touched) = column.get_mut(start..end) else {
            return;
        };
        for (index, texels) in touched.chunks_exact_mut(LANES).enumerate() {
            let top = (start + index * LANES) as f32 + 0.5;
            for (lane, texel) in texels.iter_mut().enumerate() {
                *texel = mixed(*texel, colour, cover(top + lane as f32));
            }
        }
    }

    /// Something round: `cover` tells how much of a pixel it covers that is so far from its centre.
    #[inline(always)]
    fn round(&mut self, centre: Pos2, radius: f32, colour: Color32, cover: impl Fn(Vec2) -> f32) {
        let reach = radius + 0.5;
        if !centre.is_finite() || !reach.is_finite() {
            return;
        }
        let heights = [centre.y - reach, centre.y + reach];
        for column in Self::pixels(centre.x - reach, centre.x + reach, self.width()) {
            let x = column as f32 + 0.5 - centre.x;
            self.mix(column, heights, colour, |y| cover(vec2(x, y - centre.y)));
        }
    }

    /// A line from left to right, column by column. `dash`: its length, and that with the gap after it.
    #[inline(always)]
    fn line(
        &mut self,
        [from, to]: [Pos2; 2],
        width: f32,
        shape: &[[f32; 2]],
        dash: Option<[f32; 2]>,
        colour: Color32,
    ) {
        let mut span = to - from;
        if !span.is_finite() || span.x < 0.0 {
            return;
        }
        // What is upright leans a little, so that it has a height in its column.
        span.x = span.x.max(0.01);
        let rise = span.y / span.x;
        let reach = width / 2.0 + 0.5;
        let (mut walked, mut last_x) = (0.0, from.x);
        for column in Self::pixels(from.x - reach, to.x + reach, self.width()) {
            let x = column as f32 + 0.5;
            let [share, slope] = along(shape, (x - from.x) / span.x);
            let middle = from.y + share * span.y;
            let slope = slope * rise;
            // The length of the line in a column, and where it goes.
            let length = (1.0 + slope * slope).sqrt();
            let direction = vec2(1.0 / length, slope / length);
            walked += (x - last_x) * length;
            last_x = x;
            // So far up and down from the line are pixels of this column that it touches.
            let high = reach * length;
            let heights = [middle - high, middle + high];
            let line = |y: f32| across((y - middle) * direction.x, width);
            let dashed = |y: f32| match dash {
                Some(dash) => line(y) * on_dash(walked + (y - middle) * direction.y, dash),
                None => line(y),
            };
            let from_end = (x - from.x).min(to.x - x);
            if from_end < direction.x + high * direction.y.abs() {
                self.mix(column, heights, colour, |y| {
                    let [begun, left] = [pos2(x, y) - from, to - pos2(x, y)];
                    dashed(y) * inside(begun.dot(direction)) * inside(left.dot(direction))
                });
            } else if dash.is_some() {
                self.mix(column, heights, colour, dashed);
            } else {
                self.mix(column, heights, colour, line);
            }
        }
    }
}

/// What is seen where a colour covers so much of a texel, 0..=1.
#[inline(always)]
fn mixed(texel: Color32, colour: Color32, cover: f32) -> Color32 {
    // In 256ths, two parts at a time: floats and bytes are far apart.
    const TWO: u32 = 0x00ff_00ff;
    // The whole part of a number beyond 2²³ are its lowest bits, which costs less than turning it into an integer.
    const BEYOND: f32 = (1 << 23) as f32;
    let cover = (cover * 256.0 + BEYOND).to_bits() - BEYOND.to_bits();
    // Rounded so that no sum of two parts is more than a byte.
    let opacity = u32::from(colour.a()) + u32::from(colour.a() >> 7);
    let stays = 256 - ((cover * opacity + 255) >> 8);
    let [new, old] = [colour, texel].map(|colour| u32::from_le_bytes(colour.to_array()));
    let mix =
        |new: u32, old: u32| (((new & TWO) * cover + (old & TWO) * stays + 0x80_0080) >> 8) & TWO;
    let bytes = (mix(new, old) | mix(new >> 8, old >> 8) << 8).to_le_bytes();
    let mut seen = Color32::TRANSPARENT;
    for part in 0..4 {
        seen[part] = bytes[part];
    }
    seen
}

/// `Vec2::length` takes care of numbers that no picture has, and ten times as long.
#[inline(always)]
fn length(away: Vec2) -> f32 {
    away.length_sq().sqrt()
}

/// How much of a pixel something covers whose edge is `depth` beyond the pixel's middle.
#[inline(always)]
fn inside(depth: f32) -> f32 {
    (depth + 0.5).clamp(0.0, 1.0)
}

/// How much of a pixel a line of `width` covers whose middle is `away` from the pixel's.
#[inline(always)]
fn across(away: f32, width: f32) -> f32 {
    inside(width / 2.0 - away.abs()).min(width)
}

/// How much of a pixel dashes cover that have begun `walked` before it.
#[inline(always)]
fn on_dash(walked: f32, [dash, period]: [f32; 2]) -> f32 {
    // In periods from the middle of the nearest dash.
    let periods = (walked - dash / 2.0) / period;
    let away = (periods - periods.round_ties_even()) * period;
    inside(dash / 2.0 - away.abs())
}

/// A part of the way round.
#[derive(Clone, Copy)]
struct Sector {
    /// What lies to the right of each of these belongs to it: from the top, and on to the end.
    edges: [Vec2; 2],
    /// More than half of the way: what lies to the right of one of them.
    wide: bool,
}

impl Sector {
    /// From the top, clockwise above zero.
    fn new(share: f32) -> Self {
        let way = share.clamp(-1.0, 1.0) * MOST_ROUND * TAU;
        // To the right of the direction that the arc begins with, and of the one it comes from at its end.
        let begins = vec2(share.signum(), 0.0);
        let end = Vec2::angled(way - TAU / 4.0);
        let ends = vec2(end.y, -end.x) * share.signum();
        Self {
            edges: [begins, ends],
            wide: way.abs() > TAU / 2.0,
        }
    }

    /// How much of a pixel belongs to it that is so far from the centre.
    #[inline(always)]
    fn cover(&self, away: Vec2) -> f32 {
        let [begun, left] = self.edges.map(|edge| away.dot(edge));
        inside(if self.wide {
            begun.max(left)
        } else {
            begun.min(left)
        })
    }
}

/// The height and the slope of a straight line, as shares of its span.
const STRAIGHT: [[f32; 2]; 2] = [[0.0, 1.0], [1.0, 1.0]];

/// The same of [`curve`], at evenly spaced places across it.
fn bent() -> Vec<[f32; 2]> {
    const STEPS: usize = 256;
    let speed = |t: f32| 3.0 * BEND + t * ((6.0 - 18.0 * BEND) + t * (18.0 * BEND - 6.0));
    let mut t = 0.0;
    let steps = (0..=STEPS).map(|step| {
        let across = step as f32 / STEPS as f32;
        // Newton's method, from near by: the speed is never 0.
        for _ in 0..3 {
            let place = t * (3.0 * BEND + t * ((3.0 - 9.0 * BEND) + t * (6.0 * BEND - 2.0)));
            t += (across - place) / speed(t);
        }
        [t * t * (3.0 - 2.0 * t), 6.0 * t * (1.0 - t) / speed(t)]
    });
    steps.collect()
}

/// The height and the slope of a line so far across it; before its ends it goes on as it begins there.
#[inline(always)]
fn along(shape: &[[f32; 2]], across: f32) -> [f32; 2] {
    let steps = shape.len() - 1;
    let place = across.clamp(0.0, 1.0) * steps as f32;
    let step = (place as usize).min(steps - 1);
    let ([low, slope], [high, next_slope]) = (shape[step], shape[step + 1]);
    let part = place - step as f32;
    let slope = slope + part * (next_slope - slope);
    let beyond = across - across.clamp(0.0, 1.0);
    [low + part * (high - low) + beyond * slope, slope]
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
    use super::*;

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
            batch.disc(pos2(f32::NAN, 50.0), 10.0, Color32::WHITE);
            batch.disc(pos2(0.0, 119.0), 10.0, Color32::WHITE);
            batch.disc(pos2(-40.0, 500.0), 10.0, Color32::WHITE);
        });
        assert!(all_ink(&image) > 100.0);
        assert_eq!(at(&image, 55, 60), 0.0, "bent lines go from left to right");
    }

    #[test]
    fn colours_mix_as_over_does() {
        // Porter and Duff, "Compositing Digital Images" (1984): over, with premultiplied colours.
        for colour in [0, 1, 63, 127, 128, 200, 254, 255] {
            let colour = Color32::WHITE.gamma_multiply_u8(colour);
            for below in [0, 1, 90, 127, 128, 254, 255] {
                let texel = Color32::WHITE.gamma_multiply_u8(below);
                for cover in (0..=64).map(|step| step as f32 / 64.0) {
                    let seen = f32::from(mixed(texel, colour, cover).r());
                    let opacity = f32::from(colour.a()) * cover / 255.0;
                    let wanted = 255.0 * opacity + f32::from(texel.a()) * (1.0 - opacity);
                    assert!((seen - wanted).abs() <= 2.0, "{seen} for {wanted}");
                }
            }
        }
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
