use super::{Lit, names};
use crate::explain::{Chain, ChainDerivative, ChainFactor, ChainPass, ChainPlace};
use crate::nn::Activation;
use crate::ui::{number, theme};
use egui::{Align2, Button, FontId, RichText, Sense, Stroke, StrokeKind, Ui, vec2};

/// What the user did with the derivatives in this frame.
#[derive(Default)]
pub struct Shown {
    pub hovered: Option<Lit>,
    pub clicked: Option<ChainPlace>,
}

const CHIP_HEIGHT: f32 = 36.0;

/// Every derivative as the product of its factors, in the order of the way back.
pub fn show(ui: &mut Ui, chain: &Chain, pass: &ChainPass, lit: Option<Lit>) -> Shown {
    let mut shown = Shown::default();
    let activations: Vec<Activation> = chain.links.iter().map(|link| link.activation).collect();
    for derivative in &pass.derivatives {
        row(ui, derivative, &activations, lit, &mut shown);
    }
    shown
}

fn row(
    ui: &mut Ui,
    derivative: &ChainDerivative,
    activations: &[Activation],
    lit: Option<Lit>,
    shown: &mut Shown,
) {
    let palette = theme::palette(ui);
    let of = derivative.of;
    let layers = activations.len();
    let chosen = lit == Some(Lit::Derivative(of));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(5.0, 4.0);
        let text = RichText::new(format!("∂C/∂{}", names::symbol(of))).size(theme::BODY_SIZE + 1.0);
        let button = Button::selectable(chosen, text).min_size(vec2(66.0, CHIP_HEIGHT));
        let response = ui.add(button);
        if response.clicked() {
            shown.clicked = Some(of);
        }
        if response.hovered() || response.has_focus() {
            shown.hovered = Some(Lit::Derivative(of));
        }
        response
            .accessible_name(names::sentence(derivative, layers))
            .on_hover_text("Shows where each factor comes from; a press keeps it shown");
        for (index, factor) in derivative.factors.iter().enumerate() {
            ui.label(if index == 0 { "=" } else { "·" });
            chip(ui, factor, activations, lit, shown);
        }
        ui.label("=");
        let value = RichText::new(number::signed(derivative.value))
            .strong()
            .color(palette.text);
        ui.label(value);
    });
}

/// One factor: what it is above, its number below, in the colour of the place that it comes from.
fn chip(
    ui: &mut Ui,
    factor: &ChainFactor,
    activations: &[Activation],
    lit: Option<Lit>,
    shown: &mut Shown,
) {
    let palette = theme::palette(ui);
    let layers = activations.len();
    let place = factor.slope.lives_at();
    let text = |text: String, size: f32| {
        let font = FontId::proportional(size);
        ui.painter().layout_no_wrap(text, font, palette.text)
    };
    let sign = text(names::factor(factor.slope, layers), theme::SMALL_SIZE);
    let number = text(number::short(factor.value), theme::BODY_SIZE);
    let width = sign.size().x.max(number.size().x).max(26.0) + 12.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, CHIP_HEIGHT), Sense::hover());
    let colour = names::colour(palette, place);
    let is_lit = lit == Some(Lit::Place(place)) || response.hovered();
    let fill = palette
        .panel
        .lerp_to_gamma(colour, if is_lit { 0.35 } else { 0.10 });
    let stroke = Stroke::new(if is_lit { 2.5 } else { 1.2 }, colour);
    let painter = ui.painter();
    painter.rect(rect, 5.0, fill, stroke, StrokeKind::Inside);
    for (galley, y) in [(sign, rect.top() + 11.0), (number, rect.bottom() - 12.0)] {
        let size = galley.size();
        let place = Align2::CENTER_CENTER.anchor_size(egui::pos2(rect.center().x, y), size);
        painter.galley(place.min, galley, palette.text);
    }
    if response.hovered() {
        shown.hovered = Some(Lit::Place(place));
    }
    response.on_hover_text(format!(
        "{}\nhere {}",
        names::explanation(factor.slope, layers, activations),
        number::short(factor.value)
    ));
}
