//! Text and areas are taken from the nearest texel of egui's own texture.
//!
//! egui asks for a mix of the four nearest. Its letters lie on whole pixels, so that this changes nothing in sight, but where
//! the processor paints, every pixel of every area and letter is fetched four times.

use egui::epaint::ImageDelta;
use egui::{Color32, ColorImage, Context, TextureId, TextureOptions};

/// To be called once: egui's small discs are the one thing in its texture that is stretched.
pub fn install(context: &Context) {
    context.tessellation_options_mut(|options| options.prerasterized_discs = false);
}

/// To be called in every frame: new letters bring egui's way of sampling back.
pub fn sample_the_nearest(context: &Context) {
    // Before the first frame ends there is no texture.
    if context.cumulative_pass_nr() == 0 {
        return;
    }
    // How a texture is sampled is told with its pixels. The first one is white: areas are painted with it.
    let white = ColorImage::filled([1, 1], Color32::WHITE);
    let delta = ImageDelta::partial([0, 0], white, TextureOptions::NEAREST);
    let textures = context.tex_manager();
    textures.write().set(TextureId::default(), delta);
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::RawInput;
    use egui::epaint::ImageData;

    #[test]
    fn the_nearest_texel_is_asked_for_from_the_second_frame_on() {
        let context = Context::default();
        install(&context);
        let frame = || {
            let mut output = context.run_ui(RawInput::default(), |ui| {
                sample_the_nearest(ui.ctx());
                ui.label("7");
            });
            let told = output.textures_delta.set.remove(&TextureId::default());
            told.expect("egui's texture")
        };
        let ImageData::Color(texture) = &frame()[0].image;
        assert_eq!(
            texture.pixels[0],
            Color32::WHITE,
            "what areas are painted with"
        );
        let told = frame();
        assert_eq!(told[0].options, TextureOptions::NEAREST);
        assert_eq!(told[0].pos, Some([0, 0]));
    }
}
