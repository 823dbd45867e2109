//! The nudges of a mini-batch, one by one and averaged, and how the mean settles as the mini-batch grows.

mod arrows;
mod controls;
mod digits;
mod picking;
mod row;
mod settling;
mod table;

use crate::app::{AppCommand, AppState, AveragedNudges, JobKind, Phase};
use crate::ui::command_button::CommandButton;
use crate::ui::theme;
use controls::Controls;
use egui::{Align, Layout, ProgressBar, RichText, ScrollArea, Ui, vec2};
use picking::Picking;
use std::time::Duration;
use table::Table;

/// The nudges of a mini-batch, one by one and averaged.
#[derive(Default)]
pub struct NudgesPanel {
    controls: Controls,
    picking: Picking,
    table: Table,
    /// When the nudges were last asked for, in seconds since the program's start.
    asked_at_secs: f64,
}

/// A network that learns is asked no more often: the window takes nothing from the training that it can do without.
const SHORTEST_INTERVAL_SECS: f64 = 0.25;
/// With less room the settling stands below the table instead of beside it.
const ROOM_FOR_BOTH: f32 = 820.0;
const GAP: f32 = 14.0;
/// Less than this of the table shows too few digits.
const SMALLEST_TABLE: f32 = 220.0;

impl NudgesPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        self.ask(ui, state, commands);
        self.controls.ui(ui, state, commands);
        let Some(averaged) = state.averaged_nudges() else {
            nothing_yet(ui, state);
            return;
        };
        if ui.available_width() < ROOM_FOR_BOTH {
            ScrollArea::vertical()
                .id_salt("averaged nudges")
                .auto_shrink(false)
                .show(ui, |ui| {
                    self.batch(ui, state, averaged, SMALLEST_TABLE, commands);
                    ui.add_space(GAP);
                    settled(ui, state, averaged, commands);
                });
            return;
        }
        let room = ui.available_size();
        let side = (room.x * 0.41).clamp(320.0, 560.0);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            ui.allocate_ui(vec2(room.x - side - GAP, room.y), |ui| {
                ui.with_layout(Layout::top_down(Align::Min), |ui| {
                    let height = ui.available_height();
                    self.batch(ui, state, averaged, height, commands);
                });
            });
            ui.allocate_ui(vec2(side, room.y), |ui| {
                ui.with_layout(Layout::top_down(Align::Min), |ui| {
                    ScrollArea::vertical()
                        .id_salt("settling")
                        .auto_shrink(false)
                        .show(ui, |ui| settled(ui, state, averaged, commands));
                });
            });
        });
    }

    /// Asks for what is not there, or no longer true.
    fn ask(&mut self, ui: &Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        if state.wants_settling() {
            commands.push(AppCommand::MeasureSettling);
        }
        let now_secs = ui.input(|input| input.time);
        let learns = state.runs.phase == Phase::Running && state.microscope.frozen.is_none();
        let wait_secs = self.asked_at_secs + SHORTEST_INTERVAL_SECS - now_secs;
        if learns && wait_secs > 0.0 {
            ui.ctx()
                .request_repaint_after(Duration::from_secs_f64(wait_secs));
        } else if AppCommand::AverageNudges.enabled(state).is_ok() {
            self.asked_at_secs = now_secs;
            commands.push(AppCommand::AverageNudges);
        }
    }

    fn batch(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        averaged: &AveragedNudges,
        height: f32,
        commands: &mut Vec<AppCommand>,
    ) {
        let bottom = ui.cursor().top() + height;
        ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
        if state.nudges.by_hand {
            self.picking.ui(ui, state, averaged, commands);
        }
        let left = (bottom - ui.cursor().top()).max(SMALLEST_TABLE * 0.7);
        self.table.ui(ui, state, averaged, left, commands);
    }
}

/// How the mean settles, or what is needed to know it.
fn settled(
    ui: &mut Ui,
    state: &AppState,
    averaged: &AveragedNudges,
    commands: &mut Vec<AppCommand>,
) {
    ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
    ui.label(RichText::new("How the mean settles as B grows").strong());
    let job = state.jobs.iter().find(|job| job.kind == JobKind::Settling);
    if let Some(settling) = state.settling() {
        let room = ui.available_height();
        settling::ui(ui, settling, averaged, room);
    } else if let Some(job) = job {
        ui.label(&job.sentence);
        ui.horizontal(|ui| {
            ui.add(ProgressBar::new(job.fraction).desired_width(160.0));
            let cancel = AppCommand::CancelJob { id: job.id };
            CommandButton::text(&cancel, "Cancel").show(ui, state, commands, None);
        });
    } else {
        let learning = "The network is learning, so its gradient over all training digits changes with every step. \
                        Freeze a copy to compare each digit with it";
        let cancelled = "The gradient over all training digits was not measured";
        let measure = AppCommand::MeasureSettling;
        let freeze = AppCommand::FreezeNetwork;
        if measure.enabled(state).is_ok() {
            ui.label(cancelled);
            CommandButton::text(&measure, "Compare with the whole training set")
                .show(ui, state, commands, None);
        } else if state.microscope.frozen.is_none() {
            ui.label(learning);
            CommandButton::text(&freeze, "Freeze a copy").show(ui, state, commands, None);
        }
    }
}

fn nothing_yet(ui: &mut Ui, state: &AppState) {
    let reason = match AppCommand::AverageNudges.enabled(state) {
        Ok(()) => "The nudges are being worked out",
        Err(reason) => reason,
    };
    ui.with_layout(Layout::top_down(Align::Center), |ui| {
        ui.add_space(ui.available_height() * 0.35);
        ui.label(RichText::new(reason).color(theme::palette(ui).weak_text));
    });
}
