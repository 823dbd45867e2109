use super::{Lit, names};
use crate::explain::{Chain, ChainPass, ChainPlace};
use crate::ui::number;
use crate::ui::theme::{self, Palette};
use egui::{
    Align2, CornerRadius, FontId, Painter, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

/// Sizes that depend on the room for a layer.
#[derive(Clone, Copy)]
struct Measure {
    /// From the middle of one unit to the middle of the next.
    pitch: f32,
    font_size: f32,
    /// Of one number with its symbol.
    cell: Vec2,
}

/// Between weights, units and biases.
const GAP: f32 = 14.0;
const MARGIN: f32 = 3.0;

/// The height that the picture of this width has.
pub fn height(width: f32, chain: &Chain) -> f32 {
    let cell = Measure::new(width, chain).cell.y;
    4.0 * cell + 2.0 * GAP + 2.0 * MARGIN
}

/// Paints the chain with its numbers; the place under the pointer, and whether it was clicked.
pub fn show(
    ui: &mut Ui,
    chain: &Chain,
    pass: Option<&ChainPass>,
    lit: Option<Lit>,
    width: f32,
) -> Option<(ChainPlace, bool)> {
    let measure = Measure::new(width, chain);
    let size = vec2(width, height(width, chain));
    let (area, response) = ui.allocate_exact_size(size, Sense::click());
    let places = lay_out(area, chain, measure);
    let palette = theme::palette(ui);
    let painter = ui.painter();
    paint_edges(painter, palette, &places, chain, lit, pass);
    for &(place, rect) in &places {
        let number = value(place, chain, pass);
        let shown = lit.is_some_and(|lit| lit.shows(place, pass));
        paint_cell(painter, palette, measure, place, rect, number, shown);
    }
    let numbers = || {
        let texts = places.iter().map(|&(place, _)| {
            let number = value(place, chain, pass).map_or("unknown".into(), number::short);
            format!("{} {number}", names::name(place))
        });
        texts.collect::<Vec<_>>().join(", ")
    };
    response.widget_info(|| {
        let name = format!("Chain of {} units: {}", chain.links.len(), numbers());
        WidgetInfo::labeled(Role::Image, true, name)
    });

    let pointer = response.hover_pos()?;
    let &(place, _) = places.iter().find(|(_, rect)| rect.contains(pointer))?;
    let clicked = response.clicked() && ui.input(|input| input.pointer.primary_clicked());
    response.on_hover_ui_at_pointer(|ui| {
        ui.strong(names::name(place));
        let symbol = names::symbol(place);
        if let Some(value) = value(place, chain, pass) {
            ui.label(format!("{symbol} = {}", number::short(value)));
        }
        if let Some(pass) = pass {
            let slope = number::signed(pass.slope(place));
            ui.label(format!("∂C/∂{symbol} = {slope}"));
        }
    });
    Some((place, clicked))
}

impl Measure {
    fn new(width: f32, chain: &Chain) -> Self {
        let columns = chain.links.len() + 2;
        let pitch = width / columns as f32;
        let font_size = (pitch * 0.15).clamp(11.0, 17.0);
        Self {
            pitch,
            font_size,
            cell: vec2((pitch * 0.84).min(font_size * 6.4), font_size + 9.0),
        }
    }
}

/// Where each quantity stands: weights above the edges, sums above activations in the units, biases below them.
fn lay_out(area: Rect, chain: &Chain, measure: Measure) -> Vec<(ChainPlace, Rect)> {
    let cell = measure.cell;
    let above = area.top() + MARGIN + cell.y / 2.0;
    let middle = above + cell.y / 2.0 + GAP + cell.y;
    let below = middle + cell.y + GAP + cell.y / 2.0;
    let x = |column: f32| area.left() + measure.pitch * (column + 0.5);
    let at = |column: f32, y: f32| Rect::from_center_size(pos2(x(column), y), cell);
    let end = chain.links.len() as f32 + 1.0;
    let mut places = vec![
        (ChainPlace::Activation(0), at(0.0, middle)),
        (ChainPlace::Truth, at(end, above)),
        (ChainPlace::Cost, at(end, middle)),
    ];
    for layer in 1..=chain.links.len() {
        let column = layer as f32;
        places.extend([
            (ChainPlace::Weight(layer), at(column - 0.5, above)),
            (ChainPlace::Sum(layer), at(column, middle - cell.y / 2.0)),
            (
                ChainPlace::Activation(layer),
                at(column, middle + cell.y / 2.0),
            ),
            (ChainPlace::Bias(layer), at(column, below)),
        ]);
    }
    places
}

fn value(place: ChainPlace, chain: &Chain, pass: Option<&ChainPass>) -> Option<f64> {
    let link = |layer: usize| layer.checked_sub(1).and_then(|l| chain.links.get(l));
    match place {
        ChainPlace::Cost => pass.map(|pass| pass.cost),
        ChainPlace::Truth => Some(chain.truth),
        ChainPlace::Activation(0) => Some(chain.input),
        ChainPlace::Activation(layer) => pass?.activations.get(layer).copied(),
        ChainPlace::Sum(layer) => pass?.sums.get(layer.checked_sub(1)?).copied(),
        ChainPlace::Weight(layer) => link(layer).map(|link| link.weight),
        ChainPlace::Bias(layer) => link(layer).map(|link| link.bias),
    }
}

fn paint_edges(
    painter: &Painter,
    palette: &Palette,
    places: &[(ChainPlace, Rect)],
    chain: &Chain,
    lit: Option<Lit>,
    pass: Option<&ChainPass>,
) {
    let rect = |place: ChainPlace| {
        let found = places.iter().find(|(one, _)| *one == place);
        found.map_or(Rect::NOTHING, |(_, rect)| *rect)
    };
    let stroke = |place: ChainPlace| {
        let shown = lit.is_some_and(|lit| lit.shows(place, pass));
        let colour = names::colour(palette, place);
        if shown {
            Stroke::new(3.0, colour)
        } else {
            Stroke::new(1.6, colour.gamma_multiply(0.7))
        }
    };
    let unit = |layer: usize| match layer {
        0 => rect(ChainPlace::Activation(0)),
        _ => rect(ChainPlace::Sum(layer)).union(rect(ChainPlace::Activation(layer))),
    };
    for layer in 1..=chain.links.len() {
        let (from, to) = (unit(layer - 1).right_center(), unit(layer).left_center());
        let weight = ChainPlace::Weight(layer);
        arrow(painter, from, to, stroke(weight));
        let middle = from + (to - from) / 2.0;
        painter.line_segment([rect(weight).center_bottom(), middle], stroke(weight));
        let bias = ChainPlace::Bias(layer);
        let (start, end) = (rect(bias).center_top(), unit(layer).center_bottom());
        arrow(painter, start, end, stroke(bias));
    }
    let cost = rect(ChainPlace::Cost);
    let answer = unit(chain.links.len()).right_center();
    arrow(
        painter,
        answer,
        cost.left_center(),
        stroke(ChainPlace::Cost),
    );
    let truth = rect(ChainPlace::Truth).center_bottom();
    arrow(painter, truth, cost.center_top(), stroke(ChainPlace::Truth));
}

fn arrow(painter: &Painter, from: Pos2, to: Pos2, stroke: Stroke) {
    painter.line_segment([from, to], stroke);
    let along = (to - from).normalized() * 6.0;
    for side in [along.rot90(), -along.rot90()] {
        painter.line_segment([to, to - along + side * 0.6], stroke);
    }
}

fn paint_cell(
    painter: &Painter,
    palette: &Palette,
    measure: Measure,
    place: ChainPlace,
    rect: Rect,
    number: Option<f64>,
    shown: bool,
) {
    let colour = names::colour(palette, place);
    let round = (rect.height() / 2.0).round() as u8;
    // The two halves of a unit make one round body.
    let corners = match place {
        ChainPlace::Sum(_) => CornerRadius {
            nw: round,
            ne: round,
            sw: 0,
            se: 0,
        },
        ChainPlace::Activation(layer) if layer > 0 => CornerRadius {
            nw: 0,
            ne: 0,
            sw: round,
            se: round,
        },
        ChainPlace::Activation(_) | ChainPlace::Cost => CornerRadius::same(round),
        _ => CornerRadius::same(4),
    };
    let fill = palette
        .panel
        .lerp_to_gamma(colour, if shown { 0.35 } else { 0.10 });
    let stroke = Stroke::new(if shown { 2.5 } else { 1.2 }, colour);
    painter.rect(rect, corners, fill, stroke, StrokeKind::Inside);
    let font = FontId::proportional(measure.font_size);
    let number = number.map_or("–".into(), |number| fitting(number, measure.pitch));
    let text = format!("{} {number}", names::symbol(place));
    painter.text(
        rect.center(),
        Align2::CENTER_CENTER,
        text,
        font,
        palette.text,
    );
}

/// With as many digits as there is room for.
fn fitting(value: f64, pitch: f32) -> String {
    if pitch >= 96.0 || value.abs() >= 100.0 {
        number::short(value)
    } else {
        format!("{value:.2}").replace('-', "−")
    }
}
