//! What practising did, before it is taken: each accuracy before and after.

use crate::app::{AppCommand, AppState, Comparison, JobKind, Offer, score_text};
use crate::ui::command_button::CommandButton;
use crate::ui::theme::{self, palette};
use egui::{Grid, ProgressBar, RichText, Ui};

/// Whether there is nothing to show.
pub fn is_empty(state: &AppState) -> bool {
    let practises = state.jobs.iter().any(|job| job.kind == JobKind::Practise);
    !practises && state.practise.offer.is_none() && !state.has_other_network()
}

/// Practising that goes on, its result, or how to go back; nothing where there is none of these.
pub fn ui(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    let job = state.jobs.iter().find(|job| job.kind == JobKind::Practise);
    if let Some(job) = job {
        theme::card(ui).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.add(ProgressBar::new(job.fraction).desired_width(160.0));
                let cancel = AppCommand::CancelJob { id: job.id };
                CommandButton::text(&cancel, "Cancel").show(ui, state, commands, None);
                ui.label(&job.sentence);
            });
        });
    } else if let Some(offer) = &state.practise.offer {
        theme::card(ui).show(ui, |ui| result(ui, state, offer, commands));
    } else if state.has_other_network() {
        theme::card(ui).show(ui, |ui| {
            ui.horizontal(|ui| {
                let swap = AppCommand::SwapPractised;
                CommandButton::text(&swap, "Put the other network back")
                    .show(ui, state, commands, None);
                ui.label(format!("“{}” reads now", state.model.name));
            });
        });
    }
}

fn result(ui: &mut Ui, state: &AppState, offer: &Offer, commands: &mut Vec<AppCommand>) {
    let colors = palette(ui);
    let lines = offer.comparisons();
    Grid::new("practised")
        .num_columns(3)
        .spacing([18.0, 3.0])
        .show(ui, |ui| {
            ui.label(RichText::new("Read rightly, ± 2σ").color(colors.weak_text));
            ui.label(RichText::new("before").color(colors.weak_text));
            ui.label(RichText::new("after practising").color(colors.weak_text));
            ui.end_row();
            for Comparison { of, scores } in &lines {
                ui.label(of);
                ui.label(score_text(&scores.before));
                ui.label(RichText::new(score_text(&scores.after)).strong());
                ui.end_row();
            }
        });
    if let Some(caution) = offer.caution() {
        ui.label(RichText::new(caution).small().color(colors.weak_text));
    }
    if !offer.belongs_to(&state.model.network) {
        let text = "This belongs to an older network: the present one has changed since, and would give way to it";
        ui.label(RichText::new(text).color(colors.warning));
    }
    ui.horizontal(|ui| {
        CommandButton::text(&AppCommand::TakePractised, "Take it")
            .primary()
            .show(ui, state, commands, None);
        CommandButton::text(&AppCommand::LeavePractised, "Leave it")
            .show(ui, state, commands, None);
    });
}
