//! Every weight of a layer as a picture: the weights themselves, their gradient, or how far they have come.

pub(in crate::ui) mod fields;
pub(in crate::ui) mod layer_view;
pub(in crate::ui) mod matrix;
pub(in crate::ui) mod quantity;

use crate::app::{AppCommand, AppState, ModelState};
use crate::ui::heatmap::KeyedTexture;
use crate::ui::number;
use crate::ui::theme;
use egui::{Align, Layout, Rect, RichText, ScrollArea, Ui, UiBuilder, vec2};
use layer_view::{Arrangement, LayerView};
use quantity::Quantity;
use std::time::Duration;

/// Heatmaps of a layer with scale, histogram and statistics.
#[derive(Default)]
pub struct WeightsPanel {
    layer: usize,
    quantity: Quantity,
    made: Option<Made>,
    texture: KeyedTexture<TextureKey>,
}

/// The view that is shown, and what it was made from.
struct Made {
    key: ViewKey,
    /// Seconds since the program's start.
    at_secs: f64,
    /// Counts the views made, for the texture to follow.
    serial: u64,
    view: Result<LayerView, &'static str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct ViewKey {
    version: u64,
    layer: usize,
    quantity: Quantity,
}

type TextureKey = (u64, bool);

/// Training changes the weights far more often than eyes can follow.
const SHORTEST_INTERVAL_SECS: f64 = 1.0 / 30.0;
const GAP: f32 = 14.0;

impl WeightsPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, _commands: &mut Vec<AppCommand>) {
        let model = &state.model;
        let layers = model.network.layers().len();
        self.layer = self.layer.min(layers.saturating_sub(1));
        self.controls(ui, model);
        ui.add_space(6.0);
        self.refresh(ui, model);
        let palette = theme::palette(ui);
        let Some(made) = &self.made else {
            return;
        };
        let view = match &made.view {
            Ok(view) => view,
            Err(reason) => {
                ui.with_layout(Layout::top_down(Align::Center), |ui| {
                    ui.add_space(ui.available_height() * 0.35);
                    ui.label(RichText::new(*reason).color(palette.weak_text));
                });
                return;
            }
        };
        let area = ui.available_rect_before_wrap();
        let width = (area.width() * 0.28).clamp(180.0, 280.0);
        let side = Rect::from_min_max(area.max - vec2(width, area.height()), area.max);
        let picture = area.with_max_x(side.left() - GAP);

        let texels = view.texels();
        let largest = ui.input(|input| input.max_texture_side);
        ui.scope_builder(UiBuilder::new().max_rect(picture), |ui| {
            if texels.iter().any(|&side| side > largest) {
                ui.label(format!(
                    "Layer {} is too large for a picture: {} × {} cells, and the graphics card takes {largest} a side",
                    view.layer + 1,
                    number::grouped(texels[0]),
                    number::grouped(texels[1])
                ));
                return;
            }
            let key = (made.serial, ui.visuals().dark_mode);
            let texture = self
                .texture
                .texture(ui.ctx(), key, || view.image(palette));
            match view.arrangement {
                Arrangement::Fields { .. } => fields::ui(ui, view, None, texture, palette),
                Arrangement::Matrix => matrix::ui(ui, view, None, texture, palette),
            };
        });
        ui.scope_builder(UiBuilder::new().max_rect(side), |ui| {
            ScrollArea::vertical()
                .auto_shrink(false)
                .id_salt("weights side")
                .show(ui, |ui| summary(ui, view));
        });
        ui.advance_cursor_after_rect(area);
    }

    /// Which layer, which quantity.
    fn controls(&mut self, ui: &mut Ui, model: &ModelState) {
        ui.horizontal_wrapped(|ui| {
            ui.label("Layer");
            for (layer, values) in model.network.layers().iter().enumerate() {
                let (inputs, units) = values.weights.dim();
                let text = format!("{}: {inputs}→{units}", layer + 1);
                let count = number::grouped(inputs * units + units);
                ui.selectable_value(&mut self.layer, layer, text)
                    .on_hover_text(format!(
                        "{inputs}·{units} weights + {units} biases = {count} parameters, {}",
                        values.activation.label()
                    ));
            }
            ui.separator();
            ui.label("Show");
            for quantity in Quantity::ALL {
                ui.selectable_value(&mut self.quantity, quantity, quantity.label())
                    .on_hover_text(quantity.tooltip());
            }
        });
    }

    /// Makes the view anew when another one is asked for, or when the numbers changed and the last one was long
    /// enough ago.
    fn refresh(&mut self, ui: &Ui, model: &ModelState) {
        let key = ViewKey {
            version: model.version,
            layer: self.layer,
            quantity: self.quantity,
        };
        let now_secs = ui.input(|input| input.time);
        let mut serial = 0;
        if let Some(made) = &self.made {
            if made.key == key {
                return;
            }
            let waited_secs = now_secs - made.at_secs;
            let only_newer = ViewKey {
                version: made.key.version,
                ..key
            } == made.key;
            if only_newer && (0.0..SHORTEST_INTERVAL_SECS).contains(&waited_secs) {
                let rest = Duration::from_secs_f64(SHORTEST_INTERVAL_SECS - waited_secs);
                ui.request_repaint_after(rest);
                return;
            }
            serial = made.serial + 1;
        }
        let view = self
            .quantity
            .values(model, self.layer)
            .map(|values| LayerView::new(self.quantity, self.layer, values));
        self.made = Some(Made {
            key,
            at_secs: now_secs,
            serial,
            view,
        });
    }
}

/// The scale, the histogram and the statistics of what is shown.
fn summary(ui: &mut Ui, view: &LayerView) {
    let palette = theme::palette(ui);
    let heading = match view.quantity {
        Quantity::Weights => "Weights and biases",
        Quantity::Gradient => "Gradient of the last mini-batch",
        Quantity::Change => "Change since the start",
    };
    ui.strong(heading);
    ui.add_space(4.0);
    view.scale.legend(ui, palette);
    ui.label(RichText::new(view.scale.sentence()).small().weak());
    if let Arrangement::Fields { .. } = view.arrangement {
        let text = "One picture a unit; the strip below it is its bias";
        ui.label(RichText::new(text).small().weak());
    }
    ui.add_space(10.0);
    ui.strong("How many lie where");
    let height = (ui.available_height() * 0.42).clamp(90.0, 190.0);
    view.histogram.ui(ui, palette, view.scale.limit, height);
    if view.histogram.damaged > 0 {
        let text = match view.histogram.damaged {
            1 => "1 value is not finite (hatched)".to_owned(),
            many => format!("{} values are not finite (hatched)", number::grouped(many)),
        };
        ui.label(RichText::new(text).small().color(palette.error));
    }
    ui.add_space(10.0);
    egui::Grid::new("weights statistics")
        .num_columns(2)
        .min_row_height(0.0)
        .spacing(vec2(12.0, 2.0))
        .show(ui, |ui| {
            let count = view.values.weights.len() + view.values.biases.len();
            for (name, value) in [
                ("values", number::grouped(count)),
                ("mean", number::signed(view.mean)),
                ("standard deviation", number::short(view.deviation)),
                ("largest size", number::short(view.histogram.limit)),
            ] {
                ui.label(RichText::new(name).small().weak());
                ui.label(RichText::new(value).small());
                ui.end_row();
            }
        });
}

#[cfg(test)]
mod tests {
    use super::WeightsPanel;
    use crate::app::{AppState, Origin, Settings};
    use crate::model_file::{Model, TrainingRecord};
    use crate::nn::Gradients;
    use crate::training::Hyperparameters;
    use crate::ui::theme;
    use egui::{Rect, pos2, vec2};
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;
    use std::sync::Arc;

    fn fresh() -> Model {
        let network = Hyperparameters::default()
            .check()
            .unwrap()
            .fresh_network()
            .unwrap();
        Model {
            name: "Fresh".into(),
            network,
            record: TrainingRecord::default(),
            calibration: None,
        }
    }

    fn shown(width: f32, height: f32) -> Harness<'static, (WeightsPanel, AppState)> {
        let state = AppState::with_model(Settings::default(), fresh(), Origin::Fresh).0;
        Harness::builder()
            .with_size(vec2(width, height))
            .with_context_setup(theme::install)
            .build_ui_state(
                |ui, (panel, state)| panel.ui(ui, state, &mut Vec::new()),
                (WeightsPanel::default(), state),
            )
    }

    fn press(harness: &mut Harness<'_, (WeightsPanel, AppState)>, label: &str) {
        harness.get_by_label(label).click();
        harness.run();
    }

    fn views_made(harness: &Harness<'_, (WeightsPanel, AppState)>) -> Option<u64> {
        harness.state().0.made.as_ref().map(|made| made.serial)
    }

    #[test]
    fn every_layer_has_its_picture_and_its_histogram() {
        let mut harness = shown(760.0, 450.0);
        harness.get_by_label_contains("as pictures of 28×28");
        harness.get_by_label_contains("Histogram of ");
        let sizes = harness.state().1.model.network.sizes();
        for layer in 1..sizes.len() - 1 {
            let label = format!("{}: {}→{}", layer + 1, sizes[layer], sizes[layer + 1]);
            press(&mut harness, &label);
            harness.get_by_label_contains(&format!("Weights of layer {}", layer + 1));
        }
    }

    #[test]
    fn a_missing_gradient_is_explained_and_appears_with_training() {
        let mut harness = shown(760.0, 450.0);
        harness.state_mut().1.model.gradients = None;
        press(&mut harness, "Gradient");
        harness.get_by_label_contains("There is no gradient before the first mini-batch");
        let model = &mut harness.state_mut().1.model;
        model.gradients = Some(Arc::new(Gradients::zeros_like(&model.network)));
        model.version += 1;
        harness.run_steps(8);
        harness.get_by_label("Gradient of the last mini-batch");
        harness.get_by_label("All values are 0");
    }

    #[test]
    fn the_gradient_of_another_network_is_not_shown() {
        let mut harness = shown(760.0, 450.0);
        harness.state_mut().1.model.gradients = Some(Arc::new(Gradients {
            weights: Vec::new(),
            biases: Vec::new(),
        }));
        press(&mut harness, "Gradient");
        harness.get_by_label_contains("belongs to another network");
    }

    #[test]
    fn nothing_is_made_anew_while_the_numbers_stay() {
        let mut harness = shown(760.0, 450.0);
        harness.run_steps(5);
        assert_eq!(views_made(&harness), Some(0));
        harness.state_mut().1.model.version += 1;
        harness.run_steps(5);
        assert_eq!(views_made(&harness), Some(1));
        press(&mut harness, "Change");
        assert_eq!(views_made(&harness), Some(2));
    }

    #[test]
    fn fast_training_is_followed_at_most_thirty_times_a_second() {
        let mut harness = shown(760.0, 450.0);
        harness.run_steps(5);
        let frame_secs = f64::from(harness.input().predicted_dt);
        let frames = 60;
        for _ in 0..frames {
            harness.state_mut().1.model.version += 1;
            harness.step();
        }
        let most = (f64::from(frames) * frame_secs * 30.0).ceil() as u64 + 1;
        assert!(views_made(&harness).unwrap() <= most);
        assert!(views_made(&harness).unwrap() > 0);
    }

    #[test]
    fn the_picture_stays_beside_its_summary() {
        let harness = shown(760.0, 450.0);
        let window = Rect::from_min_size(pos2(0.0, 0.0), vec2(760.0, 450.0));
        let histogram = harness.get_by_label_contains("Histogram of ").rect();
        assert!(window.contains_rect(histogram));
        let picture = harness.get_by_label_contains("as pictures of 28×28");
        assert!(picture.rect().right() <= histogram.left());
    }

    #[test]
    fn any_size_is_painted_without_a_panic() {
        for (width, height) in [(40.0, 30.0), (300.0, 900.0), (1400.0, 800.0)] {
            let mut harness = shown(width, height);
            harness.hover_at(pos2(width * 0.2, height * 0.5));
            harness.run();
        }
    }
}
