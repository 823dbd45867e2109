use super::raster::{Canvas, Nib, SOFT_REACH, pen_at};
use super::{Cells, Drawing, SIDE};

/// A drawing brought to the size of the network's picture and inked there, mostly so that its ink fills 20×20 cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct FittedDrawing<'a> {
    drawing: &'a Drawing,
    /// Middle of the box around all points, in the drawing's units.
    middle: [f64; 2],
    /// Width and height of that box.
    size: [f64; 2],
    /// Cells a unit.
    scale: f64,
    /// Where the middle of the box is as long as nothing moves it, in cells.
    home: [f32; 2],
    /// In cells; `None` for the pens that the strokes were drawn with.
    pen_width: Option<f32>,
}

/// Cells on the longer side of the ink, its faintest edge included (LeCun, Cortes and Burges: MNIST).
pub(super) const BOX: f32 = 20.0;

/// Three points or fewer within this part of the pad are a tap, not a tiny digit.
const TAP: f64 = 0.01;

impl<'a> FittedDrawing<'a> {
    /// The ink alone, fitted into the box and redrawn with one pen, or with its own pens. `None` where nothing is
    /// drawn. A tap becomes a dot, not a line that fills the box.
    pub(super) fn new(drawing: &'a Drawing, pen_width: Option<f32>) -> Option<Self> {
        let mut fitted = Self::of_whole_pad(drawing, pen_width)?;
        let longest = fitted.size[0].max(fitted.size[1]);
        let pad = f64::from(drawing.size[0].max(drawing.size[1]));
        let is_tap = drawing.point_count() <= 3 && longest <= TAP * pad;
        match pen_width {
            Some(_) if is_tap || longest <= 0.0 => fitted.scale = 0.0,
            Some(pen_width) => fitted.scale = f64::from(BOX - ink_around(pen_width)) / longest,
            // A tap keeps the size that its pen has on the pad.
            None if is_tap => {}
            None => {
                let with_pens = longest + f64::from(widest_pen(drawing));
                if with_pens > 0.0 {
                    fitted.scale = f64::from(BOX - ink_around(0.0)) / with_pens;
                }
            }
        }
        fitted.home = [SIDE as f32 / 2.0; 2];
        Some(fitted)
    }

    /// The whole pad shrunk to the network's picture, as large as it fits. `None` where nothing is drawn.
    pub(super) fn of_whole_pad(drawing: &'a Drawing, pen_width: Option<f32>) -> Option<Self> {
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
        let pad = drawing.size.map(f64::from);
        let middle = [0, 1].map(|axis| (low[axis] + high[axis]) / 2.0);
        let scale = SIDE as f64 / pad[0].max(pad[1]);
        Some(Self {
            drawing,
            middle,
            size: [high[0] - low[0], high[1] - low[1]],
            scale,
            home: [0, 1]
                .map(|axis| (SIDE as f64 / 2.0 + (middle[axis] - pad[axis] / 2.0) * scale) as f32),
            pen_width,
        })
    }

    /// Where the middle of the ink is as long as nothing moves it, in cells.
    pub(super) fn home(&self) -> [f32; 2] {
        self.home
    }

    /// Width and height of the ink with its soft edge, in cells.
    pub(super) fn extent(&self) -> [f32; 2] {
        let pen_width = self
            .pen_width
            .unwrap_or_else(|| (f64::from(widest_pen(self.drawing)) * self.scale) as f32);
        self.size
            .map(|side| (side * self.scale) as f32 + ink_around(pen_width))
    }

    /// The ink with the middle of its box at `middle`, in cells.
    pub(super) fn render(&self, middle: [f32; 2]) -> Cells {
        let mut canvas = Canvas::new(SIDE, SIDE);
        canvas.draw(self.drawing, |stroke, point| Nib {
            x: middle[0] + ((f64::from(point.x) - self.middle[0]) * self.scale) as f32,
            y: middle[1] + ((f64::from(point.y) - self.middle[1]) * self.scale) as f32,
            radius: match self.pen_width {
                Some(pen_width) => pen_width / 2.0,
                None => (f64::from(pen_at(stroke, point)) * self.scale / 2.0) as f32,
            },
        });
        canvas.into_cells()
    }
}

/// The widest that a pen was anywhere, in the drawing's units.
fn widest_pen(drawing: &Drawing) -> f32 {
    let pens = drawing
        .strokes
        .iter()
        .flat_map(|stroke| stroke.points.iter().map(|point| pen_at(stroke, point)));
    pens.fold(0.0, f32::max)
}

/// How much larger ink is than the box around its points: the pen and its soft edge, on either side, in cells.
fn ink_around(pen_width: f32) -> f32 {
    pen_width + 2.0 * SOFT_REACH
}
