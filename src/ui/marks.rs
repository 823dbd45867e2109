//! Many soft lines, discs and rings in one mesh, at two to six triangles a piece.
//!
//! egui makes a soft edge of triangles: ten for a dash, a hundred for a ring. A network in sight has thousands of both, and
//! where the processor paints each triangle takes about a microsecond. Here a small texture holds the soft edges.

use super::heatmap::KeyedTexture;
use super::theme::Palette;
use egui::epaint::{CubicBezierShape, Vertex};
use egui::{Color32, ColorImage, Mesh, Pos2, Shape, Stroke, Ui, Vec2, pos2, vec2};
use std::f32::consts::{FRAC_PI_2, FRAC_PI_4, TAU};

/// The texture of the marks, made anew when their sizes change.
#[derive(Default)]
pub struct Marks {
    texture: KeyedTexture<Sheet>,
}

/// What the texture holds: a row for each width of a line, and below them a row of three tiles for each radius: a disc, a
/// thin ring and a bold one. One texel is one pixel, but for the finer places across a line.
#[derive(Clone, PartialEq)]
struct Sheet {
    pixels_per_point: f32,
    /// In pixels, in steps of [`STEP`].
    radii: Vec<f32>,
}

/// Where the tiles of one radius are in the texture.
#[derive(Clone, Copy)]
struct Row {
    /// In pixels.
    radius: f32,
    /// First texel row of the three tiles.
    top: usize,
    /// Texels on a side of each.
    side: usize,
}

/// Marks that are painted together.
pub struct Batch {
    mesh: Mesh,
    rows: Vec<Row>,
    pixels_per_point: f32,
    /// Of the texture, in texels.
    size: Vec2,
}

/// Widths and radii are rounded to so many pixels.
const STEP: f32 = 0.25;
/// Lines have up to so many of these steps.
const WIDTHS: usize = 32;
/// Places across a line on each pixel, and pixels across the widest line with its soft edges.
const FINENESS: usize = 8;
const ACROSS: usize = 10;

/// In points: a dash, and the gap after it.
const DASH: f32 = 6.0;
const GAP: f32 = 4.0;

#[derive(Clone, Copy)]
enum Tile {
    Disc,
    Ring,
    BoldRing,
}

impl Marks {
    /// Begins a batch whose discs and rings have these radii, in points.
    pub fn begin(&mut self, ui: &Ui, radii: impl IntoIterator<Item = f32>) -> Batch {
        let pixels_per_point = ui.ctx().pixels_per_point();
        let in_steps = |radius: f32| (radius * pixels_per_point / STEP).round() * STEP;
        let sheet = Sheet {
            pixels_per_point,
            radii: radii.into_iter().map(in_steps).collect(),
        };
        let mut batch = sheet.batch();
        batch.mesh.texture_id = self.texture.texture(ui.ctx(), sheet, || batch.image());
        batch
    }
}

impl Sheet {
    /// An empty batch with everything in its place in the texture.
    fn batch(&self) -> Batch {
        let mut rows = Vec::with_capacity(self.radii.len());
        let mut size = [ACROSS * FINENESS, WIDTHS + 1];
        for &radius in &self.radii {
            let reach = (radius + 1.2 * self.pixels_per_point + 0.5).ceil() as usize;
            let side = 2 * reach + 1;
            let top = size[1];
            rows.push(Row { radius, top, side });
            size = [size[0].max(3 * side), top + side];
        }
        Batch {
            mesh: Mesh::default(),
            rows,
            pixels_per_point: self.pixels_per_point,
            size: vec2(size[0] as f32, size[1] as f32),
        }
    }
}

/// How much of a pixel a line of `width` pixels covers whose middle is `away` from the pixel's.
fn cover(away: f32, width: f32) -> f32 {
    (width / 2.0 + 0.5 - away.abs())
        .clamp(0.0, 1.0)
        .min(width.max(0.0))
}

impl Batch {
    /// The texture.
    fn image(&self) -> ColorImage {
        let [width, height] = [self.size.x as usize, self.size.y as usize];
        let mut image = ColorImage::filled([width, height], Color32::TRANSPARENT);
        let mut put = |x: usize, y: usize, cover: f32| {
            image.pixels[y * width + x] = Color32::WHITE.gamma_multiply(cover);
        };
        for row in 0..=WIDTHS {
            for place in 0..ACROSS * FINENESS {
                let middle = (ACROSS * FINENESS) as f32 / 2.0;
                let away = (place as f32 + 0.5 - middle) / FINENESS as f32;
                put(place, row, cover(away, row as f32 * STEP));
            }
        }
        let point = self.pixels_per_point;
        for &Row { radius, top, side } in &self.rows {
            let middle = (side / 2) as f32;
            let bold = (radius * 0.24).clamp(point, 2.4 * point);
            for (y, x) in (0..side).flat_map(|y| (0..side).map(move |x| (y, x))) {
                let away = vec2(x as f32 - middle, y as f32 - middle).length();
                put(x, top + y, cover(away, 2.0 * radius));
                put(side + x, top + y, cover(away - radius, point));
                put(2 * side + x, top + y, cover(away - radius, bold));
            }
        }
        image
    }

    /// A line through `points`, up to 8 pixels wide.
    pub fn line(&mut self, points: &[Pos2], stroke: Stroke) {
        let pixels = stroke.width * self.pixels_per_point;
        let row = (pixels / STEP).round().clamp(1.0, WIDTHS as f32);
        let half = (row * STEP + 1.0) / 2.0;
        let middle = (ACROSS * FINENESS) as f32 / 2.0;
        for (index, &point) in points.iter().enumerate() {
            let before = points[index.saturating_sub(1)];
            let after = points[(index + 1).min(points.len() - 1)];
            let out = (after - before).normalized().rot90() * (half / self.pixels_per_point);
            for side in [-1.0, 1.0] {
                let texel = vec2(middle + side * half * FINENESS as f32, row + 0.5);
                self.vertex(point + side * out, texel, stroke.color);
            }
            if index > 0 {
                let end = self.mesh.vertices.len() as u32;
                self.mesh.add_triangle(end - 4, end - 3, end - 2);
                self.mesh.add_triangle(end - 3, end - 2, end - 1);
            }
        }
    }

    /// The same in dashes.
    pub fn dashes(&mut self, points: &[Pos2], stroke: Stroke) {
        let mut walked = 0.0;
        for pair in points.windows(2) {
            let [from, to] = [pair[0], pair[1]];
            let length = from.distance(to);
            let mut dash = (walked / (DASH + GAP)).floor() * (DASH + GAP) - walked;
            while dash < length {
                let [start, end] = [dash.max(0.0), (dash + DASH).min(length)];
                if start < end {
                    let at = |place: f32| from.lerp(to, place / length);
                    self.line(&[at(start), at(end)], stroke);
                }
                dash += DASH + GAP;
            }
            walked += length;
        }
    }

    /// A disc of the radius that stands at `size` in the list the batch was begun with.
    pub fn disc(&mut self, size: usize, centre: Pos2, colour: Color32) {
        self.whole(size, Tile::Disc, centre, colour);
    }

    /// A ring of that radius, a point wide.
    pub fn ring(&mut self, size: usize, centre: Pos2, colour: Color32) {
        self.whole(size, Tile::Ring, centre, colour);
    }

    /// An arc of that radius from the top, `share` (−1..=1) of the way round: clockwise above zero.
    pub fn arc(&mut self, size: usize, centre: Pos2, share: f32, colour: Color32) {
        let share = share.clamp(-1.0, 1.0);
        if share.is_nan() || share == 0.0 {
            return;
        }
        let way = share.abs() * TAU * 0.98;
        // To the corners of the tile that lie within, and then to the end.
        let corners = (0..4).map(|corner| FRAC_PI_4 + corner as f32 * FRAC_PI_2);
        let turns = corners.take_while(|turn| *turn < way).chain([way]);
        let edge = |turn: f32| {
            let direction = Vec2::angled(turn * share.signum() - FRAC_PI_2);
            direction / direction.abs().max_elem()
        };
        let mut last = edge(0.0);
        for turn in turns {
            let next = edge(turn);
            let places = [Vec2::ZERO, last, next];
            self.polygon(size, Tile::BoldRing, centre, &places, colour);
            last = next;
        }
    }

    /// What is in the batch so far, to be painted.
    pub fn into_shape(self) -> Shape {
        Shape::mesh(self.mesh)
    }

    fn whole(&mut self, size: usize, tile: Tile, centre: Pos2, colour: Color32) {
        let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
        let corners = corners.map(|(x, y)| vec2(x, y));
        self.polygon(size, tile, centre, &corners, colour);
    }

    /// A part of a tile; `places` are measured from its middle to its edges, −1..=1. Its texels fall on pixels.
    fn polygon(&mut self, size: usize, tile: Tile, centre: Pos2, places: &[Vec2], colour: Color32) {
        let Some(&Row { top, side, .. }) = self.rows.get(size) else {
            return;
        };
        let (scale, side) = (self.pixels_per_point, side as f32);
        let left = side * f32::from(tile as u8);
        let middle = vec2(left, top as f32) + Vec2::splat(side / 2.0);
        let on_pixel = |place: f32| ((place * scale).floor() + 0.5) / scale;
        let centre = pos2(on_pixel(centre.x), on_pixel(centre.y));
        let first = self.mesh.vertices.len() as u32;
        for &place in places {
            let away = place * side / 2.0;
            self.vertex(centre + away / scale, middle + away, colour);
        }
        for corner in 2..places.len() as u32 {
            self.mesh
                .add_triangle(first, first + corner - 1, first + corner);
        }
    }

    fn vertex(&mut self, pos: Pos2, texel: Vec2, color: Color32) {
        let uv = (texel / self.size).to_pos2();
        self.mesh.vertices.push(Vertex { pos, uv, color });
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
    let line = curve(ends, stroke);
    let steps = (ends[0].distance(ends[1]) / 12.0).ceil().clamp(1.0, 24.0) as usize;
    let points: Vec<Pos2> = (0..=steps)
        .map(|step| line.sample(step as f32 / steps as f32))
        .collect();
    if strength < 0.0 {
        batch.dashes(&points, stroke);
    } else {
        batch.line(&points, stroke);
    }
}

/// Paints a bias as an arc on the ring of a unit, −1..=1 of the way round: clockwise above zero.
pub fn paint_ring(batch: &mut Batch, palette: &Palette, size: usize, centre: Pos2, bias: f32) {
    batch.ring(size, centre, palette.outline);
    let colour = if bias < 0.0 {
        palette.negative
    } else {
        palette.positive
    };
    batch.arc(size, centre, bias, colour);
}

/// A line that leaves and arrives level, so that bundles stay readable.
pub fn curve([from, to]: [Pos2; 2], stroke: Stroke) -> CubicBezierShape {
    let bend = vec2((to.x - from.x) * 0.45, 0.0);
    let points = [from, from + bend, to - bend, to];
    CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(radii: &[f32]) -> Batch {
        let sheet = Sheet {
            pixels_per_point: 1.0,
            radii: radii.to_vec(),
        };
        sheet.batch()
    }

    /// The ink of a part of the sheet, in texels.
    fn ink(
        image: &ColorImage,
        columns: std::ops::Range<usize>,
        rows: std::ops::Range<usize>,
    ) -> f32 {
        let texel = |y: usize, x: usize| f32::from(image.pixels[y * image.width() + x].a()) / 255.0;
        rows.map(|y| columns.clone().map(|x| texel(y, x)).sum::<f32>())
            .sum()
    }

    #[test]
    fn a_line_has_as_much_ink_across_as_it_is_wide() {
        let image = batch(&[]).image();
        for row in 0..=WIDTHS {
            let width = ink(&image, 0..image.width(), row..row + 1) / FINENESS as f32;
            assert!((width - row as f32 * STEP).abs() < 0.02, "{row}: {width}");
        }
    }

    #[test]
    fn a_disc_and_its_rings_have_the_area_of_circles() {
        let batch = batch(&[6.0, 11.25]);
        let image = batch.image();
        for Row { radius, top, side } in batch.rows {
            let tile = |tile: usize| ink(&image, tile * side..(tile + 1) * side, top..top + side);
            let circle = TAU * radius;
            let bold = (0.24 * radius).min(2.4);
            for (found, wanted) in [
                (tile(0), circle * radius / 2.0),
                (tile(1), circle),
                (tile(2), circle * bold),
            ] {
                assert!((found / wanted - 1.0).abs() < 0.02, "{found} {wanted}");
            }
        }
    }

    /// Twice the area of the triangles, with the sign of the way round.
    fn signed_area(mesh: &Mesh) -> f32 {
        let corner = |index: u32| mesh.vertices[index as usize].pos;
        mesh.indices
            .chunks_exact(3)
            .map(|triangle| {
                let [a, b, c] = [0, 1, 2].map(|place| corner(triangle[place]));
                (b - a).x * (c - a).y - (b - a).y * (c - a).x
            })
            .sum()
    }

    #[test]
    fn an_arc_goes_round_by_its_share_and_to_the_side_of_its_sign() {
        let tile = |share: f32| {
            let mut batch = batch(&[6.0]);
            batch.arc(0, pos2(20.0, 20.0), share, Color32::WHITE);
            assert!(batch.mesh.indices.len() <= 3 * 5);
            signed_area(&batch.mesh)
        };
        let whole = 2.0 * (batch(&[6.0]).rows[0].side as f32).powi(2);
        // An eighth of the way round is an eighth of a square; the whole way lacks a gap.
        assert!((tile(0.125 / 0.98) - whole / 8.0).abs() < 1e-2);
        assert!((tile(-0.5 / 0.98) + whole / 2.0).abs() < 1e-2);
        assert!(tile(1.0) < whole && tile(1.0) > 0.97 * whole);
        assert_eq!(tile(0.0), 0.0);
        assert_eq!(tile(f32::NAN), 0.0);
    }

    #[test]
    fn dashes_cover_six_of_ten_points_around_corners_too() {
        let points = [pos2(0.0, 0.0), pos2(33.0, 0.0), pos2(33.0, 67.0)];
        let mut batch = batch(&[]);
        batch.dashes(&points, Stroke::new(1.0, Color32::WHITE));
        let length: f32 = batch
            .mesh
            .vertices
            .chunks_exact(4)
            .map(|dash| {
                (dash[0].pos + (dash[1].pos - dash[0].pos) / 2.0)
                    .distance(dash[2].pos + (dash[3].pos - dash[2].pos) / 2.0)
            })
            .sum();
        assert!((length - 60.0).abs() < 1e-3, "{length}");
    }
}
