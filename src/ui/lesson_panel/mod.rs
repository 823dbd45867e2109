//! The lesson at the bottom of the window: what the step says, what to do, what to think about.

mod dots;
mod item;
mod prose;

use super::command_button::CommandButton;
use super::icon::Icon;
use super::theme;
use crate::app::lessons::{OngoingLesson, bundled_lessons};
use crate::app::{AppCommand, AppState};
use egui::{Align, FontId, Frame, Label, Layout, Margin, Panel, RichText, ScrollArea, Stroke, Ui};

/// The strip above the status line, while a lesson goes on.
#[derive(Default)]
pub struct LessonPanel {
    /// Lesson and step of the frame before: what was scrolled down begins at its top again.
    shown: Option<(String, usize)>,
}

/// The sizes of the letters, for one person at a desk or for a room.
#[derive(Clone, Copy)]
struct Type {
    heading: f32,
    body: f32,
    small: f32,
    /// What a line of text is spaced out to, in parts of its size.
    leading: f32,
}

/// The header and two lines.
const SMALLEST_HEIGHT: f32 = 130.0;

/// Above this width what is said and what is to do stand side by side.
const TWO_COLUMNS: f32 = 640.0;

impl LessonPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let Some(lesson) = &state.lesson else {
            self.shown = None;
            return;
        };
        let here = (lesson.key.clone(), lesson.step);
        let is_new = self.shown.as_ref() != Some(&here);
        self.shown = Some(here);
        let palette = theme::palette(ui);
        let frame = Frame::new()
            .fill(palette.panel)
            .stroke(Stroke::new(1.0, palette.outline))
            .inner_margin(Margin::symmetric(14, 8));
        let is_large = state.settings.large_type;
        let wanted = if is_large { 250.0 } else { 176.0 };
        let height = f32::min(wanted, ui.available_height() * 0.36).max(SMALLEST_HEIGHT);
        // Large and normal letters each keep the height that they were given.
        Panel::bottom(("lesson", is_large))
            .frame(frame)
            .resizable(true)
            .default_size(height)
            .size_range(SMALLEST_HEIGHT..=520.0)
            .show(ui, |ui| {
                let sizes = Type::of(is_large);
                sizes.set(ui);
                header(ui, sizes, state, lesson, commands);
                ui.add_space(2.0);
                body(ui, sizes, state, lesson, is_new, commands);
            });
    }
}

/// In the place of what a tab shows, until the question of the lesson is answered.
pub fn cover(ui: &mut Ui) {
    let palette = theme::palette(ui);
    theme::card(ui).show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        ui.centered_and_justified(|ui| {
            let text = "What do you expect? Answer below, then look";
            ui.label(RichText::new(text).heading().color(palette.weak_text));
        });
    });
}

impl Type {
    fn of(is_large: bool) -> Self {
        let scale = if is_large { 1.5 } else { 1.0 };
        Self {
            heading: (theme::BODY_SIZE + 3.0) * scale,
            body: (theme::BODY_SIZE + 1.0) * scale,
            small: theme::BODY_SIZE * scale,
            leading: 1.35,
        }
    }

    /// Buttons and labels within `ui` are written so, too.
    fn set(self, ui: &mut Ui) {
        let styles = &mut ui.style_mut().text_styles;
        for (style, size) in [
            (egui::TextStyle::Body, self.body),
            (egui::TextStyle::Button, self.small),
            (egui::TextStyle::Small, self.small),
        ] {
            styles.insert(style, FontId::proportional(size));
        }
        ui.spacing_mut().interact_size.y = self.small * 1.86;
    }
}

/// Which lesson, which step, and the way on.
fn header(
    ui: &mut Ui,
    sizes: Type,
    state: &AppState,
    lesson: &OngoingLesson,
    commands: &mut Vec<AppCommand>,
) {
    let palette = theme::palette(ui);
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            CommandButton::icon(&AppCommand::LeaveLesson, Icon::Close)
                .show(ui, state, commands, None);
            CommandButton::text(&AppCommand::ToggleLargeType, "Aa")
                .selected(state.settings.large_type)
                .show(ui, state, commands, None);
            ui.add_space(6.0);
            onward(ui, state, lesson, commands);
            CommandButton::text(&AppCommand::PreviousLessonStep, "Back")
                .show(ui, state, commands, None);
            ui.add_space(6.0);
            dots::ui(ui, sizes.small, lesson, commands);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let title = RichText::new(&lesson.lesson.title)
                    .size(sizes.small)
                    .color(palette.weak_text);
                ui.add(Label::new(title).truncate())
                    .on_hover_text(&lesson.lesson.summary);
            });
        });
    });
}

/// To the next step; at the end to the next lesson, or out of this one.
fn onward(ui: &mut Ui, state: &AppState, lesson: &OngoingLesson, commands: &mut Vec<AppCommand>) {
    let is_done = lesson.is_step_done();
    if lesson.is_last_step() {
        let next = is_done.then(|| lesson_after(&lesson.key)).flatten();
        if let Some(next) = &next {
            let text = format!("Next: {}", next.info().text);
            CommandButton::text(next, &text)
                .primary()
                .show(ui, state, commands, None);
        }
        let finish = CommandButton::text(&AppCommand::NextLessonStep, "Finish");
        let finish = if is_done && next.is_none() {
            finish.primary()
        } else {
            finish
        };
        finish.show(ui, state, commands, None);
        return;
    }
    let next = AppCommand::NextLessonStep;
    let texts = ["Next", "Skip"];
    if is_done {
        CommandButton::text(&next, texts[0])
            .room_for(&texts)
            .selected(true)
            .show(ui, state, commands, None);
    } else {
        let why = "Something in this step is still to be done";
        CommandButton::text(&next, texts[1])
            .room_for(&texts)
            .show(ui, state, commands, Some(why));
    }
}

/// The bundled lesson that comes after the one with this key.
fn lesson_after(key: &str) -> Option<AppCommand> {
    let mut cards = bundled_lessons().skip_while(|card| card.name != key);
    cards.next()?;
    let name = cards.next()?.name;
    Some(AppCommand::BeginLesson { name })
}

/// At the left what the step says, at the right what it asks for.
fn body(
    ui: &mut Ui,
    sizes: Type,
    state: &AppState,
    lesson: &OngoingLesson,
    is_new: bool,
    commands: &mut Vec<AppCommand>,
) {
    let step = &lesson.lesson.steps[lesson.step];
    let said = |ui: &mut Ui| {
        ui.label(RichText::new(&step.title).size(sizes.heading).strong());
        for paragraph in &step.text {
            prose::paragraph(ui, paragraph, sizes.body, sizes.leading);
        }
    };
    if step.items.is_empty() || ui.available_width() < TWO_COLUMNS {
        scrolled("all of the step", ui, is_new, |ui| {
            said(ui);
            item::all(ui, sizes, state, lesson, commands);
        });
        return;
    }
    let gap = 22.0;
    let width = (ui.available_width() - gap) / 2.0;
    let height = ui.available_height();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        let size = egui::vec2(width, height);
        ui.allocate_ui_with_layout(size, Layout::top_down(Align::Min), |ui| {
            scrolled("what the step says", ui, is_new, said);
        });
        ui.allocate_ui_with_layout(size, Layout::top_down(Align::Min), |ui| {
            scrolled("what the step asks", ui, is_new, |ui| {
                item::all(ui, sizes, state, lesson, commands);
            });
        });
    });
}

fn scrolled(name: &str, ui: &mut Ui, is_new: bool, content: impl FnOnce(&mut Ui)) {
    let mut area = ScrollArea::vertical().id_salt(name).auto_shrink(false);
    if is_new {
        area = area.vertical_scroll_offset(0.0);
    }
    area.show(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::vec2(8.0, 5.0);
        content(ui);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::lessons::bundled_lesson;
    use egui::{Context, RawInput};

    #[test]
    fn the_fonts_have_every_letter_of_every_lesson() {
        let context = Context::default();
        theme::install(&context);
        context
            .run_ui(RawInput::default(), |_| {})
            .drop_without_applying_deltas();
        for card in bundled_lessons() {
            let lesson = bundled_lesson(card.name).unwrap();
            let text = format!("{lesson:?}");
            for font in [FontId::proportional(14.0), FontId::monospace(14.0)] {
                for letter in text.chars() {
                    let is_there = context.fonts_mut(|fonts| fonts.has_glyph(&font, letter));
                    assert!(is_there, "{letter} of {} is missing in {font:?}", card.name);
                }
            }
        }
    }

    #[test]
    fn after_each_bundled_lesson_comes_the_next_and_after_the_last_none() {
        let names: Vec<&str> = bundled_lessons().map(|card| card.name).collect();
        for pair in names.windows(2) {
            let next = AppCommand::BeginLesson { name: pair[1] };
            assert_eq!(lesson_after(pair[0]), Some(next));
        }
        assert_eq!(lesson_after(names[names.len() - 1]), None);
        assert_eq!(lesson_after("/home/teacher/own.md"), None);
    }
}
