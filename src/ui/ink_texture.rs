//! Ink as a texture: made anew only when what it shows or the theme has changed.

use super::theme;
use crate::ink::GrayImage;
use egui::{Color32, ColorImage, TextureHandle, TextureOptions, Ui};
use std::sync::Arc;

/// Larger pictures are thinned out to this side: every graphics card takes it, and no pad shows more of them.
const LARGEST_SIDE: usize = 1024;

/// A texture, and the key of what it shows. Ink is opaque, paper is transparent.
pub struct InkTexture<K> {
    shown: Option<(K, Color32)>,
    texture: Option<TextureHandle>,
}

impl<K> Default for InkTexture<K> {
    fn default() -> Self {
        Self {
            shown: None,
            texture: None,
        }
    }
}

impl<K: PartialEq> InkTexture<K> {
    /// The texture for `key`; `picture` is asked only when it is not the one at hand.
    pub fn get(
        &mut self,
        ui: &Ui,
        key: K,
        options: TextureOptions,
        picture: impl FnOnce() -> Arc<GrayImage>,
    ) -> &TextureHandle {
        self.tinted(ui, theme::palette(ui).ink, key, options, picture)
    }

    /// The same with ink of this colour.
    pub fn tinted(
        &mut self,
        ui: &Ui,
        ink: Color32,
        key: K,
        options: TextureOptions,
        picture: impl FnOnce() -> Arc<GrayImage>,
    ) -> &TextureHandle {
        let shown = Some((key, ink));
        let is_new = self.shown != shown;
        self.shown = shown;
        let texture = self
            .texture
            .get_or_insert_with(|| ui.ctx().load_texture("ink", ColorImage::default(), options));
        if is_new {
            texture.set(color_image(&picture(), ink), options);
        }
        texture
    }
}

/// The colour of each amount of ink, 0 to 255.
pub fn shades(ink: Color32) -> [Color32; 256] {
    std::array::from_fn(|byte| ink.gamma_multiply(byte as f32 / 255.0))
}

fn color_image(picture: &GrayImage, ink: Color32) -> ColorImage {
    let step = (picture.width.max(picture.height).div_ceil(LARGEST_SIDE)).max(1);
    let (width, height) = (picture.width.div_ceil(step), picture.height.div_ceil(step));
    let shades = shades(ink);
    let mut pixels = Vec::with_capacity(width * height);
    for row in (0..picture.height).step_by(step) {
        let start = row * picture.width;
        let bytes = picture.ink.iter().skip(start).take(picture.width);
        pixels.extend(bytes.step_by(step).map(|&byte| shades[usize::from(byte)]));
    }
    ColorImage::new([width, height], pixels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::Cells;

    #[test]
    fn a_large_picture_is_thinned_out_and_keeps_its_shape() {
        let picture = GrayImage {
            width: 2500,
            height: 10,
            ink: vec![255; 25_000],
        };
        let image = color_image(&picture, Color32::WHITE);
        assert_eq!(image.size, [834, 4]);
        assert!(image.pixels.iter().all(|&pixel| pixel == Color32::WHITE));
    }

    #[test]
    fn paper_is_transparent() {
        let image = color_image(&Cells::BLANK.picture(), Color32::WHITE);
        assert!(
            image
                .pixels
                .iter()
                .all(|&pixel| pixel == Color32::TRANSPARENT)
        );
    }
}
