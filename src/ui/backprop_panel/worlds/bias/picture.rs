use crate::explain::{BiasUnit, UnitPass};
use crate::ui::number;
use crate::ui::theme::{self, Palette};
use egui::{
    Align2, Color32, FontId, Painter, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

/// How the bias is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Number,
    Input,
}

const PICTURE_HEIGHT: f32 = 140.0;
/// Of an input.
const RADIUS: f32 = 21.0;
/// An input or the bias as it is drawn: a disc with its number, and the wire from there to the unit.
struct Source {
    /// "x₁"; nothing stands above a number that is always the same.
    symbol: Option<String>,
    value: f64,
    /// "w₁ = 0.8"
    weight: String,
    edge: Color32,
    wire: Color32,
}

fn sources(unit: &BiasUnit, way: Way, palette: &Palette) -> Vec<Source> {
    let [_, wire, _, _, bias, edge] = palette.runs;
    let inputs = unit.inputs.iter().enumerate().map(|(index, input)| {
        let i = lowered(index + 1);
        Source {
            symbol: Some(format!("x{i}")),
            value: input.value,
            weight: format!("w{i} = {}", number::short(input.weight)),
            edge,
            wire,
        }
    });
    let always_one = (way == Way::Input).then(|| Source {
        symbol: None,
        value: 1.0,
        weight: format!("b = {}", number::short(unit.bias)),
        edge: bias,
        wire: bias,
    });
    inputs.chain(always_one).collect()
}

/// The unit with its inputs and its bias, drawn one way or the other.
pub fn picture(ui: &mut Ui, unit: &BiasUnit, way: Way, pass: &UnitPass) {
    let size = vec2(ui.available_width(), PICTURE_HEIGHT);
    let (area, response) = ui.allocate_exact_size(size, Sense::hover());
    let palette = theme::palette(ui);
    let painter = ui.painter_at(area);
    let [_, _, sum_colour, _, bias_colour, _] = palette.runs;
    let at = |share_x: f32, share_y: f32| area.min + area.size() * vec2(share_x, share_y);
    let sources = sources(unit, way, palette);
    // Below the unit is room for the bias where it is not an input.
    let used = match way {
        Way::Number => 0.74,
        Way::Input => 1.0,
    };
    let middle = at(0.62, 0.5 * used);
    let unit_radius = RADIUS + 5.0;
    for (index, source) in sources.iter().enumerate() {
        let height = (index as f32 + 0.5) / sources.len() as f32 * used;
        let start = pos2(area.left() + RADIUS + 4.0, at(0.0, height).y);
        let along = (middle - start).normalized() * unit_radius;
        painter.line_segment([start, middle - along], Stroke::new(2.0, source.wire));
        disc(
            &painter,
            palette,
            start,
            RADIUS,
            source.edge,
            source.symbol.as_deref(),
            source.value,
        );
        label(
            &painter,
            palette,
            start + (middle - start) * 0.5,
            &source.weight,
        );
    }
    if way == Way::Number {
        let below = pos2(middle.x, at(0.0, 0.88).y);
        let edge = middle + vec2(0.0, unit_radius);
        painter.line_segment([below, edge], Stroke::new(2.0, bias_colour));
        let text = format!("b = {}", number::short(unit.bias));
        label(&painter, palette, below, &text);
    }
    let end = pos2(area.right() - 4.0, middle.y);
    painter.line_segment([middle, end], Stroke::new(2.0, sum_colour));
    disc(
        &painter,
        palette,
        middle,
        unit_radius,
        sum_colour,
        Some("z"),
        pass.sum,
    );
    let text = format!("a = {}", number::short(pass.activation));
    let behind = (middle.x + unit_radius + end.x) / 2.0;
    label(&painter, palette, pos2(behind, middle.y - 14.0), &text);
    response.widget_info(|| {
        let inputs = sources.iter().map(|source| {
            let symbol = source.symbol.as_deref().unwrap_or("always");
            format!(
                "{symbol} {} with {}",
                number::short(source.value),
                source.weight
            )
        });
        let inputs = inputs.collect::<Vec<_>>().join(", ");
        WidgetInfo::labeled(Role::Image, true, format!("Unit with inputs {inputs}"))
    });
}

/// A circle with a number, and what it is called above it.
fn disc(
    painter: &Painter,
    palette: &Palette,
    at: Pos2,
    radius: f32,
    edge: Color32,
    symbol: Option<&str>,
    value: f64,
) {
    let fill = palette.panel.lerp_to_gamma(edge, 0.12);
    painter.circle(at, radius, fill, Stroke::new(2.0, edge));
    let font = FontId::proportional(theme::SMALL_SIZE);
    let number = number::short(value);
    let line = if symbol.is_some() {
        vec2(0.0, 7.0)
    } else {
        Vec2::ZERO
    };
    for (text, place) in [
        (symbol.unwrap_or_default(), at - line),
        (&number, at + line),
    ] {
        painter.text(
            place,
            Align2::CENTER_CENTER,
            text,
            font.clone(),
            palette.text,
        );
    }
}

/// A text on a ground of its own, so that no line runs through it.
fn label(painter: &Painter, palette: &Palette, at: Pos2, text: &str) {
    let font = FontId::proportional(theme::BODY_SIZE);
    let galley = painter.layout_no_wrap(text.to_owned(), font, palette.text);
    let rect = Rect::from_center_size(at, galley.size() + vec2(8.0, 2.0));
    painter.rect(rect, 3.0, palette.panel, Stroke::NONE, StrokeKind::Inside);
    painter.galley(rect.min + vec2(4.0, 1.0), galley, palette.text);
}

/// "₂"
pub fn lowered(index: usize) -> char {
    const LOWERED: [char; 10] = ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'];
    LOWERED[index % LOWERED.len()]
}
