//! The drawing on the pad as a texture: only what was added to it is inked and handed to the graphics card.

use super::{ink_texture, theme};
use crate::ink::{Drawing, LiveInk};
use egui::{Color32, ColorImage, Painter, Rect, TextureHandle, TextureOptions, Ui};

/// Pixels on a side at most: beyond, a stroke would cost more time than the eye gains.
const MOST_PIXELS: f32 = 1000.0;

/// Ink on a square pad.
#[derive(Default)]
pub struct PadInk(Option<Shown>);

struct Shown {
    ink: LiveInk,
    texture: TextureHandle,
    /// The colour of each amount of ink.
    shades: [Color32; 256],
}

impl PadInk {
    /// Paints the drawing as the rasteriser draws it, one pixel a pixel: what is shown is what is read.
    pub fn paint(
        &mut self,
        ui: &Ui,
        painter: &Painter,
        place: Rect,
        drawing: &Drawing,
        tint: Color32,
    ) {
        let side = (place.width() * ui.ctx().pixels_per_point()).min(MOST_PIXELS) as usize;
        let color = theme::palette(ui).ink;
        let shown = match &mut self.0 {
            Some(shown) if shown.ink.side() == side && shown.shades[255] == color => shown,
            other => other.insert(Shown::new(ui, side, color)),
        };
        shown.follow(drawing);
        // Blank paper would cost as much as ink.
        let inked = shown.ink.inked();
        if inked.is_empty() {
            return;
        }
        let [x, y] = [&inked.columns, &inked.rows]
            .map(|range| range.start as f32 / side as f32..=range.end as f32 / side as f32);
        let part = Rect::from_x_y_ranges(x, y);
        let on_screen = [part.min, part.max].map(|corner| place.lerp_inside(corner.to_vec2()));
        let on_screen = Rect::from_min_max(on_screen[0], on_screen[1]);
        painter.image(shown.texture.id(), on_screen, part, tint);
    }
}

impl Shown {
    fn new(ui: &Ui, side: usize, color: Color32) -> Self {
        let paper = ColorImage::filled([side; 2], Color32::TRANSPARENT);
        Self {
            ink: LiveInk::new(side),
            texture: ui.ctx().load_texture("pad", paper, sampled(side)),
            shades: ink_texture::shades(color),
        }
    }

    fn follow(&mut self, drawing: &Drawing) {
        let changed = self.ink.follow(drawing);
        if changed.is_empty() {
            return;
        }
        let pixels = self.ink.ink_in(&changed);
        let pixels = pixels.map(|ink| self.shades[usize::from(ink)]).collect();
        let size = [changed.columns.len(), changed.rows.len()];
        let start = [changed.columns.start, changed.rows.start];
        let image = ColorImage::new(size, pixels);
        self.texture
            .set_partial(start, image, sampled(self.ink.side()));
    }
}

/// One texel is one pixel, unless the pad has more pixels than its ink.
fn sampled(side: usize) -> TextureOptions {
    if side < MOST_PIXELS as usize {
        TextureOptions::NEAREST
    } else {
        TextureOptions::LINEAR
    }
}
