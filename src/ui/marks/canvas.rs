//! Pixels, and how lines and round things are mixed into them.

use crate::ink::whole;
use egui::{Color32, ColorImage, Pos2, Vec2, pos2, vec2};
use std::f32::consts::TAU;
use std::ops::Range;
use std::sync::LazyLock;

/// A picture while it is mixed, column after column: most marks touch a few pixels of each of many columns.
pub(super) struct Canvas {
    /// Of a column: a multiple of [`LANES`].
    height: usize,
    texels: Vec<Color32>,
}

/// All of a ring, or the `share` (−1..=1) of the way round from the top: clockwise above zero.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Ring {
    pub centre: Pos2,
    pub radius: f32,
    pub width: f32,
    pub share: Option<f32>,
}

/// Where a line is in some columns next to each other.
struct Stretch {
    /// Of its middle, from where the line begins.
    heights: [f32; LANES],
    /// Of the line in a column of one pixel.
    lengths: [f32; LANES],
    /// To the right and down: the direction in which it goes, one pixel far.
    directions: [[f32; LANES]; 2],
}

/// So many pixels are mixed at once, and so many columns of a line found out.
const LANES: usize = 8;

/// How far the handles of a curve lie from its ends, as a share of the way across.
pub(super) const BEND: f32 = 0.45;
/// How far an arc goes round at most, so that its two ends are told apart.
pub(super) const MOST_ROUND: f32 = 0.98;

impl Canvas {
    /// Nothing yet, of so many pixels across and down.
    pub(super) fn blank([width, height]: [usize; 2]) -> Self {
        let height = Self::height(height);
        Self {
            height,
            texels: vec![Color32::TRANSPARENT; width * height],
        }
    }

    /// Rows of texels of a picture that is so high.
    pub(super) fn height(pixels: usize) -> usize {
        pixels.next_multiple_of(LANES)
    }

    /// The texels with the columns of the picture for rows.
    pub(super) fn into_image(self) -> ColorImage {
        ColorImage::new([self.height, self.width()], self.texels)
    }

    #[inline(always)]
    pub(super) fn disc(&mut self, centre: Pos2, radius: f32, colour: Color32) {
        self.round(centre, radius, colour, |away| inside(radius - length(away)));
    }

    #[inline(always)]
    pub(super) fn ring(&mut self, ring: Ring, colour: Color32) {
        let Ring {
            centre,
            radius,
            width,
            share,
        } = ring;
        let reach = radius + width / 2.0;
        let ring = |away| across(length(away) - radius, width);
        match share {
            None => self.round(centre, reach, colour, ring),
            Some(share) => {
                let arc = Sector::new(share);
                self.round(centre, reach, colour, |away| ring(away) * arc.cover(away));
            }
        }
    }

    fn width(&self) -> usize {
        self.texels.len() / self.height
    }

    /// The columns or rows of pixels between two places, as far as there are any.
    #[inline(always)]
    fn pixels(from: f32, to: f32, count: usize) -> Range<usize> {
        // `as` takes what is below zero and what is no number to 0.
        from as usize..(to as usize).saturating_add(1).min(count)
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
        // Whole vectors, from the first row on, or so that they end with the column.
        let count = rows.len().next_multiple_of(LANES);
        let start = rows.start.min(self.height - count);
        let column = &mut self.texels[column * self.height..][..self.height];
        let touched = &mut column[start..][..count];
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
    pub(super) fn line(
        &mut self,
        [from, to]: [Pos2; 2],
        width: f32,
        shape: &[[f32; 2]],
        dash: Option<[f32; 2]>,
        colour: Color32,
    ) {
        // Far beyond any screen, where the squares of numbers end; what is no number is not below it either.
        const FAR: f32 = 1e9;
        let mut span = to - from;
        let within = span.x >= 0.0 && span.x < FAR && span.y.abs() < FAR;
        if !within {
            return;
        }
        // What is upright leans a little, so that it has a height in its column.
        span.x = span.x.max(0.01);
        let reach = width / 2.0 + 0.5;
        let (mut walked, mut last_x) = (0.0, from.x);
        let columns = Self::pixels(from.x - reach, to.x + reach, self.width());
        for first in columns.clone().step_by(LANES) {
            let stretch = Stretch::new(shape, first as f32 + 0.5 - from.x, span);
            for (lane, column) in (first..columns.end.min(first + LANES)).enumerate() {
                let x = column as f32 + 0.5;
                let middle = from.y + stretch.heights[lane];
                let length = stretch.lengths[lane];
                let [right, down] = stretch.directions;
                let direction = vec2(right[lane], down[lane]);
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
}

impl Stretch {
    /// From the column on whose middle is so far from where the line begins.
    #[inline(always)]
    fn new(shape: &[[f32; 2]], first: f32, span: Vec2) -> Self {
        let [mut heights, mut slopes] = [[0.0; LANES]; 2];
        for lane in 0..LANES {
            let [share, slope] = along(shape, (first + lane as f32) / span.x);
            heights[lane] = share * span.y;
            slopes[lane] = slope * (span.y / span.x);
        }
        let lengths = slopes.map(|slope: f32| (1.0 + slope * slope).sqrt());
        let right = lengths.map(|length| 1.0 / length);
        let down = std::array::from_fn(|lane| slopes[lane] / lengths[lane]);
        Self {
            heights,
            lengths,
            directions: [right, down],
        }
    }
}

/// What is seen where a colour covers so much of a texel, 0..=1.
#[inline(always)]
fn mixed(texel: Color32, colour: Color32, cover: f32) -> Color32 {
    // In 256ths, two parts at a time: floats and bytes are far apart.
    const TWO: u32 = 0x00ff_00ff;
    let cover = whole(cover * 256.0);
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
pub(super) const STRAIGHT: [[f32; 2]; 2] = [[0.0, 1.0], [1.0, 1.0]];

/// The same of [`curve`](super::curve), at evenly spaced places across it.
pub(super) static BENT: LazyLock<Vec<[f32; 2]>> = LazyLock::new(|| {
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
});

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
