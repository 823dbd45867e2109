//! The menu bar, made from the command list; beside it the model's name, the depth and the theme.

use super::command_button::{CommandButton, hover_text};
use super::icon::Icon;
use super::{keyboard, theme};
use crate::app::lessons::LessonProgress;
use crate::app::{AppCommand, AppState, Depth, Origin, Tab, ThemeChoice};
use crate::model_file::bundled_names;
use crate::training::Preset;
use egui::{Align, Button, Label, Layout, MenuBar, RichText, Theme, Ui};
use std::path::Path;

/// The line at the very top.
#[derive(Default)]
pub struct Menu;

/// A menu of the bar, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    File,
    Edit,
    Mine,
    Train,
    Data,
    View,
    Lessons,
    Help,
}

impl Place {
    const ALL: [(Self, &'static str); 8] = [
        (Self::File, "File"),
        (Self::Edit, "Edit"),
        (Self::Mine, "My digits"),
        (Self::Train, "Train"),
        (Self::Data, "Data"),
        (Self::View, "View"),
        (Self::Lessons, "Lessons"),
        (Self::Help, "Help"),
    ];
}

impl Menu {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        MenuBar::new().ui(ui, |ui| {
            for (place, name) in Place::ALL {
                let mut text = RichText::new(name);
                // Whoever is here for the first time finds the lessons first.
                if place == Place::Lessons && state.settings.lessons.is_empty() {
                    text = text.color(theme::palette(ui).accent);
                }
                ui.menu_button(text, |ui| menu(ui, place, state, commands));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                theme_button(ui, state, commands);
                depth_switch(ui, state, commands);
                model_name(ui, state);
            });
        });
    }
}

/// Where a command is found, and its group there; `None` for what only a widget can say.
fn place(command: &AppCommand) -> Option<(Place, u8)> {
    use AppCommand as C;
    Some(match command {
        C::OpenModel | C::OpenRecent { .. } | C::OpenBundled { .. } => (Place::File, 0),
        C::SaveModel | C::SaveModelAs => (Place::File, 1),
        C::OpenDrawing | C::SaveDrawingPng | C::SaveDrawing28 | C::SaveDrawingStrokes => {
            (Place::File, 2)
        }
        C::ExportCurvesCsv | C::ExportCurvesPng { .. } => (Place::File, 3),
        C::Quit => (Place::File, 4),

        C::Undo | C::Redo => (Place::Edit, 0),
        C::ClearPad | C::ToggleEraser => (Place::Edit, 1),
        C::WritePracticeDigit | C::ShowExample { .. } | C::SetLabel(_) => (Place::Edit, 2),

        C::ShowTab(Tab::MyDigits) | C::PutMyDigit { .. } => (Place::Mine, 0),
        C::UndoMyDigits => (Place::Mine, 2),
        C::PractiseOnMine | C::TakePractised | C::LeavePractised | C::SwapPractised => {
            (Place::Mine, 1)
        }
        C::ImportMyDigits | C::ExportMyDigits => (Place::Mine, 3),
        C::DeleteMyDigits | C::DeleteMyDigit { .. } | C::RelabelMyDigit { .. } => (Place::Mine, 4),

        C::PlayPause | C::Step(_) => (Place::Train, 0),
        C::ResetWeights | C::NewNetwork | C::Recover => (Place::Train, 1),
        C::ScoreTestSet => (Place::Train, 2),
        C::ApplyPreset(_) => (Place::Train, 3),

        C::ChooseData(_) => (Place::Data, 0),
        C::OpenDataFolder | C::OpenDataFile => (Place::Data, 1),
        C::FetchMnist => (Place::Data, 2),

        C::SetDepth(_) => (Place::View, 0),
        C::SetTheme(_) => (Place::View, 1),
        C::SetZoom(_) | C::ZoomIn | C::ZoomOut | C::ResetZoom => (Place::View, 2),
        C::ShowTab(_) => (Place::View, 3),
        C::ShowMicroscopeView(_) => (Place::View, 4),
        C::ShowLog(_) | C::DismissMessage => (Place::View, 5),

        C::FreezeNetwork | C::ReleaseNetwork => (Place::Train, 4),
        C::SetNudgeBatch(_)
        | C::DrawNudgeBatch
        | C::PickNudgesByHand(_)
        | C::PickNudge { .. }
        | C::PickDrawing
        | C::ShowNudgesOf(_)
        | C::AverageNudges
        | C::MeasureSettling
        | C::SetTapeBias(_)
        | C::SetTapeMistake(_) => (Place::Train, 4),

        C::BeginLesson { .. } => (Place::Lessons, 0),
        C::OpenLesson => (Place::Lessons, 1),
        C::NextLessonStep | C::PreviousLessonStep | C::LeaveLesson => (Place::Lessons, 2),
        C::ToggleLargeType => (Place::Lessons, 3),
        C::MoveStep(_) => (Place::View, 6),
        C::ApplyNudge | C::UndoNudge | C::CheckGradients => (Place::Train, 5),
        C::PutNetworkHere | C::PutNetworkBack => (Place::Train, 6),

        C::ShowShortcuts(_) => (Place::Help, 0),
        C::ShowAbout(_) => (Place::Help, 1),
        C::ToggleFrameTimes => (Place::Help, 2),

        C::PenDown { .. }
        | C::PenMove { .. }
        | C::PenUp
        | C::SetPenWidth(_)
        | C::SetSteps(_)
        | C::SetSpeed(_)
        | C::SetHyperparameters(_)
        | C::ToggleRun { .. }
        | C::RenameRun { .. }
        | C::DeleteRun { .. }
        | C::IndexExamples
        | C::PlaySteps(_)
        | C::ShowCode(_)
        | C::ShowDetail(_)
        | C::ChooseUnit(_)
        | C::ChooseParameter(_)
        | C::InSmallWorld(_)
        | C::DrawSurface(_)
        | C::MoveBall { .. }
        | C::CancelJob { .. }
        | C::FileDropped { .. }
        | C::ShowLessonStep { .. }
        | C::SetUpForLesson { .. }
        | C::AnswerLesson { .. }
        | C::Answer { .. } => return None,
    })
}

fn menu(ui: &mut Ui, wanted: Place, state: &AppState, commands: &mut Vec<AppCommand>) {
    ui.set_min_width(220.0);
    let mut entries: Vec<(u8, AppCommand)> = AppCommand::listed()
        .into_iter()
        .filter_map(|command| {
            let (found, group) = place(&command)?;
            (found == wanted).then_some((group, command))
        })
        .collect();
    entries.sort_by_key(|(group, _)| *group);
    let mut last_group = None;
    for (group, command) in entries {
        if last_group.is_some_and(|last| last != group) {
            ui.separator();
        }
        last_group = Some(group);
        entry(ui, &command, state, commands);
        if command == AppCommand::OpenModel {
            recent_models(ui, state, commands);
            known_models(ui, state, commands);
        }
    }
    if wanted == Place::Train {
        ui.separator();
        ui.menu_button("Settings of a preset", |ui| {
            for preset in Preset::ALL {
                entry(ui, &AppCommand::ApplyPreset(preset), state, commands);
            }
        });
    }
}

fn entry(ui: &mut Ui, command: &AppCommand, state: &AppState, commands: &mut Vec<AppCommand>) {
    let info = command.info();
    let enabled = command.enabled(state);
    let mut button = Button::new(info.text).selected(is_on(command, state));
    if let Some(key) = info
        .shortcut
        .and_then(|shortcut| keyboard::shortcut_text(ui.ctx(), &shortcut))
    {
        button = button.shortcut_text(key);
    }
    if let AppCommand::BeginLesson { name } = command
        && let Some(progress) = state.settings.lessons.get(*name)
    {
        button = button.shortcut_text(lesson_progress(progress));
    }
    let response = ui.add_enabled(enabled.is_ok(), button);
    let response = hover_text(response, ui, command, enabled, None);
    if response.clicked() {
        commands.push(command.clone());
        ui.close();
    }
}

/// How far a lesson is.
fn lesson_progress(progress: &LessonProgress) -> String {
    match progress.is_finished() {
        true => "Done".to_owned(),
        false => format!("Step {} of {}", progress.step + 1, progress.done.len()),
    }
}

/// Whether an entry stands for what is chosen now.
fn is_on(command: &AppCommand, state: &AppState) -> bool {
    match command {
        AppCommand::SetDepth(depth) => *depth == state.settings.depth,
        AppCommand::SetTheme(theme) => *theme == state.settings.theme,
        AppCommand::ChooseData(source) => source.has_the_parts_of(&state.data.source),
        AppCommand::OpenBundled { name } => {
            state.model.origin == Origin::Bundled && state.model.name == *name
        }
        AppCommand::ToggleLargeType => state.settings.large_type,
        AppCommand::BeginLesson { name } => {
            let ongoing = state.lesson.as_ref();
            ongoing.is_some_and(|lesson| lesson.key == *name)
        }
        AppCommand::ToggleEraser => state.pad.mode == crate::app::PenMode::Erase,
        _ => false,
    }
}

fn recent_models(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    ui.add_enabled_ui(!state.settings.recent.is_empty(), |ui| {
        ui.menu_button("Open recent model", |ui| {
            for path in &state.settings.recent {
                let name = path.file_name().unwrap_or(path.as_os_str());
                file_entry(ui, &name.to_string_lossy(), path, commands);
            }
        });
    });
}

/// The models inside the program and those in the folders for models.
fn known_models(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    ui.menu_button("Open model by name", |ui| {
        for name in bundled_names() {
            entry(ui, &AppCommand::OpenBundled { name }, state, commands);
        }
        if !state.found_models.is_empty() {
            ui.separator();
        }
        for model in &state.found_models {
            file_entry(ui, &model.name, &model.path, commands);
        }
    });
}

fn file_entry(ui: &mut Ui, text: &str, path: &Path, commands: &mut Vec<AppCommand>) {
    let entry = ui.button(text).on_hover_text(path.display().to_string());
    if entry.clicked() {
        commands.push(AppCommand::OpenRecent {
            path: path.to_owned(),
        });
        ui.close();
    }
}

fn theme_button(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    let (icon, now) = match state.settings.theme {
        ThemeChoice::System => (Icon::System, "as the system"),
        ThemeChoice::Dark => (Icon::Moon, "dark"),
        ThemeChoice::Light => (Icon::Sun, "light"),
    };
    let next = next_theme(state.settings.theme, ui.ctx().system_theme());
    let command = AppCommand::SetTheme(next);
    let now = format!("Now: {now}");
    CommandButton::icon(&command, icon).show(ui, state, commands, Some(&now));
}

/// From the system's theme to the other one first, so that the first click shows.
fn next_theme(now: ThemeChoice, of_system: Option<Theme>) -> ThemeChoice {
    let (alike, other) = match of_system {
        Some(Theme::Light) => (ThemeChoice::Light, ThemeChoice::Dark),
        Some(Theme::Dark) | None => (ThemeChoice::Dark, ThemeChoice::Light),
    };
    match now {
        ThemeChoice::System => other,
        chosen if chosen == other => alike,
        _ => ThemeChoice::System,
    }
}

fn depth_switch(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    ui.spacing_mut().item_spacing.x = 2.0;
    // The layout runs from the right, so the deepest comes first.
    for (depth, text) in [
        (Depth::Lab, "Lab"),
        (Depth::Learn, "Learn"),
        (Depth::Draw, "Draw"),
    ] {
        let command = AppCommand::SetDepth(depth);
        CommandButton::text(&command, text)
            .selected(state.settings.depth == depth)
            .show(ui, state, commands, None);
    }
    ui.add_space(10.0);
}

/// The model's name, with a mark when it is in no file yet.
fn model_name(ui: &mut Ui, state: &AppState) {
    let (mark, saved) = if state.model.unsaved {
        ("• ", "\n• Not all of its training is in a file")
    } else {
        ("", "")
    };
    let tooltip = format!("{}{saved}", state.model_sentence());
    let text = RichText::new(format!("{mark}Model: {}", state.model.name))
        .color(theme::palette(ui).weak_text);
    ui.add(Label::new(text).truncate()).on_hover_text(tooltip);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_click_on_the_theme_shows_and_three_lead_back() {
        use ThemeChoice::{Dark, Light, System};
        for (of_system, choices) in [
            (None, [Light, Dark, System]),
            (Some(Theme::Dark), [Light, Dark, System]),
            (Some(Theme::Light), [Dark, Light, System]),
        ] {
            let mut now = System;
            for choice in choices {
                now = next_theme(now, of_system);
                assert_eq!(now, choice, "{of_system:?}");
            }
        }
    }

    #[test]
    fn every_listed_command_is_in_a_menu() {
        for command in AppCommand::listed() {
            assert!(place(&command).is_some(), "{command:?} is in no menu");
        }
    }
}
