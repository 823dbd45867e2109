use crate::app::{AppCommand, AppState, Reading, a_digit};
use crate::explain::Neighbour;
use crate::ink::{SIDE, Steps, unit};
use crate::ui::heatmap::{KeyedTexture, outline, paint};
use crate::ui::number;
use crate::ui::theme::{self, Palette};
use egui::{ColorImage, Rect, RichText, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// The training digits that the network sees most like the drawing.
#[derive(Default)]
pub struct NearestDigits {
    found: Option<(Key, Vec<Neighbour>)>,
    texture: KeyedTexture<(Key, bool)>,
}

/// What they depend on: the pad, the normalisation, the network and the digits that were made ready.
type Key = (u64, u64, Steps, usize);

const COUNT: usize = 10;

impl NearestDigits {
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        reading: &Reading,
        commands: &mut Vec<AppCommand>,
    ) {
        ui.label(RichText::new("The nearest training digits").strong());
        let weak = theme::palette(ui).weak_text;
        let Some(indexed) = state.indexed_examples() else {
            let command = AppCommand::IndexExamples;
            let text = match command.enabled(state) {
                Ok(()) => {
                    commands.push(command);
                    "They are being looked for"
                }
                Err(reason) => reason,
            };
            ui.label(RichText::new(text).color(weak));
            return;
        };
        let address = Arc::as_ptr(&indexed.index).addr();
        let key = (state.pad.version, state.model.version, state.steps, address);
        if self
            .found
            .as_ref()
            .is_none_or(|(made_for, _)| *made_for != key)
        {
            let activations = &reading.trace.activations;
            let last_hidden = activations[activations.len() - 2].row(0);
            self.found = Some((key, indexed.index.nearest(last_hidden, COUNT)));
        }
        let Some((_, found)) = &self.found else {
            return;
        };
        let train = &indexed.data.train;
        ui.label(summary(
            found.iter().map(|near| train.label(near.index)).collect(),
        ));
        let palette = theme::palette(ui);
        let dark = ui.visuals().dark_mode;
        let texture = self.texture.texture(ui.ctx(), (key, dark), || {
            let image = |near: &Neighbour| train.image(near.index);
            atlas(found.iter().map(image), palette)
        });
        // Five in a row, larger where there is room.
        let tile = (ui.available_width() / 5.0 - 9.0).clamp(44.0, 88.0);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
            ui.set_max_width(5.0 * (tile + 9.0));
            for (place, near) in found.iter().enumerate() {
                let label = train.label(near.index);
                let size = vec2(tile, tile + theme::SMALL_SIZE + 5.0);
                let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
                let picture = Rect::from_min_size(rect.min, Vec2::splat(tile));
                let left = (place * SIDE) as f32;
                let texels = Rect::from_min_size(pos2(left, 0.0), Vec2::splat(SIDE as f32));
                paint(ui.painter(), texture, [COUNT * SIDE, SIDE], texels, picture);
                outline(ui.painter(), picture, palette);
                let agrees = label == reading.answer;
                ui.painter().text(
                    picture.center_bottom() + vec2(0.0, 3.0),
                    egui::Align2::CENTER_TOP,
                    a_digit(usize::from(label)),
                    egui::FontId::proportional(theme::SMALL_SIZE),
                    if agrees {
                        palette.text
                    } else {
                        palette.warning
                    },
                );
                let name = format!(
                    "Nearest {}: {}, distance {}",
                    place + 1,
                    a_digit(usize::from(label)),
                    number::short((near.distance * 1000.0).round() / 1000.0)
                );
                response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
                response.on_hover_text(name);
            }
        });
        ui.add_space(4.0);
        let units = reading.trace.activations[reading.trace.activations.len() - 2].ncols();
        let text = format!(
            "Of {} training digits of {}, by the {units} activations before the output layer: the drawing and \
             these look alike to the network",
            number::grouped(indexed.index.len()),
            indexed.data.name
        );
        ui.label(RichText::new(text).small().color(weak));
    }
}

/// "9 of 10 are 7s, 1 is a 1".
fn summary(labels: Vec<u8>) -> String {
    let mut counts: Vec<(usize, u8)> = (0..10)
        .map(|digit| {
            (
                labels.iter().filter(|&&label| label == digit).count(),
                digit,
            )
        })
        .filter(|(count, _)| *count > 0)
        .collect();
    counts.sort_by_key(|&(count, digit)| (std::cmp::Reverse(count), digit));
    let parts = counts.iter().enumerate().map(|(place, (count, digit))| {
        let are = match count {
            1 => format!("is {}", a_digit(usize::from(*digit))),
            _ => format!("are {digit}s"),
        };
        match place {
            0 => format!("{count} of {} {are}", labels.len()),
            _ => format!("{count} {are}"),
        }
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// The digits side by side.
fn atlas<'a>(images: impl Iterator<Item = &'a [u8]>, palette: &Palette) -> ColorImage {
    let mut atlas = ColorImage::filled([COUNT * SIDE, SIDE], palette.paper);
    for (place, image) in images.take(COUNT).enumerate() {
        for (cell, &byte) in image.iter().enumerate() {
            let x = place * SIDE + cell % SIDE;
            atlas.pixels[cell / SIDE * COUNT * SIDE + x] = palette.sequential(unit(byte));
        }
    }
    atlas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_are_summed_up_the_most_frequent_first() {
        assert_eq!(summary(vec![7, 7, 1, 7]), "3 of 4 are 7s, 1 is a 1");
        assert_eq!(summary(vec![8]), "1 of 1 is an 8");
        assert_eq!(summary(Vec::new()), "");
    }
}
