use super::layout::UnitId;
use super::scene::Scene;
use crate::explain::{Term, UnitSum, unit_sum};
use crate::ink::SIDE;
use crate::nn::Activation;
use crate::ui::heatmap::{self, Colours, KeyedTexture, Scale};
use crate::ui::number;
use crate::ui::theme::{self, Palette};
use egui::{
    Align2, ColorImage, CornerRadius, FontId, Frame, Margin, Pos2, Rect, RichText, Role,
    ScrollArea, Sense, Stroke, TextStyle, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// One unit opened: its sum term by term, and for the first layer what it looks for and what it found.
#[derive(Default)]
pub struct UnitCard {
    weights: KeyedTexture<PictureKey>,
    contributions: KeyedTexture<PictureKey>,
}

/// What was asked for in the card.
#[derive(Default)]
pub struct Answer {
    pub close: bool,
    pub open: Option<UnitId>,
    /// The summand whose row is under the pointer.
    pub term: Option<usize>,
}

#[derive(PartialEq)]
struct PictureKey {
    values: Vec<u32>,
    dark: bool,
}

const ROW_HEIGHT: f32 = 17.0;

impl UnitCard {
    /// Shows `opened`, which is what the user chose or else (`is_chosen` false) the answer.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        opened: Option<UnitId>,
        is_chosen: bool,
    ) -> Answer {
        let palette = theme::palette(ui);
        let area = ui.available_rect_before_wrap();
        let frame = Frame::new()
            .fill(palette.panel)
            .stroke(Stroke::new(1.0, palette.outline))
            .corner_radius(CornerRadius::same(8))
            .inner_margin(Margin::same(10));
        frame
            .show(ui, |ui| {
                ui.set_min_size((area.size() - Vec2::splat(22.0)).max(Vec2::ZERO));
                ui.spacing_mut().item_spacing.y = 3.0;
                match opened {
                    Some(id) => self.unit(ui, scene, id, is_chosen, palette),
                    None => {
                        guide(ui);
                        Answer::default()
                    }
                }
            })
            .inner
    }

    fn unit(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        id: UnitId,
        is_chosen: bool,
        palette: &Palette,
    ) -> Answer {
        let mut answer = Answer::default();
        ui.horizontal(|ui| {
            ui.strong(scene.name(id));
            if !is_chosen {
                ui.label(RichText::new("the answer").small().color(palette.accent));
            }
            if is_chosen {
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    answer.close = ui
                        .small_button("Close")
                        .on_hover_text("Back to the unit of the answer (Esc)")
                        .clicked();
                });
            }
        });
        let Some(before) = id.layer.checked_sub(1) else {
            return answer;
        };
        let sum = scene
            .trace()
            .and_then(|trace| unit_sum(scene.network, trace, before, id.unit));
        let terms = match &sum {
            Some(sum) => {
                formula(ui, scene, id, sum);
                sum.terms.clone()
            }
            None => {
                ui.label(RichText::new("Draw a digit to see its sum").weak());
                weights_alone(scene, id)
            }
        };
        let is_first_of_picture = before == 0 && scene.sizes.first() == Some(&(SIDE * SIDE));
        if is_first_of_picture {
            self.pictures(ui, &terms, sum.is_some(), palette);
        }
        table(ui, scene, id, &terms, sum.is_some(), &mut answer);
        answer
    }

    /// The weights of a first-layer unit as the picture it looks for, and what each cell of the drawing adds.
    fn pictures(&mut self, ui: &mut Ui, terms: &[Term], has_sum: bool, palette: &Palette) {
        let gap = 10.0;
        let side = ((ui.available_width() - gap) / 2.0).min(ui.available_height() * 0.34);
        let dark = ui.visuals().dark_mode;
        let small = TextStyle::Small.resolve(ui.style());
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            let products: fn(&Term) -> f32 = Term::product;
            let weights: fn(&Term) -> f32 = |term| term.weight;
            let pictures = [
                ("w: looks for", weights, &mut self.weights, true),
                ("w·a: finds", products, &mut self.contributions, has_sum),
            ];
            for (name, value_of, texture, is_known) in pictures {
                if !is_known {
                    continue;
                }
                let mut values = vec![0.0; SIDE * SIDE];
                for term in terms {
                    if let Some(cell) = values.get_mut(term.from) {
                        *cell = value_of(term);
                    }
                }
                let scale = Scale::of(values.iter().copied());
                let key = PictureKey {
                    values: values.iter().map(|value| value.to_bits()).collect(),
                    dark,
                };
                let texture = texture.texture(ui.ctx(), key, || {
                    let colours = Colours::new(palette, &scale);
                    let pixels = values.iter().map(|&value| colours.of(value)).collect();
                    ColorImage::new([SIDE, SIDE], pixels)
                });
                let lines = 2.0 * (small.size + 4.0);
                let (rect, response) =
                    ui.allocate_exact_size(vec2(side, side + lines), Sense::hover());
                let picture =
                    Rect::from_min_size(rect.min + vec2(0.0, small.size + 4.0), Vec2::splat(side));
                let all = Rect::from_min_size(Pos2::ZERO, Vec2::splat(SIDE as f32));
                let painter = ui.painter();
                heatmap::paint(painter, texture, [SIDE, SIDE], all, picture);
                heatmap::outline(painter, picture, palette);
                let text = |place: Pos2, anchor: Align2, text: String| {
                    painter.text(place, anchor, text, small.clone(), palette.weak_text);
                };
                text(rect.left_top(), Align2::LEFT_TOP, name.to_owned());
                let below = picture.bottom() + 3.0;
                text(
                    pos2(picture.left(), below),
                    Align2::LEFT_TOP,
                    number::signed(-scale.limit),
                );
                text(
                    pos2(picture.right(), below),
                    Align2::RIGHT_TOP,
                    number::signed(scale.limit),
                );
                response.widget_info(|| {
                    WidgetInfo::labeled(Role::Image, true, format!("{name}, 28×28"))
                });
                let hovered = response
                    .hover_pos()
                    .filter(|place| picture.contains(*place));
                if let Some(place) = hovered {
                    let cell = (place - picture.min) * SIDE as f32 / side;
                    let column = (cell.x as usize).min(SIDE - 1);
                    let row = (cell.y as usize).min(SIDE - 1);
                    let value = number::signed(values[row * SIDE + column]);
                    response
                        .on_hover_text_at_pointer(format!("Row {row}, column {column}: {value}"));
                }
            }
        });
    }
}

/// What there is to do while nothing is drawn or chosen.
fn guide(ui: &mut Ui) {
    ui.strong("Draw a digit to see it think");
    ui.add_space(4.0);
    for line in [
        "Each column is a layer, each disc a unit; the brighter ink, the stronger its activation.",
        "Lines are the strongest connections. Point at a unit to see its own.",
        "Click a unit, or use the arrow keys and Enter, to open its sum term by term.",
    ] {
        ui.label(RichText::new(line).weak());
        ui.add_space(4.0);
    }
}

/// `z` and `a` with their numbers.
fn formula(ui: &mut Ui, scene: &Scene<'_>, id: UnitId, sum: &UnitSum) {
    // Small enough for the three numbers to stay on one line in the narrowest card.
    let font = FontId::monospace(TextStyle::Small.resolve(ui.style()).size);
    let line = |ui: &mut Ui, text: String| {
        ui.label(RichText::new(text).font(font.clone()));
    };
    let weighted = sum.z - sum.bias;
    let sign = if sum.bias < 0.0 { '−' } else { '+' };
    line(ui, "z = Σ w·a + b".to_owned());
    line(
        ui,
        format!(
            "  = {} {sign} {} = {}",
            number::short(weighted),
            number::short(sum.bias.abs()),
            number::short(sum.z)
        ),
    );
    let function = scene.function(id.layer).map_or("z", function_text);
    line(ui, format!("a = {function} = {}", number::short(sum.a)));
}

fn function_text(function: Activation) -> &'static str {
    match function {
        Activation::Linear => "z",
        Activation::Sigmoid => "1 / (1 + e^−z)",
        Activation::Tanh => "tanh z",
        Activation::Relu => "max(0, z)",
        Activation::LeakyRelu => "max(0.01 z, z)",
        Activation::Softmax => "e^z / Σ e^z",
    }
}

/// The weights into a unit, strongest first, as terms without activations.
fn weights_alone(scene: &Scene<'_>, id: UnitId) -> Vec<Term> {
    let layer = id
        .layer
        .checked_sub(1)
        .and_then(|before| scene.network.layers().get(before));
    let Some(layer) = layer.filter(|layer| id.unit < layer.weights.ncols()) else {
        return Vec::new();
    };
    let mut terms: Vec<Term> = layer
        .weights
        .column(id.unit)
        .iter()
        .enumerate()
        .map(|(from, &weight)| Term {
            from,
            weight,
            activation: 0.0,
        })
        .collect();
    terms.sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()));
    terms
}

/// The summands, strongest first, with the bias above them.
fn table(
    ui: &mut Ui,
    scene: &Scene<'_>,
    id: UnitId,
    terms: &[Term],
    has_sum: bool,
    answer: &mut Answer,
) {
    let bias = scene.bias(id).unwrap_or(0.0);
    let strength = |term: &Term| {
        if has_sum { term.product() } else { term.weight }
    };
    let most = terms
        .iter()
        .map(|term| strength(term).abs())
        .fold(bias.abs(), f32::max);
    let share = |value: f32| if most > 0.0 { value / most } else { 0.0 };

    row(
        ui,
        [
            "from",
            "w",
            if has_sum { "a" } else { "" },
            if has_sum { "w·a" } else { "" },
        ]
        .map(str::to_owned),
        0.0,
        Sense::hover(),
        "Columns: from, w, a, w·a",
    );
    let text = number::signed(bias);
    let cells = if has_sum {
        [
            "bias".to_owned(),
            text.clone(),
            "1".to_owned(),
            text.clone(),
        ]
    } else {
        [
            "bias".to_owned(),
            text.clone(),
            String::new(),
            String::new(),
        ]
    };
    row(
        ui,
        cells,
        share(bias),
        Sense::hover(),
        &format!("Bias: {text}"),
    );
    ui.separator();

    let before = id.layer.saturating_sub(1);
    ScrollArea::vertical()
        .auto_shrink(false)
        .id_salt(("terms", id.layer, id.unit))
        .show_rows(ui, ROW_HEIGHT, terms.len(), |ui, visible| {
            for term in &terms[visible] {
                let from = UnitId {
                    layer: before,
                    unit: term.from,
                };
                let w = number::signed(term.weight);
                let (a, product) = if has_sum {
                    (
                        number::short(term.activation),
                        number::signed(term.product()),
                    )
                } else {
                    (String::new(), String::new())
                };
                let name = format!("{}: w {w} a {a} product {product}", scene.name(from));
                let sense = if before == 0 {
                    Sense::hover()
                } else {
                    Sense::click()
                };
                let cells = [short_name(scene, from), w, a, product];
                let response = row(ui, cells, share(strength(term)), sense, &name);
                if response.hovered() {
                    answer.term = Some(term.from);
                }
                if response.clicked() {
                    answer.open = Some(from);
                }
            }
        });
}

/// "9, 14" for a cell of the picture (row, column), "unit 12" for others.
fn short_name(scene: &Scene<'_>, id: UnitId) -> String {
    if id.layer == 0 && scene.sizes.first() == Some(&(SIDE * SIDE)) {
        format!("{}, {}", id.unit / SIDE, id.unit % SIDE)
    } else {
        format!("unit {}", id.unit)
    }
}

/// One line of the table over a bar as long as its share of the strongest; colour and number give the sign.
fn row(ui: &mut Ui, cells: [String; 4], share: f32, sense: Sense, name: &str) -> egui::Response {
    let palette = theme::palette(ui);
    let size = vec2(ui.available_width(), ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, sense);
    let painter = ui.painter();
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 2.0, palette.outline.gamma_multiply(0.6));
    }
    let length = rect.width() * share.abs().min(1.0);
    if length > 0.0 {
        let bar = Rect::from_min_size(rect.min, vec2(length, rect.height()));
        let colour = palette.diverging(share.signum()).gamma_multiply(0.28);
        painter.rect_filled(bar, 2.0, colour);
    }
    let font = TextStyle::Small.resolve(ui.style());
    let ends = [0.0, 0.5, 0.72, 1.0];
    for (index, (text, end)) in cells.into_iter().zip(ends).enumerate() {
        let (place, anchor) = if index == 0 {
            (rect.left_center() + vec2(4.0, 0.0), Align2::LEFT_CENTER)
        } else {
            let x = rect.left() + (rect.width() - 4.0) * end;
            (pos2(x, rect.center().y), Align2::RIGHT_CENTER)
        };
        painter.text(place, anchor, text, font.clone(), palette.text);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, name));
    response
}
