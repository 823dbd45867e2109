//! Keys: the shortcuts of the command list, the digits 0–9 as the label of the drawing, and the letters of
//! a lesson's choices.

use crate::app::lessons::Posed;
use crate::app::{AppCommand, AppState, Shortcut, StepMove};
use egui::{Context, Key, KeyboardShortcut, Modifiers};

const DIGITS: [Key; 10] = [
    Key::Num0,
    Key::Num1,
    Key::Num2,
    Key::Num3,
    Key::Num4,
    Key::Num5,
    Key::Num6,
    Key::Num7,
    Key::Num8,
    Key::Num9,
];

/// With Alt: the choices of a lesson's question.
const CHOICES: [Key; Posed::MOST_CHOICES] = [Key::A, Key::B, Key::C, Key::D];

/// Turns the keys of this frame into commands. A text field keeps its keys, and so does an open question.
pub fn read(context: &Context, state: &AppState, commands: &mut Vec<AppCommand>) {
    let any_key = context.input(|input| {
        let mut events = input.events.iter();
        events.any(|event| matches!(event, egui::Event::Key { pressed: true, .. }))
    });
    if !any_key || context.text_edit_focused() || state.question.is_some() {
        return;
    }
    close_windows(context, state, commands);
    answer_lesson(context, state, commands);
    // A button or slider that was reached with Tab is pressed with Space and Enter and moved with the arrows.
    let focused = context.memory(|memory| memory.focused().is_some());
    if !focused && state.shows_example() {
        walk(context, state, commands);
    }
    let mut listed: Vec<(KeyboardShortcut, AppCommand)> = AppCommand::listed()
        .into_iter()
        .flat_map(|command| {
            let shortcuts = command.info().shortcuts();
            shortcuts.map(move |shortcut| (shortcut, command.clone()))
        })
        .filter_map(|(shortcut, command)| Some((keyboard_shortcut(&shortcut)?, command)))
        .collect();
    // Ctrl+Shift+S must be looked for before Ctrl+S, which egui finds in it.
    listed.sort_by_key(|(keys, _)| std::cmp::Reverse(keys.modifiers.shift));
    for (keys, command) in listed {
        if focused && belongs_to_widgets(keys) {
            continue;
        }
        let repeated = is_repeated(context, keys.logical_key) && !may_repeat(&command);
        let pressed = context.input_mut(|input| input.consume_shortcut(&keys));
        if pressed && !repeated && command.enabled(state).is_ok() {
            commands.push(command);
        }
    }
    for (digit, key) in (0..).zip(DIGITS) {
        // A key that is held down would keep the drawing and take it back by turns.
        let repeated = is_repeated(context, key);
        if context.input_mut(|input| input.consume_key(Modifiers::NONE, key)) && !repeated {
            let command = AppCommand::SetLabel(state.label_after_press(digit));
            if command.enabled(state).is_ok() {
                commands.push(command);
            }
        }
    }
}

/// Alt with A, B, C or D answers the question of a lesson.
fn answer_lesson(context: &Context, state: &AppState, commands: &mut Vec<AppCommand>) {
    for (choice, key) in CHOICES.into_iter().enumerate() {
        // Taken in any case: Alt+C must not clear the pad as C does.
        if context.input_mut(|input| input.consume_key(Modifiers::ALT, key)) {
            let command = AppCommand::AnswerLesson { choice };
            if command.enabled(state).is_ok() && !is_repeated(context, key) {
                commands.push(command);
            }
        }
    }
}

/// While the walk through one example is shown, the arrows take its steps instead of a mini-batch.
fn walk(context: &Context, state: &AppState, commands: &mut Vec<AppCommand>) {
    let without_modifiers = context.input(|input| input.modifiers.is_none());
    if !without_modifiers {
        return;
    }
    for (key, to) in [
        (Key::ArrowRight, StepMove::Next),
        (Key::ArrowLeft, StepMove::Back),
        (Key::Home, StepMove::First),
        (Key::End, StepMove::Last),
    ] {
        let command = AppCommand::MoveStep(to);
        let pressed = context.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        if pressed && command.enabled(state).is_ok() {
            commands.push(command);
        }
    }
}

/// The letter of a choice of a lesson's question: "A" for the first.
pub fn choice_letter(choice: usize) -> &'static str {
    CHOICES.get(choice).map_or("", |key| key.name())
}

/// Escape closes the windows in front of the panels.
fn close_windows(context: &Context, state: &AppState, commands: &mut Vec<AppCommand>) {
    let open = [
        (state.show_shortcuts, AppCommand::ShowShortcuts(false)),
        (state.show_log, AppCommand::ShowLog(false)),
        (state.show_about, AppCommand::ShowAbout(false)),
    ];
    let close = open
        .into_iter()
        .filter_map(|(open, command)| open.then_some(command));
    if context.input(|input| input.key_pressed(Key::Escape)) {
        commands.extend(close);
    }
}

/// "Ctrl+Z", as this system writes it; `None` for a key that egui does not know.
pub fn shortcut_text(context: &Context, shortcut: &Shortcut) -> Option<String> {
    keyboard_shortcut(shortcut).map(|keys| context.format_shortcut(&keys))
}

fn keyboard_shortcut(shortcut: &Shortcut) -> Option<KeyboardShortcut> {
    let mut modifiers = Modifiers::NONE;
    if shortcut.command {
        modifiers |= Modifiers::COMMAND;
    }
    if shortcut.shift {
        modifiers |= Modifiers::SHIFT;
    }
    Key::from_name(shortcut.key).map(|key| KeyboardShortcut::new(modifiers, key))
}

/// A key that is held down repeats these; play and pause would flicker.
fn may_repeat(command: &AppCommand) -> bool {
    matches!(
        command,
        AppCommand::Undo
            | AppCommand::Redo
            | AppCommand::Step(_)
            | AppCommand::ApplyNudge
            | AppCommand::UndoNudge
    )
}

fn is_repeated(context: &Context, wanted: Key) -> bool {
    context.input(|input| {
        input.events.iter().any(
            |event| matches!(event, egui::Event::Key { key, repeat: true, .. } if *key == wanted),
        )
    })
}

fn belongs_to_widgets(keys: KeyboardShortcut) -> bool {
    let widget_key = matches!(
        keys.logical_key,
        Key::Space | Key::Enter | Key::ArrowLeft | Key::ArrowRight | Key::ArrowUp | Key::ArrowDown
    );
    widget_key && keys.modifiers.is_none()
}
