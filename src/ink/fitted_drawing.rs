use super::raster::{Canvas, Nib, SOFT_REACH};
use super::{Cells, Drawing, GrayImage, SIDE};

/// A drawing brought to the size of the network's picture: its ink, redrawn with one pen, fills 20×20 cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct FittedDrawing<'a> {
    drawing: &'a Drawing,
    /// Middle of the box around all points, in the drawing's units.
    middle: [f64; 2],
    /// Width and height of that box.
    size: [f64; 2],
    /// Cells a unit.
    scale: f64,
    /// In cells.
    pen_width: f32,
}

/// Cells on the longer side of the ink, its faintest edge included (LeCun, Cortes and Burges: MNIST).
pub(super) const BOX: f32 = 20.0;

/// Three points or fewer within this part of the pad are a tap, not a tiny digit.
const TAP: f64 = 0.01;

impl<'a> FittedDrawing<'a> {
    /// `None` where nothing is drawn. A tap becomes a dot, not a line that fills the box.
    pub(super) fn new(drawing: &'a Drawing, pen_width: f32) -> Option<Self> {
        if drawing.is_blank() {
            return None;
        }
        // In f64, so that neither huge nor tiny coordinates overflow.
        let mut low = [f64::INFINITY; 2];
        let mut high = [f64::NEG_INFINITY; 2];
        for point in drawing.strokes.iter().flat_map(|stroke| &stroke.points) {
            for (axis, value) in [f64::from(point.x), f64::from(point.y)]
                .into_iter()
                .enumerate()
            {
                low[axis] = low[axis].min(value);
                high[axis] = high[axis].max(value);
            }
        }
        let size = [high[0] - low[0], high[1] - low[1]];
        let longest = size[0].max(size[1]);
        let pad = f64::from(drawing.size[0].max(drawing.size[1]));
        let is_tap = drawing.point_count() <= 3 && longest <= TAP * pad;
        let scale = if is_tap || longest <= 0.0 {
            0.0
        } else {
            f64::from(BOX - ink_around(pen_width)) / longest
        };
        Some(Self {
            drawing,
            middle: [(low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0],
            size,
            scale,
            pen_width,
        })
    }

    /// Width and height of the ink with its soft edge, in cells.
    pub(super) fn extent(&self) -> [f32; 2] {
        self.size
            .map(|side| (side * self.scale) as f32 + ink_around(self.pen_width))
    }

    /// The ink with the middle of its box at `middle`, in cells.
    pub(super) fn render(&self, middle: [f32; 2]) -> Cells {
        let mut canvas = Canvas::new(SIDE, SIDE);
        canvas.draw(self.drawing, |_, point| Nib {
            x: middle[0] + ((f64::from(point.x) - self.middle[0]) * self.scale) as f32,
            y: middle[1] + ((f64::from(point.y) - self.middle[1]) * self.scale) as f32,
            radius: self.pen_width / 2.0,
        });
        let mut cells = Cells::BLANK;
        for (cell, ink) in cells.0.iter_mut().zip(canvas.coverage()) {
            *cell = ink;
        }
        cells
    }

    /// The ink as it was drawn, with its own pens, cut out: for showing.
    pub(super) fn cropped(&self, side: usize) -> GrayImage {
        let strokes = &self.drawing.strokes;
        let pen = strokes
            .iter()
            .fold(0.0_f32, |widest, s| widest.max(s.width));
        let longest = self.size[0].max(self.size[1]) + f64::from(pen);
        let scale = if longest > 0.0 {
            side as f64 / longest
        } else {
            0.0
        };
        let middle = side as f32 / 2.0;
        let mut canvas = Canvas::new(side, side);
        canvas.draw(self.drawing, |stroke, point| Nib {
            x: middle + ((f64::from(point.x) - self.middle[0]) * scale) as f32,
            y: middle + ((f64::from(point.y) - self.middle[1]) * scale) as f32,
            radius: (f64::from(stroke.width) * scale / 2.0) as f32,
        });
        canvas.into_picture()
    }
}

/// How much larger ink is than the box around its points: the pen and its soft edge, on either side, in cells.
fn ink_around(pen_width: f32) -> f32 {
    pen_width + 2.0 * SOFT_REACH
}
