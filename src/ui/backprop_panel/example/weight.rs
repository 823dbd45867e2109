//! One weight: its gradient as a product, each factor coloured like the place it comes from, and the cost around it.

use super::examination::Examination;
use crate::app::{AppCommand, AppState, StepMove};
use crate::explain::{
    CostCurve, ExamplePass, Factor, FactorPlace, Factors, Parameter, Step, UnitPlace, short, signed,
};
use crate::ui::theme::{self, Palette};
use egui::text::LayoutJob;
use egui::{
    Align, Align2, Color32, FontId, FontSelection, Key, Pos2, Rect, RichText, Role, ScrollArea,
    Sense, Slider, Stroke, StrokeKind, TextEdit, Ui, WidgetInfo, pos2, vec2,
};
use egui_plot::{Line, LineStyle, Plot, PlotPoint, PlotPoints, Points, Text, VLine};

/// A weight that is searched for, and the curve of the one that is shown.
pub struct WeightView {
    searched: String,
    error: Option<String>,
    /// How far the curve reaches to both sides of the weight.
    span: f64,
    curve: Option<(CurveKey, Option<CostCurve>)>,
}

/// A factor that is pointed at, with its place on the screen.
#[derive(Clone, Copy)]
pub struct LitFactor {
    pub place: FactorPlace,
    pub from: Pos2,
}

type CurveKey = (u64, Parameter, u64);

const SPANS: std::ops::RangeInclusive<f64> = 0.01..=10.0;
const CHIP_HEIGHT: f32 = 40.0;
/// From this width on the words stand beside the curve instead of above it.
const WIDTH_FOR_TWO: f32 = 440.0;
const SMALLEST_PLOT: f32 = 130.0;

impl Default for WeightView {
    fn default() -> Self {
        Self {
            searched: String::new(),
            error: None,
            span: 1.0,
            curve: None,
        }
    }
}

impl WeightView {
    /// Returns the factor that is pointed at.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        examination: &Examination,
        commands: &mut Vec<AppCommand>,
    ) -> Option<LitFactor> {
        ScrollArea::vertical()
            .auto_shrink(false)
            .id_salt("weight under the microscope")
            .show(ui, |ui| self.content(ui, state, examination, commands))
            .inner
    }

    fn content(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        examination: &Examination,
        commands: &mut Vec<AppCommand>,
    ) -> Option<LitFactor> {
        let pass = &examination.pass;
        let parameter = examination.parameter(state);
        self.search(ui, pass, parameter, commands);
        let factors = Factors::new(pass, parameter)?;
        let lit = product(ui, pass, &factors, commands);
        let key = (examination.serial, parameter, self.span.to_bits());
        if self.curve.as_ref().is_none_or(|(made, _)| *made != key) {
            self.curve = Some((key, CostCurve::new(pass, parameter, self.span)));
        }
        let Some((_, Some(curve))) = &self.curve else {
            ui.label("The cost around this weight is no number");
            return lit;
        };
        let width = ui.available_width();
        if width < WIDTH_FOR_TWO {
            meanings(ui, &factors);
            slopes(ui, curve);
            span_slider(ui, &mut self.span);
            plot(ui, curve);
        } else {
            let height = ui.available_height().max(SMALLEST_PLOT);
            ui.horizontal_top(|ui| {
                ui.vertical(|ui| {
                    ui.set_width(width * 0.4);
                    meanings(ui, &factors);
                    slopes(ui, curve);
                    span_slider(ui, &mut self.span);
                });
                ui.vertical(|ui| {
                    ui.set_height(height);
                    plot(ui, curve);
                });
            });
        }
        lit
    }

    fn search(
        &mut self,
        ui: &mut Ui,
        pass: &ExamplePass,
        shown: Parameter,
        commands: &mut Vec<AppCommand>,
    ) {
        ui.horizontal(|ui| {
            ui.label(RichText::new(shown.to_string()).strong().monospace());
            let value = shown.value(&pass.network).unwrap_or(f32::NAN);
            ui.label(format!("= {}", signed(value)));
            let field = TextEdit::singleline(&mut self.searched)
                .hint_text("W2[17,4]")
                .desired_width(86.0);
            let response = ui
                .add(field)
                .accessible_name("Search a weight")
                .on_hover_text(
                    "W2[17,4] is the weight of layer 2 from unit 17 to unit 4, b2[4] a bias",
                );
            let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            if response.changed() {
                self.error = None;
            }
            if (entered || ui.button("Find").clicked()) && !self.searched.trim().is_empty() {
                match self.find(pass) {
                    Ok(parameter) => {
                        self.error = None;
                        commands.push(AppCommand::ChooseParameter(parameter));
                    }
                    Err(sentence) => self.error = Some(sentence),
                }
            }
        });
        if let Some(error) = &self.error {
            ui.label(RichText::new(error).color(theme::palette(ui).error));
        }
    }

    fn find(&self, pass: &ExamplePass) -> Result<Parameter, String> {
        let parameter: Parameter = self
            .searched
            .parse()
            .map_err(|error: crate::explain::ParameterError| error.to_string())?;
        match parameter.check(&pass.network) {
            Ok(()) => Ok(parameter),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn span_slider(ui: &mut Ui, span: &mut f64) {
    ui.horizontal(|ui| {
        ui.label(RichText::new("Around w").weak());
        ui.spacing_mut().slider_width = 70.0;
        let slider = Slider::new(span, SPANS).logarithmic(true).prefix("±");
        ui.add(slider).accessible_name("How far around the weight");
    });
}

/// The colour of the place where a factor lives.
pub fn color(place: FactorPlace, palette: &Palette) -> Color32 {
    match place {
        FactorPlace::Before => palette.runs[2],
        FactorPlace::Inside => palette.runs[3],
        FactorPlace::Behind => palette.runs[5],
    }
}

/// The step in which a factor was found.
fn step_of(place: FactorPlace, target: UnitPlace, layers: usize) -> Step {
    let layer = target.layer;
    match place {
        FactorPlace::Before if layer == 1 => Step::Input,
        FactorPlace::Before => Step::Forward { layer: layer - 1 },
        FactorPlace::Inside => Step::Forward { layer },
        FactorPlace::Behind if layer == layers => Step::OutputDelta,
        FactorPlace::Behind => Step::Wishes { layer },
    }
}

/// `∂C/∂w = a · σ′(z) · ∂C/∂a` with its numbers; returns the factor under the pointer.
fn product(
    ui: &mut Ui,
    pass: &ExamplePass,
    factors: &Factors,
    commands: &mut Vec<AppCommand>,
) -> Option<LitFactor> {
    let palette = theme::palette(ui);
    let count = factors.factors.len();
    let sign = 16.0;
    let room = ui.available_width() - 8.0;
    let width = ((room - sign * count as f32) / (count + 1) as f32).min(150.0);
    let mut lit = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let symbol = match factors.parameter.from() {
            Some(_) => "∂C/∂w",
            None => "∂C/∂b",
        };
        let whole = ui.allocate_exact_size(vec2(width, CHIP_HEIGHT), Sense::hover());
        let name = format!("{symbol} = {}", signed(factors.gradient));
        whole
            .1
            .widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
        chip(ui, whole.0, symbol, factors.gradient, palette.text, false);
        for (index, factor) in factors.factors.iter().enumerate() {
            let (rect, _) = ui.allocate_exact_size(vec2(sign, CHIP_HEIGHT), Sense::hover());
            let between = if index == 0 { "=" } else { "·" };
            let font = FontId::proportional(theme::HEADING_SIZE);
            ui.painter().text(
                rect.center(),
                Align2::CENTER_CENTER,
                between,
                font,
                palette.text,
            );
            let (rect, response) = ui.allocate_exact_size(vec2(width, CHIP_HEIGHT), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, spoken(factor)));
            let color = color(factor.place, palette);
            let is_lit = response.hovered() || response.has_focus();
            chip(ui, rect, factor.symbol, factor.value, color, is_lit);
            if is_lit {
                lit = Some(LitFactor {
                    place: factor.place,
                    from: rect.center_top(),
                });
            }
            let target = UnitPlace::target(factors.parameter);
            let step = step_of(factor.place, target, pass.layers());
            let hint = format!("{}\nClick to go to the step that found it", spoken(factor));
            if response.on_hover_text(hint).clicked() {
                commands.push(AppCommand::MoveStep(StepMove::To(step)));
            }
        }
    });
    lit
}

/// What each factor is, in its colour.
fn meanings(ui: &mut Ui, factors: &Factors) {
    let palette = theme::palette(ui);
    for factor in &factors.factors {
        let symbol = RichText::new(format!("{}  ", factor.symbol))
            .small()
            .strong();
        let mut text = LayoutJob::default();
        let normal = Align::Center;
        symbol.color(color(factor.place, palette)).append_to(
            &mut text,
            ui.style(),
            FontSelection::Default,
            normal,
        );
        RichText::new(&factor.meaning)
            .small()
            .color(palette.text)
            .append_to(&mut text, ui.style(), FontSelection::Default, normal);
        ui.label(text);
    }
}

fn spoken(factor: &Factor) -> String {
    format!(
        "{} = {}, {}",
        factor.symbol,
        signed(factor.value),
        factor.meaning
    )
}

fn chip(ui: &Ui, rect: Rect, symbol: &str, value: f32, color: Color32, is_lit: bool) {
    let palette = theme::palette(ui);
    let painter = ui.painter();
    let width = if is_lit { 2.5 } else { 1.5 };
    painter.rect(
        rect.shrink(2.0),
        6.0,
        palette.panel,
        Stroke::new(width, color),
        StrokeKind::Inside,
    );
    let write = |y: f32, text: &str, size: f32, color: Color32| {
        let at = pos2(rect.center().x, rect.top() + rect.height() * y);
        painter.text(
            at,
            Align2::CENTER_CENTER,
            text,
            FontId::proportional(size),
            color,
        );
    };
    write(0.28, symbol, theme::SMALL_SIZE, color);
    write(0.68, &signed(value), theme::BODY_SIZE + 1.0, palette.text);
}

/// What backpropagation claims, what the costs on both sides say, and how far the two are apart.
fn slopes(ui: &mut Ui, curve: &CostCurve) {
    let palette = theme::palette(ui);
    let (claim, difference) = (curve.gradient as f32, curve.difference as f32);
    let text = if curve.at_kink {
        "A ReLU has its kink right here: there is no slope to compare with".to_owned()
    } else {
        format!(
            "Backpropagation {}, finite difference {}: relative error {}",
            signed(claim),
            signed(difference),
            short(curve.relative_error as f32)
        )
    };
    ui.label(RichText::new(text).color(palette.text)).on_hover_text(
        "(C(w + h) − C(w − h)) / 2h with h = 0.00001, in double precision. The error is |g − d| / (|g| + |d|)",
    );
    if curve.gradient == 0.0 && curve.difference == 0.0 {
        let text = "For this drawing the weight changes nothing: what it weighs is 0, or nothing comes back";
        ui.label(RichText::new(text).small().weak());
    }
}

/// C(w) as it is, and the tangent.
fn plot(ui: &mut Ui, curve: &CostCurve) {
    let palette = theme::palette(ui);
    let height = (ui.available_height() - 4.0).clamp(SMALLEST_PLOT - 4.0, 360.0);
    let costs = || curve.points.iter().map(|point| point[1]);
    let low = costs().fold(f64::INFINITY, f64::min);
    let high = costs().fold(f64::NEG_INFINITY, f64::max);
    let pad = ((high - low) * 0.12).max(1e-9 + 1e-3 * high.abs());
    let (low, high) = (low - pad, high + pad);
    let tangent: Vec<[f64; 2]> = curve
        .points
        .iter()
        .map(|point| [point[0], curve.tangent(point[0])])
        .filter(|point| (low..=high).contains(&point[1]))
        .collect();
    let name = format!(
        "The cost around {}: at {} it is {}, and its slope {}",
        curve.parameter,
        short(curve.weight as f32),
        short(curve.cost as f32),
        signed(curve.gradient as f32)
    );
    let response = Plot::new("cost around a weight")
        .height(height)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_boxed_zoom(false)
        .include_y(low)
        .include_y(high)
        .set_margin_fraction(vec2(0.01, 0.02))
        .x_axis_label("w")
        .y_axis_label("C(w)")
        .grid_color(palette.outline)
        .show(ui, |plot| {
            let points = PlotPoints::from(curve.points.clone());
            plot.line(Line::new("C(w)", points).color(palette.text).width(2.0));
            let line = Line::new("tangent", PlotPoints::from(tangent));
            let dashed = line.color(palette.accent).width(2.0);
            plot.line(dashed.style(LineStyle::Dashed { length: 8.0 }));
            plot.vline(VLine::new("w", curve.weight).color(palette.outline));
            let here = PlotPoints::from(vec![[curve.weight, curve.cost]]);
            plot.points(Points::new("now", here).radius(5.0).color(palette.accent));
            let at = PlotPoint::new(curve.weight, curve.cost);
            let text = RichText::new(format!(" slope {}", signed(curve.gradient as f32)));
            plot.text(
                Text::new("slope", at, text)
                    .color(palette.accent)
                    .anchor(Align2::LEFT_BOTTOM),
            );
        });
    response
        .response
        .widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
}
