//! What a step asks for: things to do with their ticks, questions with their choices.

use super::{Type, prose};
use crate::app::lessons::{Answer, Condition, Item, Mark, OngoingLesson, Posed, Stage};
use crate::app::{AppCommand, AppState, StepMove, WorldCommand};
use crate::ui::command_button::CommandButton;
use crate::ui::icon::Icon;
use crate::ui::keyboard;
use crate::ui::theme;
use egui::{Button, RichText, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

/// All items of the step that are seen now.
pub fn all(
    ui: &mut Ui,
    sizes: Type,
    state: &AppState,
    lesson: &OngoingLesson,
    commands: &mut Vec<AppCommand>,
) {
    let items = &lesson.lesson.steps[lesson.step].items;
    let seen = items
        .iter()
        .zip(lesson.marks_now())
        .take(lesson.items_seen());
    for (index, (item, mark)) in seen.enumerate() {
        let is_open = *mark == Mark::Open;
        match item {
            Item::Do {
                condition,
                sentence,
            } => {
                let how_far = lesson.how_far(index, state).filter(|_| is_open);
                line(ui, sizes, is_open, sentence, how_far.as_deref());
                if is_open {
                    shortcut_to(ui, sizes, condition, state, commands);
                }
            }
            Item::SetUp { sentence, .. } => {
                line(ui, sizes, is_open, sentence, None);
                if is_open {
                    let command = AppCommand::SetUpForLesson { item: index };
                    indented(ui, sizes, |ui| {
                        CommandButton::text(&command, "Set it up")
                            .selected(true)
                            .show(ui, state, commands, None);
                    });
                }
            }
            Item::Ask { sentence, .. } => match (mark, &lesson.posed) {
                (Mark::Answered(answer), _) => answered(ui, sizes, sentence, answer),
                (_, Some(Ok(posed))) => open(ui, sizes, sentence, posed, commands),
                (_, Some(Err(waits))) => waiting(ui, sizes, sentence, waits),
                _ => {}
            },
            Item::Say(sentence) => prose::paragraph(ui, sentence, sizes.body, sizes.leading),
        }
    }
}

/// A tick or an empty ring, the sentence, and how far it is.
fn line(ui: &mut Ui, sizes: Type, is_open: bool, sentence: &str, how_far: Option<&str>) {
    let palette = theme::palette(ui);
    ui.horizontal_top(|ui| {
        let side = sizes.body;
        let size = vec2(side, side * sizes.leading);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        let state = if is_open { "To do" } else { "Done" };
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, state));
        if is_open {
            let stroke = Stroke::new(1.5, palette.weak_text);
            let middle = rect.center();
            ui.painter().circle_stroke(middle, side * 0.36, stroke);
        } else {
            Icon::Check.paint(ui.painter(), rect, palette.good);
        }
        ui.vertical(|ui| {
            prose::paragraph(ui, sentence, side, sizes.leading);
            if let Some(how_far) = how_far {
                let text = RichText::new(how_far).size(sizes.small);
                ui.label(text.color(palette.weak_text));
            }
        });
    });
}

/// The button that does it, where there is one.
fn shortcut_to(
    ui: &mut Ui,
    sizes: Type,
    condition: &Condition,
    state: &AppState,
    commands: &mut Vec<AppCommand>,
) {
    let Some(command) = command_for(condition) else {
        return;
    };
    let text = match &command {
        AppCommand::WritePracticeDigit => "Have one written",
        AppCommand::PlayPause => "Play or pause",
        command => command.name(),
    };
    indented(ui, sizes, |ui| {
        CommandButton::text(&command, text).show(ui, state, commands, None);
    });
}

fn command_for(condition: &Condition) -> Option<AppCommand> {
    match condition {
        Condition::Draw => Some(AppCommand::WritePracticeDigit),
        Condition::Press { name, .. } => AppCommand::listed()
            .into_iter()
            .find(|command| command.name() == *name),
        Condition::Show(stage) => command_to_show(*stage),
        Condition::Walk { .. } => Some(AppCommand::MoveStep(StepMove::Next)),
        Condition::Train { .. } | Condition::Diverge => Some(AppCommand::PlayPause),
        Condition::Label(_)
        | Condition::Answer { .. }
        | Condition::Map(_)
        | Condition::Measure { .. } => None,
    }
}

fn command_to_show(stage: Stage) -> Option<AppCommand> {
    let world = stage
        .world
        .map(|world| AppCommand::InSmallWorld(WorldCommand::Show(world)));
    let view = stage.view.map(AppCommand::ShowMicroscopeView);
    let tab = stage.tab.map(AppCommand::ShowTab);
    world
        .or(view)
        .or(tab)
        .or(stage.depth.map(AppCommand::SetDepth))
}

/// The question with its choices, each with its key.
fn open(ui: &mut Ui, sizes: Type, sentence: &str, posed: &Posed, commands: &mut Vec<AppCommand>) {
    prose::paragraph(ui, sentence, sizes.body, sizes.leading);
    ui.horizontal_wrapped(|ui| {
        for (choice, text) in posed.choices.iter().enumerate() {
            let letter = keyboard::choice_letter(choice);
            let palette = theme::palette(ui);
            let mut job = egui::text::LayoutJob::default();
            for (part, color) in [
                (format!("{letter}   "), palette.weak_text),
                (text.clone(), palette.text),
            ] {
                let font = egui::FontId::proportional(sizes.body);
                job.append(&part, 0.0, egui::TextFormat::simple(font, color));
            }
            let response = ui
                .add(Button::new(job))
                .on_hover_text(format!("Answer {letter} (Alt+{letter})"));
            if response.clicked() {
                commands.push(AppCommand::AnswerLesson { choice });
            }
        }
    });
}

/// The question that cannot be asked yet, and what it waits for.
fn waiting(ui: &mut Ui, sizes: Type, sentence: &str, waits: &str) {
    prose::paragraph(ui, sentence, sizes.body, sizes.leading);
    let text = RichText::new(waits).size(sizes.small);
    ui.label(text.color(theme::palette(ui).weak_text));
}

/// What was answered, what is right, and why.
fn answered(ui: &mut Ui, sizes: Type, sentence: &str, answer: &Answer) {
    let palette = theme::palette(ui);
    let right = &answer.posed.choices[answer.posed.right];
    let (icon, color, verdict) = match answer.is_right() {
        true => (Icon::Check, palette.good, format!("Yes: {right}.")),
        false => {
            let chosen = &answer.posed.choices[answer.chosen];
            let verdict = format!("You said {chosen}; it is {right}.");
            (Icon::Close, palette.warning, verdict)
        }
    };
    prose::paragraph(ui, sentence, sizes.body, sizes.leading);
    ui.horizontal_top(|ui| {
        let side = sizes.body;
        let (rect, _) = ui.allocate_exact_size(vec2(side, side * sizes.leading), Sense::hover());
        icon.paint(ui.painter(), rect.shrink(side * 0.1), color);
        ui.vertical(|ui| {
            ui.label(RichText::new(verdict).size(side).color(color));
            ui.label(RichText::new(format!("{}.", answer.posed.because)).size(sizes.small));
        });
    });
}

fn indented(ui: &mut Ui, sizes: Type, content: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.add_space(sizes.body + 8.0);
        content(ui);
    });
}
