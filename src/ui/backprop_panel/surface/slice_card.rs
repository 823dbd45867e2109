//! Which plane is shown, when it was made, and how to have another one.

use super::path::{self, Path};
use crate::app::{AppCommand, AppState, JobKind, grouped};
use crate::explain::{PlaneKind, Surface};
use crate::ui::theme;
use egui::{Button, Label, ProgressBar, RichText, Ui, vec2};

pub fn ui(
    ui: &mut Ui,
    state: &AppState,
    surface: &Surface,
    path: &Path,
    stays: &mut bool,
    commands: &mut Vec<AppCommand>,
) {
    let palette = theme::palette(ui);
    let kind = state.surface.kind();
    ui.label(RichText::new("The plane of the map").strong());
    let seed = match surface.slice.kind {
        PlaneKind::Random { seed } => seed,
        _ => 1,
    };
    let width = (ui.available_width() - 8.0) / 2.0;
    let choices = [
        [PlaneKind::Random { seed }, PlaneKind::ThreeNetworks],
        [PlaneKind::Principal, PlaneKind::Walks],
    ];
    for row in choices {
        ui.horizontal(|ui| {
            for choice in row {
                let command = AppCommand::DrawSurface(Some(choice));
                let enabled = command.enabled(state);
                let button = Button::selectable(kind == choice, name(choice));
                let response = ui.add_enabled(enabled.is_ok(), button.min_size(vec2(width, 26.0)));
                let response = response.on_hover_text(sentence(choice));
                let response = match enabled {
                    Err(reason) => response.on_disabled_hover_text(reason),
                    Ok(()) => response,
                };
                if response.clicked() {
                    commands.push(command);
                }
            }
        });
    }
    // As high as the longest of them, so that nothing below moves.
    let lines = 4.0 * (theme::SMALL_SIZE + 3.0);
    ui.allocate_ui(vec2(ui.available_width(), lines), |ui| {
        ui.set_min_height(lines);
        let text = RichText::new(sentence(kind))
            .small()
            .color(palette.weak_text);
        ui.add(Label::new(text).wrap());
    });
    let job = state
        .jobs
        .iter()
        .find(|job| job.kind == JobKind::DrawSurface);
    ui.horizontal(|ui| {
        ui.set_min_height(28.0);
        if let Some(job) = job {
            ui.add(ProgressBar::new(job.fraction).desired_width(130.0));
            if ui.button("Cancel").clicked() {
                commands.push(AppCommand::CancelJob { id: job.id });
            }
            return;
        }
        let command = AppCommand::DrawSurface(None);
        let response = ui.add_enabled(command.enabled(state).is_ok(), Button::new("Draw anew"));
        let hint = "Measure the cost again around the network as it is now";
        if response.on_hover_text(hint).clicked() {
            commands.push(command);
        }
        match kind {
            PlaneKind::Random { seed } => {
                let other = PlaneKind::Random { seed: seed + 1 };
                if ui
                    .button("Other directions")
                    .on_hover_text("Draw two other random directions")
                    .clicked()
                {
                    commands.push(AppCommand::DrawSurface(Some(other)));
                }
            }
            PlaneKind::ThreeNetworks | PlaneKind::Principal => {
                let mut grows = !*stays;
                let hint = "Draw the map anew whenever the path has left it";
                ui.checkbox(&mut grows, "Grow with the path")
                    .on_hover_text(hint);
                *stays = !grows;
            }
            PlaneKind::Walks => {}
        }
    });
    if let Some(error) = &state.surface.error {
        ui.add(Label::new(RichText::new(error).small().color(palette.warning)).wrap());
    }
    path::caption(ui, state, surface, path);
    let (made, now) = (surface.slice.step, state.model.record.steps);
    let side = surface.grid.side();
    let text = match made == now {
        true => format!(
            "Made at step {}, {side}×{side} networks asked",
            grouped(made)
        ),
        false => format!(
            "Made at step {}, {side}×{side} networks asked; training is at step {} now",
            grouped(made),
            grouped(now)
        ),
    };
    ui.add(Label::new(RichText::new(text).small()).wrap());
}

fn name(kind: PlaneKind) -> &'static str {
    match kind {
        PlaneKind::Random { .. } => "Random",
        PlaneKind::ThreeNetworks => "Start, now, best",
        PlaneKind::Principal => "Path's components",
        PlaneKind::Walks => "Walk with η × 10",
    }
}

fn sentence(kind: PlaneKind) -> &'static str {
    match kind {
        PlaneKind::Random { .. } => {
            "Two random directions, each unit's weights scaled to the length of that unit (Li et al. 2018). They show \
             the valley, but hardly the path: that goes nearly at a right angle to them"
        }
        PlaneKind::ThreeNetworks => {
            "Through the first network of the path, the present one and the one with the lowest validation cost; where \
             these lie on a line, through the place farthest from it"
        }
        PlaneKind::Principal => {
            "The two directions in which the path of training moves most, by principal components of the networks \
             remembered along it"
        }
        PlaneKind::Walks => {
            "60 mini-batches with η and with ten times η, the same ones, by two copies of the network; yours stays \
             where it is. The optimiser of each begins without a memory"
        }
    }
}
