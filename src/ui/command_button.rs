//! A button made from a command: its text, tooltip, shortcut and whether it can be pressed come from the list.

use super::icon::Icon;
use super::{keyboard, theme};
use crate::app::{AppCommand, AppState};
use egui::{Response, Role, Sense, TextStyle, Ui, Vec2, WidgetInfo, WidgetText, vec2};

/// So much higher is a primary button than others.
pub const PRIMARY_EXTRA: f32 = 6.0;

/// How a command is shown as a button.
pub struct CommandButton<'a> {
    command: &'a AppCommand,
    icon: Option<Icon>,
    text: Option<&'a str>,
    room_for: &'a [&'a str],
    primary: bool,
    selected: bool,
}

impl<'a> CommandButton<'a> {
    /// A button with nothing but a picture; the name of the command is its tooltip.
    pub fn icon(command: &'a AppCommand, icon: Icon) -> Self {
        Self {
            command,
            icon: Some(icon),
            text: None,
            room_for: &[],
            primary: false,
            selected: false,
        }
    }

    /// A button with a text that is shorter than the command's own.
    pub fn text(command: &'a AppCommand, text: &'a str) -> Self {
        Self {
            command,
            icon: None,
            text: Some(text),
            room_for: &[],
            primary: false,
            selected: false,
        }
    }

    /// With a picture before the text.
    pub fn with_icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// The one button that should be found first.
    pub fn primary(mut self) -> Self {
        self.primary = true;
        self
    }

    /// Wide enough for each of these texts, so that nothing beside it moves when the text changes.
    pub fn room_for(mut self, texts: &'a [&'a str]) -> Self {
        self.room_for = texts;
        self
    }

    /// Shown as switched on.
    pub fn selected(mut self, selected: bool) -> Self {
        self.selected = selected;
        self
    }

    /// Shows the button; a press pushes the command. `extra` is a further sentence for the tooltip.
    pub fn show(
        self,
        ui: &mut Ui,
        state: &AppState,
        commands: &mut Vec<AppCommand>,
        extra: Option<&str>,
    ) -> Response {
        let enabled = self.command.enabled(state);
        let response = ui.add_enabled(enabled.is_ok(), |ui: &mut Ui| self.paint(ui));
        let response = hover_text(response, ui, self.command, enabled, extra);
        if response.clicked() {
            commands.push(self.command.clone());
        }
        response
    }

    fn paint(&self, ui: &mut Ui) -> Response {
        let palette = theme::palette(ui);
        let height = ui.spacing().interact_size.y + if self.primary { PRIMARY_EXTRA } else { 0.0 };
        let icon_side = height - 12.0;
        let laid_out = |text: &str| {
            WidgetText::from(text).into_galley(
                ui,
                Some(egui::TextWrapMode::Extend),
                f32::INFINITY,
                TextStyle::Button,
            )
        };
        let galley = self.text.map(laid_out);
        let text_size = galley.as_ref().map_or(Vec2::ZERO, |galley| galley.size());
        let text_width = self
            .room_for
            .iter()
            .map(|text| laid_out(text).size().x)
            .fold(text_size.x, f32::max);
        let padding = if self.text.is_some() { 10.0 } else { 6.0 };
        let gap = if self.icon.is_some() && self.text.is_some() {
            8.0
        } else {
            0.0
        };
        let icon_width = if self.icon.is_some() { icon_side } else { 0.0 };
        let size = vec2(padding * 2.0 + icon_width + gap + text_width, height);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let enabled = ui.is_enabled();
        let name = self.command.info().text.trim_end_matches('…');
        response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, self.selected, name));

        let visuals = ui.style().interact(&response);
        let filled = (self.primary || self.selected) && enabled;
        let (fill, color) = match filled {
            true if response.hovered() => (
                palette.accent.lerp_to_gamma(palette.text, 0.15),
                palette.on_accent,
            ),
            true => (palette.accent, palette.on_accent),
            false => (visuals.weak_bg_fill, visuals.text_color()),
        };
        let painter = ui.painter();
        painter.rect(
            rect,
            visuals.corner_radius,
            fill,
            visuals.bg_stroke,
            egui::StrokeKind::Inside,
        );
        let mut left = rect.left() + padding;
        if let Some(icon) = self.icon {
            let icon_rect = egui::Rect::from_min_size(
                egui::pos2(left, rect.center().y - icon_side / 2.0),
                Vec2::splat(icon_side),
            );
            icon.paint(painter, icon_rect, color);
            left += icon_side + gap;
        }
        if let Some(galley) = galley {
            let at = egui::pos2(left, rect.center().y - text_size.y / 2.0);
            painter.galley_with_override_text_color(at, galley, color);
        }
        response
    }
}

/// The tooltip of a command's widget: what it does, its key, and why it cannot be pressed now.
pub fn hover_text(
    response: Response,
    ui: &Ui,
    command: &AppCommand,
    enabled: Result<(), &'static str>,
    extra: Option<&str>,
) -> Response {
    let info = command.info();
    let key = info
        .shortcut
        .and_then(|shortcut| keyboard::shortcut_text(ui.ctx(), &shortcut))
        .map(|key| format!(" ({key})"))
        .unwrap_or_default();
    let mut text = format!("{}{key}\n{}", info.text, info.tooltip);
    if let Some(extra) = extra {
        text.push('\n');
        text.push_str(extra);
    }
    match enabled {
        Ok(()) => response.on_hover_text(text),
        Err(reason) => response.on_disabled_hover_text(format!("{text}\nNot now: {reason}")),
    }
}
