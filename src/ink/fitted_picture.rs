use super::fitted_drawing::BOX;
use super::raster::{Canvas, Nib, SOFT_REACH};
use super::resample::{Crop, Placement, resample};
use super::thin::{PIXELS_PER_CELL, thin};
use super::{Cells, GrayImage, SIDE, Step, Steps};
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// A picture brought to the size of the network's picture, mostly so that its ink fills 20×20 cells.
#[derive(Clone, Debug)]
pub(super) struct FittedPicture<'a> {
    picture: Cow<'a, GrayImage>,
    crop: Crop,
    /// Cells a pixel.
    scale: f32,
    /// Where the middle of the crop is as long as nothing moves it, in cells.
    home: [f32; 2],
    /// In cells: how much wider each line is redrawn on either side, where it is too thin to be seen.
    thickening: f32,
    /// What full ink becomes; `None` where the brightest ink is made full.
    full: Option<u8>,
}

/// Cells on the longer side of the crop: on its way between cells it gets a soft edge, as drawings have, which fills the box.
const CROP_BOX: f32 = BOX - 2.0 * SOFT_REACH;

/// Ink of so many pixels fills the box as it is: bringing it to the very size would only blur it.
pub(super) const FITTING: RangeInclusive<usize> = 18..=22;

/// Less ink than this (of 255) is not ink.
const FAINTEST: u8 = 24;

/// What is fainter than this part of the brightest ink does not count for the crop.
const CROP_PART: f32 = 0.15;

/// Ink no larger than this many pixels is a dot; anything larger is enlarged to fill the box.
const DOT: usize = 3;

/// Lines thinner than this many cells would vanish on the way to 28×28: they are redrawn with the standard pen.
const THINNEST: f32 = 1.7;

/// So much steeper the edges of a tiny picture are made at most: beyond, thin lines would break.
const STEEPEST: f32 = 2.0;

/// Ink that stays as it is while edges are made steeper: below the half, as a thin line between two pixels has no more.
const EDGE: f32 = 0.4;

impl<'a> FittedPicture<'a> {
    /// `None` where there is no ink. Lines that are too thin or too thick get the width of the standard pen, and the
    /// brightest ink becomes full, unless the `steps` leave that out.
    pub(super) fn new(picture: &'a GrayImage, pen_width: f32, steps: Steps) -> Option<Self> {
        let crop = ink_crop(picture)?;
        let mut fitted = Self {
            picture: Cow::Borrowed(picture),
            crop,
            scale: SIDE as f32 / picture.width.max(picture.height) as f32,
            home: [SIDE as f32 / 2.0; 2],
            thickening: 0.0,
            full: (!steps.has(Step::Brightness)).then_some(brightest(picture)),
        };
        let fills_box = steps.has(Step::Fit) && crop.longest_side() > DOT;
        if fills_box {
            fitted.fill(CROP_BOX);
        } else if steps.has(Step::Fit) {
            fitted.scale = 1.0;
        } else {
            fitted.home = fitted.place_in_whole();
        }
        if !steps.has(Step::Thickness) {
            return Some(fitted);
        }
        if let Some(thinned) = thin(picture, crop, fitted.scale, pen_width) {
            fitted.crop = ink_crop(&thinned)?;
            fitted.picture = Cow::Owned(thinned);
            fitted.scale = 1.0 / PIXELS_PER_CELL;
            if fills_box {
                fitted.fill(CROP_BOX);
            }
        }
        let width = line_width(&fitted.picture, fitted.crop) * fitted.scale;
        if width < THINNEST && crop.longest_side() > DOT {
            fitted.thickening = (pen_width - width) / 2.0;
            if fills_box {
                fitted.fill(CROP_BOX - 2.0 * fitted.thickening);
            }
        }
        Some(fitted)
    }

    /// Where the middle of the ink is as long as nothing moves it, in cells.
    pub(super) fn home(&self) -> [f32; 2] {
        self.home
    }

    /// Width and height of the ink, in cells.
    pub(super) fn extent(&self) -> [f32; 2] {
        let edge = if self.thickening > 0.0 {
            2.0 * (self.thickening + SOFT_REACH)
        } else {
            0.0
        };
        [self.crop.width, self.crop.height].map(|side| side as f32 * self.scale + edge)
    }

    /// The ink with the middle of its crop at `middle`, in cells.
    pub(super) fn render(&self, middle: [f32; 2]) -> Cells {
        let origin = [
            middle[0] - self.crop.width as f32 * self.scale / 2.0,
            middle[1] - self.crop.height as f32 * self.scale / 2.0,
        ];
        if self.thickening > 0.0 {
            self.render_thickened(origin)
        } else if self.scale == 1.0 {
            // Pixels that are as large as cells move by whole cells, as MNIST's did.
            self.render_resampled(origin.map(f32::round))
        } else {
            self.render_resampled(origin)
        }
    }

    fn fill(&mut self, side: f32) {
        let longest = self.crop.longest_side();
        self.scale = if side == CROP_BOX && FITTING.contains(&longest) {
            1.0
        } else {
            side / longest as f32
        };
    }

    /// The middle of the crop while the whole picture, not the crop, fills the cells.
    fn place_in_whole(&self) -> [f32; 2] {
        let Crop {
            left,
            top,
            width,
            height,
        } = self.crop;
        let middle = SIDE as f32 / 2.0;
        let from_middle = |start: usize, length: usize, whole: usize| {
            middle + (start as f32 + (length as f32 - whole as f32) / 2.0) * self.scale
        };
        [
            from_middle(left, width, self.picture.width),
            from_middle(top, height, self.picture.height),
        ]
    }

    fn render_resampled(&self, origin: [f32; 2]) -> Cells {
        let placement = Placement {
            scale: self.scale,
            origin,
        };
        let values = resample(&self.picture, self.crop, placement, SIDE, SIDE);
        let brightest = values.iter().copied().fold(0.0, f32::max);
        let mut cells = Cells::BLANK;
        for (cell, value) in cells.0.iter_mut().zip(values) {
            *cell = match self.full {
                // Nothing is divided by zero: a crop has ink.
                None => (self.sharpened(value / brightest) * 255.0 + 0.5) as u8,
                // A picture that was thinned has full ink, whatever it was made of.
                Some(full) => (value / f32::from(self.brightest()) * f32::from(full) + 0.5) as u8,
            };
        }
        cells
    }

    /// Every pixel of ink as a dot of the pen.
    fn render_thickened(&self, origin: [f32; 2]) -> Cells {
        let mut canvas = Canvas::new(SIDE, SIDE);
        let brightest = self.brightest();
        for (y, row) in self.crop.rows(&self.picture).enumerate() {
            for (x, &ink) in row.iter().enumerate() {
                if is_inked(ink, brightest) {
                    canvas.dot(Nib {
                        x: origin[0] + (x as f32 + 0.5) * self.scale,
                        y: origin[1] + (y as f32 + 0.5) * self.scale,
                        radius: self.thickening + self.scale / 2.0,
                    });
                }
            }
        }
        let mut cells = canvas.into_cells();
        if let Some(full) = self.full {
            for cell in &mut cells.0 {
                *cell = (f32::from(*cell) * f32::from(full) / 255.0 + 0.5) as u8;
            }
        }
        cells
    }

    /// Ink 0..=1 of a picture that was enlarged, whose soft edges grew with it, with its edges as steep as others are.
    fn sharpened(&self, ink: f32) -> f32 {
        let steeper = self.scale.clamp(1.0, STEEPEST);
        ((ink - EDGE) * steeper + EDGE).clamp(0.0, 1.0)
    }

    fn brightest(&self) -> u8 {
        brightest(&self.picture)
    }
}

/// The picture within one of `side`×`side`, as large as it fits, in the middle, so much brighter.
pub(super) fn thumbnail(picture: &GrayImage, side: usize, gain: f32) -> GrayImage {
    let scale = side as f32 / picture.width.max(picture.height).max(1) as f32;
    let middle = side as f32 / 2.0;
    let placement = Placement {
        scale,
        origin: [
            middle - picture.width as f32 * scale / 2.0,
            middle - picture.height as f32 * scale / 2.0,
        ],
    };
    let values = resample(picture, Crop::whole(picture), placement, side, side);
    GrayImage {
        width: side,
        height: side,
        ink: values
            .into_iter()
            .map(|value| (value * gain + 0.5) as u8)
            .collect(),
    }
}

/// The ink of a picture without what is faint; `None` where there is none.
fn ink_crop(picture: &GrayImage) -> Option<Crop> {
    let brightest = brightest(picture);
    let threshold = (f32::from(brightest) * CROP_PART).ceil() as u8;
    (brightest >= FAINTEST)
        .then(|| Crop::around_ink(picture, threshold))
        .flatten()
}

/// The most ink that any pixel has.
pub(super) fn brightest(picture: &GrayImage) -> u8 {
    picture.ink.iter().copied().max().unwrap_or(0)
}

fn is_inked(ink: u8, brightest: u8) -> bool {
    u16::from(ink) * 2 >= u16::from(brightest)
}

/// Mean width of the lines in pixels: twice the area over the length of the outline.
pub(super) fn line_width(picture: &GrayImage, crop: Crop) -> f32 {
    let brightest = brightest(picture);
    let mut area = 0_u32;
    let mut steps = 0_u32;
    let mut above = vec![false; crop.width];
    for row in crop.rows(picture) {
        let mut left = false;
        for (above, &ink) in above.iter_mut().zip(row) {
            let here = is_inked(ink, brightest);
            area += u32::from(here);
            steps += u32::from(here != left) + u32::from(here != *above);
            left = here;
            *above = here;
        }
        steps += u32::from(left);
    }
    steps += above.iter().map(|&inked| u32::from(inked)).sum::<u32>();
    // Going round pixel edges is 4/π longer than the outline itself, averaged over all directions.
    2.0 * area as f32 / (steps as f32 * std::f32::consts::FRAC_PI_4)
}
