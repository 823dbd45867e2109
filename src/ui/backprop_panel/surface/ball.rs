use crate::app::{AppCommand, AppState, a_digit};
use crate::explain::{SeenInputs, Slice, Surface};
use crate::ui::command_button::CommandButton;
use crate::ui::number;
use crate::ui::theme::{self, Palette};
use egui::{
    Align2, FontId, Painter, Pos2, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};
use ndarray::ArrayView1;
use std::sync::Arc;

/// The ball on the map: the network there, asked for the cost and for the drawing.
#[derive(Default)]
pub struct Ball {
    of: Option<Arc<Slice>>,
    /// The drawing as the networks of the plane see it, with the versions that it depends on.
    drawing: Option<((u64, crate::ink::Steps), SeenInputs)>,
    cost: Option<KnownCost>,
    /// The ten outputs for the drawing; empty without one.
    outputs: Vec<f32>,
    /// The cost of the drawing, where it has a label.
    drawing_cost: Option<f32>,
    is_dragged: bool,
}

/// The cost over the sample at a point.
#[derive(Clone, Copy, Debug)]
struct KnownCost {
    at: [f32; 2],
    cost: f32,
    /// Of the network at the point; otherwise read off the map.
    is_exact: bool,
}

/// Products that fit into a frame: a fraction of a millisecond.
const QUICK: usize = 16_000_000;

impl Ball {
    /// Asks the network at the place of the ball.
    pub fn ask(&mut self, surface: &Surface, state: &AppState) {
        let slice = &surface.slice;
        if self.of.as_ref().is_none_or(|of| !Arc::ptr_eq(of, slice)) {
            *self = Self {
                of: Some(Arc::clone(slice)),
                ..Self::default()
            };
        }
        let at = state.surface.ball;
        let is_exact = slice.work_at_a_point() <= QUICK || !self.is_dragged;
        let is_known = |known: &KnownCost| known.at == at && (known.is_exact || !is_exact);
        if !self.cost.as_ref().is_some_and(is_known) {
            let cost = match is_exact {
                true => slice.cost_at(at),
                false => surface.grid.interpolated(at).unwrap_or(f32::NAN),
            };
            self.cost = Some(KnownCost { at, cost, is_exact });
        }
        self.ask_for_drawing(slice, state);
    }

    fn ask_for_drawing(&mut self, slice: &Slice, state: &AppState) {
        self.outputs.clear();
        self.drawing_cost = None;
        let Some(reading) = &state.reading else {
            self.drawing = None;
            return;
        };
        let key = (state.pad.version, state.steps);
        if self.drawing.as_ref().is_none_or(|(of, _)| *of != key) {
            let input = reading.normalized.cells.input();
            let seen = SeenInputs::of_one(&slice.plane, &input);
            self.drawing = seen.map(|seen| (key, seen));
        }
        let Some((_, seen)) = &self.drawing else {
            return;
        };
        let outputs = seen.outputs(&slice.plane, state.surface.ball);
        self.outputs.extend(&outputs);
        self.drawing_cost = state.pad.drawing.label.map(|label| {
            let truth: Vec<f32> = (0..self.outputs.len())
                .map(|output| f32::from(u8::from(output == usize::from(label))))
                .collect();
            let network = &state.model.network;
            network.cost_of(outputs.row(0), ArrayView1::from(&truth))
        });
    }

    pub fn set_dragged(&mut self, is_dragged: bool) {
        self.is_dragged = is_dragged;
    }

    /// "0.123", or "≈ 0.12" while it is read off the map.
    pub fn cost_text(&self) -> String {
        match &self.cost {
            Some(known) if known.is_exact => number::short(known.cost),
            Some(known) => format!("≈ {}", number::short(known.cost)),
            None => "–".to_owned(),
        }
    }

    /// With the digit in it that the network there reads.
    pub fn paint(&self, painter: &Painter, palette: &Palette, at: Pos2) {
        painter.circle(at, 11.0, palette.panel, Stroke::new(2.5, palette.text));
        if let Some(answer) = self.answer() {
            painter.text(
                at,
                Align2::CENTER_CENTER,
                answer.to_string(),
                FontId::proportional(theme::BODY_SIZE),
                palette.text,
            );
        } else {
            painter.circle_filled(at, 3.0, palette.text);
        }
    }

    fn answer(&self) -> Option<usize> {
        let outputs = ArrayView1::from(&self.outputs);
        (!self.outputs.is_empty()).then(|| crate::nn::argmax(outputs))
    }

    /// What the network under the ball says, and what can be done with it.
    pub fn card(
        &self,
        ui: &mut Ui,
        state: &AppState,
        surface: &Surface,
        commands: &mut Vec<AppCommand>,
    ) {
        let palette = theme::palette(ui);
        ui.horizontal(|ui| {
            ui.label(RichText::new("Under the ball").strong());
            ui.label(
                RichText::new(format!("cost {}", self.cost_text()))
                    .strong()
                    .size(17.0),
            );
        });
        let sample = &surface.slice.sample;
        let text = format!(
            "mean over the same {} training digits of {} everywhere",
            sample.count, sample.data_name
        );
        ui.label(RichText::new(text).small().color(palette.weak_text));
        self.bars(ui, palette);
        let says = match (self.answer(), state.pad.drawing.label, self.drawing_cost) {
            (None, _, _) => "Draw a digit to see what the network there makes of it".to_owned(),
            (Some(answer), Some(label), Some(cost)) => format!(
                "It reads {}; as {} your drawing costs {}",
                a_digit(answer),
                a_digit(usize::from(label)),
                number::short(cost)
            ),
            (Some(answer), ..) => format!("It reads {} in your drawing", a_digit(answer)),
        };
        ui.label(RichText::new(says).small());
        ui.horizontal_wrapped(|ui| {
            let put = AppCommand::PutNetworkHere;
            CommandButton::text(&put, "Put the network here").show(ui, state, commands, None);
            let back = AppCommand::PutNetworkBack;
            if back.enabled(state).is_ok() {
                CommandButton::text(&back, "Put it back").show(ui, state, commands, None);
            }
            let home = AppCommand::MoveBall { at: [0.0; 2] };
            let response = ui.add_enabled(
                state.surface.ball != [0.0; 2],
                egui::Button::new("Ball back"),
            );
            let hint = "To the network that the map was drawn around";
            if response.on_hover_text(hint).clicked() {
                commands.push(home);
            }
        });
    }

    /// The ten outputs for the drawing.
    fn bars(&self, ui: &mut Ui, palette: &Palette) {
        let size = vec2(ui.available_width(), 46.0);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        let width = rect.width() / 10.0;
        let floor = rect.bottom() - theme::SMALL_SIZE - 4.0;
        let painter = ui.painter();
        let answer = self.answer();
        let largest = self.outputs.iter().copied().fold(1.0, f32::max);
        for digit in 0..10 {
            let left = rect.left() + digit as f32 * width;
            let output = self.outputs.get(digit).copied().unwrap_or(0.0);
            let height = (floor - rect.top()) * (output / largest).clamp(0.0, 1.0);
            let column = Rect::from_min_max(
                pos2(left + 3.0, floor - height),
                pos2(left + width - 3.0, floor),
            );
            let is_answer = answer == Some(digit);
            let color = if is_answer {
                palette.accent
            } else {
                palette.weak_text
            };
            painter.rect_filled(column, 2.0, color);
            painter.text(
                pos2(left + width / 2.0, floor + 2.0),
                Align2::CENTER_TOP,
                digit.to_string(),
                FontId::proportional(theme::SMALL_SIZE),
                if is_answer {
                    palette.text
                } else {
                    palette.weak_text
                },
            );
        }
        painter.line_segment(
            [pos2(rect.left(), floor), pos2(rect.right(), floor)],
            Stroke::new(1.0, palette.outline),
        );
        let outputs = self.outputs.iter().enumerate();
        let texts: Vec<String> = outputs
            .map(|(digit, output)| format!("{digit}: {}", number::short(*output)))
            .collect();
        let name = match texts.is_empty() {
            true => "No drawing to be read at the ball".to_owned(),
            false => format!("Outputs at the ball: {}", texts.join(", ")),
        };
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
        response.on_hover_text(name);
    }
}
