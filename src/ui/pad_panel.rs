//! The pad: ink at the resolution of the screen, and the tools around it.

use super::command_button::CommandButton;
use super::icon::Icon;
use super::ink_texture::InkTexture;
use super::pad_ink::PadInk;
use super::pen::Pen;
use super::theme;
use crate::app::{AppCommand, AppState, Depth, PAD_SIZE, PEN_WIDTH_RANGE, PenMode};
use egui::emath::GuiRounding;
use egui::{
    Align2, Color32, CursorIcon, FontId, Mesh, Painter, Pos2, Rect, Response, Role, Sense, Slider,
    Stroke, TextureOptions, Ui, Vec2, WidgetInfo, pos2,
};
use std::sync::Arc;

/// Smallest side of the pad, in points.
pub const SMALLEST_SIDE: f32 = 280.0;

/// Height of the tools under the pad with the gap above them.
pub const TOOLS_HEIGHT: f32 = 38.0;

/// The pad on the screen. Each frame [`read`](Self::read) comes first, then the commands are carried out, then
/// [`paint`](Self::paint): so the ink that a frame brings is shown and answered in that frame.
#[derive(Default)]
pub struct PadPanel {
    pen: Pen,
    ink: PadInk,
    /// Of the pad's version.
    picture: InkTexture<u64>,
}

impl PadPanel {
    /// Makes room for a pad of `side` points and reads the pen.
    pub fn read(
        &mut self,
        ui: &mut Ui,
        side: f32,
        state: &AppState,
        commands: &mut Vec<AppCommand>,
    ) -> Response {
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::drag());
        self.pen.read(ui, rect, commands);
        if self.pen.is_down() {
            // Keys and tooltips belong to the pad while it is drawn on.
            ui.memory_mut(|memory| {
                if let Some(focused) = memory.focused() {
                    memory.surrender_focus(focused);
                }
            });
        }
        let what = match (state.pad.drawing.is_blank(), &state.pad.picture) {
            (_, Some(_)) => "Pad with a picture",
            (true, None) => "Pad, blank",
            (false, None) => "Pad with a drawing",
        };
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, what));
        response
    }

    /// Paints the pad into the place that [`read`](Self::read) made.
    pub fn paint(&mut self, ui: &Ui, response: &Response, state: &AppState) {
        let palette = theme::palette(ui);
        let rect = response.rect;
        let painter = ui.painter_at(rect.expand(1.0));
        painter.rect_filled(rect, 8.0, palette.paper);
        let inside = ui.painter_at(rect);
        let is_blank = state.pad.drawing.is_blank() && state.pad.picture.is_none();
        paint_guides(&inside, rect, palette.outline.gamma_multiply(0.55));
        if is_blank {
            inside.text(
                rect.center(),
                Align2::CENTER_CENTER,
                "Draw a digit",
                FontId::proportional(rect.width() / 13.0),
                palette.weak_text.gamma_multiply(0.75),
            );
        } else {
            self.paint_ink(ui, &inside, rect, state);
        }
        let outline = if self.pen.is_down() {
            Stroke::new(1.5, palette.accent)
        } else {
            Stroke::new(1.0, palette.outline)
        };
        painter.rect_stroke(rect, 8.0, outline, egui::StrokeKind::Inside);
        self.paint_cursor(ui, &inside, response, state);
    }

    /// The row of tools: undo, redo, eraser, clear, a practice digit, pen width.
    pub fn tools(&self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            for (command, icon) in [
                (AppCommand::Undo, Icon::Undo),
                (AppCommand::Redo, Icon::Redo),
                (AppCommand::ToggleEraser, Icon::Eraser),
                (AppCommand::ClearPad, Icon::Clear),
                (AppCommand::WritePracticeDigit, Icon::Write),
            ] {
                let on = command == AppCommand::ToggleEraser && state.pad.mode == PenMode::Erase;
                CommandButton::icon(&command, icon)
                    .selected(on)
                    .show(ui, state, commands, None);
            }
            ui.add_space(4.0);
            let mut width = state.pad.pen_width;
            let [thinnest, widest] = PEN_WIDTH_RANGE;
            ui.spacing_mut().slider_width = (ui.available_width() - 30.0).clamp(40.0, 160.0);
            let slider = ui
                .add(Slider::new(&mut width, thinnest..=widest).show_value(false))
                .on_hover_text("Pen width")
                .accessible_name("Pen width");
            if slider.changed() {
                commands.push(AppCommand::SetPenWidth(width));
            }
            let (dot, _) = ui.allocate_exact_size(Vec2::splat(20.0), Sense::hover());
            let radius = (width / PAD_SIZE * SMALLEST_SIDE / 2.0 / 2.0).clamp(1.5, 10.0);
            ui.painter()
                .circle_filled(dot.center(), radius, theme::palette(ui).ink);
        });
    }

    /// The drawing, or the picture in its place.
    fn paint_ink(&mut self, ui: &Ui, painter: &Painter, rect: Rect, state: &AppState) {
        let pad = &state.pad;
        // What was kept is finished, and makes room for the next.
        let strength = if pad.kept().is_some() { 0.5 } else { 1.0 };
        let tint = Color32::WHITE.gamma_multiply(strength);
        let Some(picture) = &pad.picture else {
            self.ink.paint(ui, painter, rect, &pad.drawing, tint);
            return;
        };
        let options = TextureOptions::NEAREST;
        let texture = self
            .picture
            .get(ui, pad.version, options, || Arc::clone(picture));
        let size = texture.size_vec2();
        let place = Rect::from_center_size(rect.center(), size * (rect.width() / size.max_elem()));
        let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
        painter.image(texture.id(), place, whole, tint);
    }

    /// A ring of the pen's size; the usual arrow would hide what is drawn.
    fn paint_cursor(&self, ui: &Ui, painter: &Painter, response: &Response, state: &AppState) {
        let Some(pos) = ui.input(|input| input.pointer.latest_pos()) else {
            return;
        };
        if !(self.pen.is_down() || response.contains_pointer() && response.rect.contains(pos)) {
            return;
        }
        let palette = theme::palette(ui);
        let erases = self.pen.is_erasing() || state.pad.mode == PenMode::Erase;
        let radius = state.pad.pen_width / 2.0 * response.rect.width() / PAD_SIZE;
        let color = if erases {
            palette.error
        } else {
            palette.accent
        };
        painter.circle_stroke(pos, radius, Stroke::new(1.5, color));
        ui.ctx().set_cursor_icon(CursorIcon::Crosshair);
    }
}

/// How large the pad may be in `available` points, above its tools.
pub fn side_in(available: Vec2, depth: Depth) -> f32 {
    let below = available.y - TOOLS_HEIGHT;
    let side = match depth {
        Depth::Draw => below.min(available.x),
        // The answer beneath has to stay in sight.
        Depth::Learn | Depth::Lab => available.x.min((below - 216.0).max(SMALLEST_SIDE)),
    };
    side.max(SMALLEST_SIDE).floor()
}

/// Faint lines between which a digit sits well: the top and the bottom of the box that it will be fitted into.
fn paint_guides(painter: &Painter, rect: Rect, color: Color32) {
    const DASH: f32 = 4.0;
    const GAP: f32 = 6.0;
    let inner = rect.shrink(rect.width() * 4.0 / 28.0);
    let pixels = painter.pixels_per_point();
    // One mesh on whole pixels: egui's dashes are ten triangles each.
    let mut mesh = Mesh::default();
    for y in [inner.top(), inner.bottom()] {
        let mut x = inner.left();
        while x < inner.right() {
            let end = (x + DASH).min(inner.right());
            let dash = Rect::from_x_y_ranges(x..=end, y..=y + 1.0);
            mesh.add_colored_rect(dash.round_to_pixels(pixels), color);
            x += DASH + GAP;
        }
    }
    painter.add(mesh);
}
