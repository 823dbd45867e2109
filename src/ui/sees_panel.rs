//! What the network sees: the 28×28 values that go in, and the steps from the ink to them.

use super::answer_panel::text_of;
use super::command_button::CommandButton;
use super::ink_texture::InkTexture;
use super::mean_ghost::MeanGhost;
use super::theme;
use crate::app::{AppCommand, AppState, Depth, Reading};
use crate::ink::{SIDE, Stage, Steps, digits_side_by_side, unit};
use egui::{
    Align, Align2, Color32, FontId, Layout, Mesh, Pos2, Rect, Response, RichText, Role, Sense,
    Shape, Stroke, StrokeKind, TextureId, TextureOptions, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

/// How large things are, in points.
#[derive(Clone, Copy)]
struct Sizes {
    /// Side of the picture of the input, a whole number of points a cell.
    picture: f32,
    /// Side of the small picture of a stage.
    stage: f32,
}

/// Gap between two stages.
const STAGE_GAP: f32 = 3.0;

/// In this width the title and a sentence stand beside each other.
const ROOM_FOR_BOTH: f32 = 400.0;

/// Room is kept for so many stages, so that nothing beneath moves when a picture is opened.
const MOST_STAGES: usize = 5;

/// The input of the network, and how it came to be.
pub struct SeesPanel {
    cells: InkTexture<InkKey>,
    stages: Vec<InkTexture<InkKey>>,
    ghost: MeanGhost,
    shows_ghost: bool,
}

/// What the pictures depend on besides the theme.
type InkKey = (u64, Steps);

impl Default for SeesPanel {
    fn default() -> Self {
        Self {
            cells: InkTexture::default(),
            stages: Vec::new(),
            ghost: MeanGhost::default(),
            shows_ghost: true,
        }
    }
}

impl SeesPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let sizes = match state.settings.depth {
            Depth::Draw => Sizes::within(ui.available_size()),
            Depth::Learn | Depth::Lab => Sizes::SMALL,
        };
        header(ui, state, commands);
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = STAGE_GAP;
                self.paint_cells(ui, state, sizes.picture);
                paint_scale(ui, sizes.picture);
                self.ghost_switch(ui, state);
            });
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = STAGE_GAP;
                let rows = MOST_STAGES as f32 * (sizes.stage + STAGE_GAP) - STAGE_GAP;
                ui.set_min_size(vec2(ui.available_width(), rows));
                self.paint_stages(ui, state, sizes.stage, commands);
            });
        });
    }

    fn paint_cells(&mut self, ui: &mut Ui, state: &AppState, side: f32) {
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
        let palette = theme::palette(ui);
        ui.painter().rect_filled(rect, 0.0, palette.paper);
        let spoken = match state.reading {
            Some(_) => "The 28×28 input of the network",
            None => "The input of the network, blank",
        };
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, spoken));
        if let Some(reading) = &state.reading {
            let cells = &reading.normalized.cells;
            if self.shows_ghost {
                self.ghost.paint_blur(ui, rect, reading.answer);
            }
            let texture = self
                .cells
                .get(ui, ink_key(state), TextureOptions::NEAREST, || {
                    Arc::new(cells.picture())
                });
            paint_texture(ui, rect, texture.id());
            if self.shows_ghost {
                self.ghost.paint_outline(ui, rect, reading.answer);
            }
            if let Some((row, column)) = response.hover_pos().and_then(|pos| cell_at(rect, pos)) {
                let byte = cells.0.get(row * SIDE + column).copied().unwrap_or(0);
                let cell = Vec2::splat(rect.width() / SIDE as f32);
                let corner = rect.min + vec2(column as f32, row as f32) * cell;
                ui.painter().rect_stroke(
                    Rect::from_min_size(corner, cell),
                    0.0,
                    Stroke::new(1.5, palette.accent),
                    StrokeKind::Outside,
                );
                response.on_hover_text_at_pointer(format!(
                    "Row {}, column {}: {:.3}\nInput {} of {}",
                    row + 1,
                    column + 1,
                    unit(byte),
                    row * SIDE + column + 1,
                    SIDE * SIDE,
                ));
            }
        }
        outline(ui, rect);
    }

    fn ghost_switch(&mut self, ui: &mut Ui, state: &AppState) {
        let text = match &state.reading {
            Some(reading) => format!("Mean {} behind", reading.answer),
            None => "Mean digit behind".to_owned(),
        };
        checkbox(ui, &mut self.shows_ghost, &text).on_hover_text(
            "The mean of MNIST's training digits of the answer, behind the ink: where its outline is empty ink is \
             missing, and what is beyond it few people write. The network does not see it",
        );
    }

    /// The ink on its way, each stage with the switch of the step that leads to it.
    fn paint_stages(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        side: f32,
        commands: &mut Vec<AppCommand>,
    ) {
        let Some(reading) = &state.reading else {
            let weak = theme::palette(ui).weak_text;
            let text =
                "784 values from 0 to 1, made from the ink in the steps that MNIST was made with";
            ui.label(RichText::new(text).small().color(weak));
            return;
        };
        let stages = &reading.normalized.stages;
        self.stages.resize_with(stages.len(), InkTexture::default);
        for (stage, texture) in stages.iter().zip(&mut self.stages) {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 6.0;
                let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
                response.widget_info(|| {
                    WidgetInfo::labeled(Role::Image, true, format!("Picture: {}", stage.name))
                });
                ui.painter()
                    .rect_filled(rect, 0.0, theme::palette(ui).paper);
                let texture = texture.get(ui, ink_key(state), TextureOptions::LINEAR, || {
                    Arc::new(stage.picture.clone())
                });
                let size = texture.size_vec2();
                let fitted = size * (side / size.max_elem());
                paint_texture(
                    ui,
                    Rect::from_center_size(rect.center(), fitted),
                    texture.id(),
                );
                outline(ui, rect);
                stage_switch(ui, stage, state.steps, commands);
            });
        }
    }
}

impl Sizes {
    const SMALL: Self = Self {
        picture: 112.0,
        stage: 22.0,
    };

    /// As large as fits: a projector has room for more than a laptop.
    fn within(room: Vec2) -> Self {
        /// Header, scale and switch of the ghost.
        const AROUND: f32 = 96.0;
        let side = (room.x * 0.45).min(room.y - AROUND) / SIDE as f32;
        let picture = side.floor().clamp(4.0, 10.0) * SIDE as f32;
        Self {
            picture,
            stage: ((picture + 20.0) / MOST_STAGES as f32 - STAGE_GAP).clamp(22.0, 40.0),
        }
    }
}

/// A step that can be left out has a switch; where the ink starts there is a name alone.
fn stage_switch(ui: &mut Ui, stage: &Stage, steps: Steps, commands: &mut Vec<AppCommand>) {
    let Some(step) = stage.step else {
        ui.add(egui::Label::new(RichText::new(stage.name).small()).wrap());
        return;
    };
    let mut on = steps.has(step);
    let switch = checkbox(ui, &mut on, stage.name)
        .on_hover_text("Switch this step off to see what it does to the answer");
    if switch.changed() {
        commands.push(AppCommand::SetSteps(steps.with(step, on)));
    }
}

fn checkbox(ui: &mut Ui, on: &mut bool, text: &str) -> Response {
    ui.spacing_mut().icon_spacing = 5.0;
    ui.checkbox(on, RichText::new(text).small())
}

/// The title; and what the answer is with all steps while some are left out, and the way back.
fn header(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    let usual = state
        .reading
        .as_ref()
        .and_then(|reading| reading.with_all_steps.as_deref());
    let has_room = ui.available_width() >= ROOM_FOR_BOTH;
    let size = vec2(ui.available_width(), ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(size);
        let is_free = usual.is_none() && several_digits_text(state).is_none();
        if has_room || is_free {
            ui.label(RichText::new("What the network sees").strong());
        }
        if let Some(usual) = usual {
            let text = format!("With all steps on: {}", answer_text(state, usual));
            ui.label(
                RichText::new(text)
                    .small()
                    .color(theme::palette(ui).warning),
            );
            let command = AppCommand::SetSteps(Steps::ALL);
            CommandButton::text(&command, "All on").show(ui, state, commands, None);
        } else if let Some(text) = several_digits_text(state) {
            let color = theme::palette(ui).warning;
            ui.label(RichText::new(text).small().color(color))
                .on_hover_text("The network reads one digit at a time: draw them one by one");
        }
    });
}

/// Several digits are read as one; a person should know.
fn several_digits_text(state: &AppState) -> Option<String> {
    let reading = state.reading.as_ref()?;
    let count = digits_side_by_side(&reading.normalized.cells);
    (count > 1).then(|| format!("Looks like {count} digits, read as one"))
}

/// "7, 99.8 %"
fn answer_text(state: &AppState, reading: &Reading) -> String {
    let answer = reading.answer;
    format!("{answer}, {}", text_of(state, reading, answer))
}

fn ink_key(state: &AppState) -> InkKey {
    (state.pad.version, state.steps)
}

/// Row and column of the cell at `pos` in a picture of 28×28 cells.
fn cell_at(rect: Rect, pos: Pos2) -> Option<(usize, usize)> {
    let place = (pos - rect.min) / rect.size() * SIDE as f32;
    let inside = (0.0..SIDE as f32).contains(&place.x) && (0.0..SIDE as f32).contains(&place.y);
    inside.then_some((place.y as usize, place.x as usize))
}

/// The scale of the picture: 0 is paper, 1 is full ink.
fn paint_scale(ui: &mut Ui, width: f32) {
    let (rect, response) = ui.allocate_exact_size(vec2(width, 14.0), Sense::hover());
    response
        .widget_info(|| WidgetInfo::labeled(Role::Label, true, "Scale: 0 is paper, 1 is full ink"));
    let palette = theme::palette(ui);
    let painter = ui.painter();
    let font = FontId::proportional(theme::SMALL_SIZE);
    for (align, x, text) in [
        (Align2::LEFT_CENTER, rect.left(), "0"),
        (Align2::RIGHT_CENTER, rect.right(), "1"),
    ] {
        painter.text(
            pos2(x, rect.center().y),
            align,
            text,
            font.clone(),
            palette.weak_text,
        );
    }
    let bar = rect.shrink2(vec2(12.0, 3.5));
    let mut mesh = Mesh::default();
    for (x, value) in [(bar.left(), 0.0), (bar.right(), 1.0)] {
        mesh.colored_vertex(pos2(x, bar.top()), palette.sequential(value));
        mesh.colored_vertex(pos2(x, bar.bottom()), palette.sequential(value));
    }
    mesh.add_triangle(0, 1, 2);
    mesh.add_triangle(1, 2, 3);
    painter.add(Shape::mesh(mesh));
    outline(ui, bar);
}

fn paint_texture(ui: &Ui, rect: Rect, texture: TextureId) {
    let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
    ui.painter().image(texture, rect, whole, Color32::WHITE);
}

fn outline(ui: &Ui, rect: Rect) {
    let stroke = Stroke::new(1.0, theme::palette(ui).outline);
    ui.painter()
        .rect_stroke(rect, 0.0, stroke, StrokeKind::Outside);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cell_under_the_pointer_is_found_and_none_beside_the_picture() {
        let rect = Rect::from_min_size(pos2(10.0, 20.0), Vec2::splat(112.0));
        assert_eq!(cell_at(rect, pos2(10.0, 20.0)), Some((0, 0)));
        assert_eq!(cell_at(rect, pos2(121.9, 131.9)), Some((27, 27)));
        assert_eq!(cell_at(rect, pos2(22.0, 31.0)), Some((2, 3)));
        assert_eq!(cell_at(rect, pos2(122.0, 30.0)), None);
        assert_eq!(cell_at(rect, pos2(9.0, 30.0)), None);
    }
}
