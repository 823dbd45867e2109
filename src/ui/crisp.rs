//! Text and areas are taken from the nearest texel of egui's own texture.
//!
//! egui asks for a mix of the four nearest. Its letters lie on whole pixels, so that this changes nothing in sight, but where
//! the processor paints, every pixel of every area and letter is fetched four times.

use egui::{Context, FullOutput, Plugin, TextureId, TextureOptions};

/// Tells it to whoever paints.
pub struct Crisp;

impl Plugin for Crisp {
    fn debug_name(&self) -> &'static str {
        "Crisp"
    }

    fn setup(&mut self, context: &Context) {
        // egui's small discs are the one thing in its texture that is stretched.
        context.tessellation_options_mut(|options| options.prerasterized_discs = false);
    }

    fn output_hook(&mut self, _: &Context, output: &mut FullOutput) {
        // How a texture is sampled is told with its pixels.
        if let Some(changes) = output.textures_delta.set.get_mut(&TextureId::default()) {
            for change in changes {
                change.options = TextureOptions::NEAREST;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::RawInput;

    #[test]
    fn new_letters_ask_for_the_nearest_texel() {
        let context = Context::default();
        context.add_plugin(Crisp);
        for letters in ["7", "23"] {
            let mut output = context.run_ui(RawInput::default(), |ui| {
                ui.label(letters);
            });
            let told = output.textures_delta.set.remove(&TextureId::default());
            let told = told.expect("egui's texture with new letters");
            assert!(!told.is_empty());
            for change in told {
                assert_eq!(change.options, TextureOptions::NEAREST);
            }
        }
    }
}
