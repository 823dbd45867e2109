use crate::nn::Activation;
use crate::ui::{accessible, number};
use egui::{ComboBox, DragValue, Slider, SliderClamping, Ui};
use std::ops::RangeInclusive;

/// How a number of a small world is moved.
pub struct NumberSlider<'a> {
    /// As it stands beside the slider: "w²".
    pub symbol: &'a str,
    /// As a screen reader says it: "Weight 2".
    pub name: &'a str,
    pub range: RangeInclusive<f64>,
}

/// Of the symbol, so that the sliders stand below each other.
const SYMBOL_WIDTH: f32 = 20.0;
/// Of the number behind the slider.
const NUMBER_WIDTH: f32 = 58.0;
/// Below this a slider is too short to be moved with care.
const SHORTEST: f32 = 50.0;

impl NumberSlider<'_> {
    /// Shows symbol, slider and number in a row of this width; whether the user has changed the number.
    pub fn show(self, ui: &mut Ui, value: &mut f64, width: f32) -> bool {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.add_sized([SYMBOL_WIDTH, 20.0], egui::Label::new(self.symbol).extend());
            ui.spacing_mut().slider_width =
                (width - SYMBOL_WIDTH - NUMBER_WIDTH - 12.0).max(SHORTEST);
            // What was walked to or typed may lie outside of what the slider reaches.
            let slider = Slider::new(value, self.range)
                .clamping(SliderClamping::Never)
                .show_value(false);
            let slid = ui.add(slider).accessible_name(self.name);
            let number = DragValue::new(value)
                .speed(0.01)
                .update_while_editing(false)
                .custom_formatter(|value, _| number::short(value))
                .custom_parser(|text| text.trim().replace('−', "-").parse().ok());
            let height = ui.spacing().interact_size.y;
            let typed = ui
                .add_sized([NUMBER_WIDTH, height], number)
                .accessible_name(format!("{}, number", self.name));
            slid.changed() || typed.changed()
        })
        .inner
    }
}

/// A list of activations to choose from; whether the user has chosen another one.
pub fn choose_activation(
    ui: &mut Ui,
    name: &str,
    value: &mut Activation,
    options: &[Activation],
) -> bool {
    let before = *value;
    let combo = ComboBox::from_id_salt(name)
        .selected_text(value.label())
        .width(104.0);
    let response = combo.show_ui(ui, |ui| {
        for &option in options {
            ui.selectable_value(value, option, option.label());
        }
    });
    accessible::name(&response.response, name);
    *value != before
}
