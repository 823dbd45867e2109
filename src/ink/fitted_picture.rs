use super::fitted_drawing::BOX;
use super::raster::{Canvas, Nib, SOFT_REACH};
use super::resample::{Crop, Placement, resample};
use super::thin::thin;
use super::{Cells, GrayImage, SIDE};
use std::borrow::Cow;

/// A picture brought to the size of the network's picture: its ink, cut out, fills 20×20 cells.
#[derive(Clone, Debug)]
pub(super) struct FittedPicture<'a> {
    picture: Cow<'a, GrayImage>,
    crop: Crop,
    /// Cells a pixel.
    scale: f32,
    /// In cells: how much wider each line is redrawn on either side, where it is too thin to be seen.
    thickening: f32,
}

/// Cells on the longer side of the crop: on its way between cells it gets a soft edge, as drawings have, which fills the box.
const CROP_BOX: f32 = BOX - 2.0 * SOFT_REACH;

/// Less ink than this (of 255) is not ink.
const FAINTEST: u8 = 24;

/// What is fainter than this part of the brightest ink does not count for the crop.
const CROP_PART: f32 = 0.15;

/// Ink no larger than this many pixels is a dot; anything larger is enlarged to fill the box.
const DOT: usize = 3;

/// Lines thinner than this many cells would vanish on the way to 28×28: they are redrawn with the standard pen.
const THINNEST: f32 = 1.8;

impl<'a> FittedPicture<'a> {
    /// `None` where there is no ink. Lines that are too thin or too thick get the width of the standard pen.
    pub(super) fn new(picture: &'a GrayImage, pen_width: f32) -> Option<Self> {
        let crop = ink_crop(picture)?;
        match thin(picture, crop, CROP_BOX, pen_width) {
            Some(thinned) => {
                let crop = ink_crop(&thinned)?;
                Some(Self::of_crop(Cow::Owned(thinned), crop, pen_width))
            }
            None => Some(Self::of_crop(Cow::Borrowed(picture), crop, pen_width)),
        }
    }

    fn of_crop(picture: Cow<'a, GrayImage>, crop: Crop, pen_width: f32) -> Self {
        let fill = |side: f32| side / crop.longest_side() as f32;
        let is_dot = crop.longest_side() <= DOT;
        let scale = if is_dot { 1.0 } else { fill(CROP_BOX) };
        let width = line_width(&picture, crop) * scale;
        if width < THINNEST && !is_dot {
            let thickening = (pen_width - width) / 2.0;
            Self {
                picture,
                crop,
                scale: fill(CROP_BOX - 2.0 * thickening),
                thickening,
            }
        } else {
            Self {
                picture,
                crop,
                scale,
                thickening: 0.0,
            }
        }
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
        } else {
            self.render_resampled(origin)
        }
    }

    /// The ink alone, for showing.
    pub(super) fn cropped(&self, side: usize) -> GrayImage {
        thumbnail(&self.picture, self.crop, side)
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
            // Nothing is divided by zero: a crop has ink.
            *cell = (value / brightest * 255.0 + 0.5) as u8;
        }
        cells
    }

    /// Every pixel of ink as a dot of the pen.
    fn render_thickened(&self, origin: [f32; 2]) -> Cells {
        let mut canvas = Canvas::new(SIDE, SIDE);
        let brightest = brightest(&self.picture);
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
        let mut cells = Cells::BLANK;
        for (cell, ink) in cells.0.iter_mut().zip(canvas.coverage()) {
            *cell = ink;
        }
        cells
    }
}

/// The crop within a picture of `side`×`side`, as large as it fits, in the middle.
pub(super) fn thumbnail(picture: &GrayImage, crop: Crop, side: usize) -> GrayImage {
    let scale = side as f32 / crop.longest_side().max(1) as f32;
    let middle = side as f32 / 2.0;
    let placement = Placement {
        scale,
        origin: [
            middle - crop.width as f32 * scale / 2.0,
            middle - crop.height as f32 * scale / 2.0,
        ],
    };
    let values = resample(picture, crop, placement, side, side);
    GrayImage {
        width: side,
        height: side,
        ink: values
            .into_iter()
            .map(|value| (value + 0.5) as u8)
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

fn brightest(picture: &GrayImage) -> u8 {
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
