//! A slice through the cost, and the walk of training on it.

mod ball;
mod contours;
mod map;
mod path;
mod path_on_map;
mod scale;
mod sheet;
mod slice_card;
mod walk_card;
mod walks_on_map;

use crate::app::{AppCommand, AppState, JobKind, Phase};
use crate::explain::{PlaneKind, Surface};
use crate::ui::theme;
use ball::Ball;
use egui::{ProgressBar, RichText, ScrollArea, Ui, vec2};
use map::{Map, Scene};
use path::Path;

/// A map of the cost around the network, the path of training on it, and a ball to ask any place of it.
#[derive(Default)]
pub struct SurfacePanel {
    map: Map,
    path: Path,
    ball: Ball,
    /// The map is not drawn anew when the path leaves it.
    stays: bool,
}

/// Of the cards beside the map.
const CARD_WIDTH: f32 = 270.0;
/// Of the scale beneath the map.
const BELOW_MAP: f32 = 36.0;
const WIDEST_CARD: f32 = 430.0;
/// Kept free of cards.
const SCROLL_BAR: f32 = 12.0;
const SMALLEST_MAP: f32 = 190.0;
const LARGEST_MAP: f32 = 860.0;

impl SurfacePanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let Some(surface) = &state.surface.drawn else {
            self.invite(ui, state, commands);
            return;
        };
        self.path.follow(surface, state);
        self.grow(state, surface, commands);
        self.ball.ask(surface, state);
        let room = ui.available_size();
        // In a tab that scrolls: what is to be seen without scrolling.
        let seen = ui.clip_rect().bottom() - ui.cursor().top();
        let beside = CARD_WIDTH + 24.0;
        let side = (room.y.min(seen) - BELOW_MAP)
            .min(room.x - beside)
            .clamp(SMALLEST_MAP, LARGEST_MAP);
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(side);
                let scene = Scene {
                    surface,
                    path: &self.path,
                    ball: &self.ball,
                    side,
                };
                let dragged = self.map.ui(ui, state, &scene, commands);
                self.ball.set_dragged(dragged);
                scale::show(ui, surface);
            });
            ui.add_space(4.0);
            ScrollArea::vertical()
                .id_salt("cards of the cost surface")
                .auto_shrink([false, false])
                .show(ui, |ui| {
                    ui.vertical(|ui| self.cards(ui, state, surface, commands));
                });
        });
    }

    /// In two columns where there is room.
    fn cards(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        surface: &Surface,
        commands: &mut Vec<AppCommand>,
    ) {
        let room = ui.available_width() - SCROLL_BAR;
        if room < 2.0 * CARD_WIDTH {
            self.slice_card(ui, state, surface, room, commands);
            self.walk_and_ball(ui, state, surface, room, commands);
            return;
        }
        let width = (room / 2.0 - ui.spacing().item_spacing.x).min(WIDEST_CARD);
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| self.slice_card(ui, state, surface, width, commands));
            ui.vertical(|ui| self.walk_and_ball(ui, state, surface, width, commands));
        });
    }

    fn slice_card(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        surface: &Surface,
        width: f32,
        commands: &mut Vec<AppCommand>,
    ) {
        let Self { path, stays, .. } = self;
        card(ui, width, |ui| {
            slice_card::ui(ui, state, surface, path, stays, commands)
        });
    }

    fn walk_and_ball(
        &self,
        ui: &mut Ui,
        state: &AppState,
        surface: &Surface,
        width: f32,
        commands: &mut Vec<AppCommand>,
    ) {
        if !surface.slice.walks.is_empty() {
            card(ui, width, |ui| walk_card::ui(ui, state, surface, commands));
        }
        card(ui, width, |ui| self.ball.card(ui, state, surface, commands));
    }

    /// Nothing is drawn yet: why, and what can be done.
    fn invite(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let command = AppCommand::DrawSurface(None);
        let job = state
            .jobs
            .iter()
            .find(|job| job.kind == JobKind::DrawSurface);
        let enabled = command.enabled(state);
        // The first one is drawn without being asked for; one that was stopped or has failed is not.
        if job.is_none() && state.surface.error.is_none() && enabled.is_ok() {
            commands.push(command.clone());
        }
        ui.vertical_centered(|ui| {
            ui.add_space((ui.available_height() * 0.28).max(8.0));
            ui.label(RichText::new("How does the cost lie around this network?").heading());
            ui.add_space(4.0);
            match (job, enabled) {
                (Some(job), _) => {
                    ui.label(&job.sentence);
                    ui.add(ProgressBar::new(job.fraction).desired_width(200.0));
                    if ui.button("Cancel").clicked() {
                        commands.push(AppCommand::CancelJob { id: job.id });
                    }
                }
                (None, Err(reason)) => {
                    ui.label(reason);
                }
                (None, Ok(())) => {
                    if let Some(error) = &state.surface.error {
                        ui.label(RichText::new(error).color(theme::palette(ui).warning));
                    }
                    let button = egui::Button::new("Draw the cost surface");
                    if ui.add(button.min_size(vec2(160.0, 30.0))).clicked() {
                        commands.push(command);
                    }
                }
            }
        });
    }

    /// A map of the path is drawn anew when there is one at last, when the path has left it, and when the training rests.
    fn grow(&self, state: &AppState, surface: &Surface, commands: &mut Vec<AppCommand>) {
        let kind = state.surface.kind();
        let of_path = matches!(kind, PlaneKind::ThreeNetworks | PlaneKind::Principal);
        let is_busy = state
            .jobs
            .iter()
            .any(|job| job.kind == JobKind::DrawSurface);
        let looks_elsewhere = state.microscope.frozen.is_some();
        if !of_path || self.stays || is_busy || looks_elsewhere || state.surface.error.is_some() {
            return;
        }
        let command = AppCommand::DrawSurface(None);
        let slice = &surface.slice;
        let rests = state.runs.phase != Phase::Running;
        let is_old = rests && slice.step != state.model.record.steps;
        let is_due = slice.kind != kind || self.path.has_left() || is_old;
        if is_due && command.enabled(state).is_ok() {
            commands.push(command);
        }
    }
}

/// A card of this width, its frame included.
fn card(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    theme::card(ui).show(ui, |ui| {
        ui.set_width(width - 22.0);
        add(ui);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Effect, News, Origin, Settings};
    use crate::data::{DataSets, DataSource, Dataset, Examples};
    use crate::explain::draw_surface;
    use crate::ink::{Hands, practice_digits};
    use crate::model_file::{Model, TrainingRecord};
    use crate::training::Hyperparameters;
    use egui::{Event, Key, Modifiers, PointerButton};
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;
    use std::ops::ControlFlow;
    use std::sync::Arc;

    fn digits() -> Arc<DataSets> {
        let made = practice_digits(Hands::Known, 60, 3);
        let images = made.iter().flat_map(|(cells, _)| cells.0).collect();
        let labels = made.iter().map(|(_, label)| *label).collect();
        let all = Examples::all(Arc::new(Dataset::new(images, labels).unwrap()));
        Arc::new(DataSets {
            source: DataSource::Practice,
            name: "Sixty".into(),
            train: all.clone(),
            validation: all.clone(),
            test: all,
            notes: Vec::new(),
        })
    }

    fn state() -> AppState {
        let hyperparameters = Hyperparameters {
            hidden_layers: vec![8],
            ..Hyperparameters::default()
        };
        let model = Model {
            name: "Small".into(),
            network: hyperparameters.check().unwrap().fresh_network().unwrap(),
            record: TrainingRecord::default(),
            calibration: None,
        };
        let settings = Settings {
            hyperparameters,
            ..Settings::default()
        };
        AppState::with_model(settings, model, Origin::Fresh).0
    }

    /// Draws the two coarsest levels only.
    fn perform(state: &mut AppState, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::DrawSurface { job, request } = effect {
                let result = draw_surface(&request, &mut |fraction, surface| {
                    let fine = surface
                        .as_ref()
                        .is_some_and(|surface| surface.grid.side() > 9);
                    state.receive(News::SurfaceRefined {
                        job,
                        fraction,
                        surface,
                    });
                    match fine {
                        true => ControlFlow::Break(()),
                        false => ControlFlow::Continue(()),
                    }
                });
                assert!(result.is_err(), "stopped before the finest level");
                let result = Ok(());
                state.receive(News::SurfaceDrawn { job, result });
            }
        }
    }

    fn harness(with_data: bool) -> Harness<'static, (AppState, SurfacePanel)> {
        let mut state = state();
        state.data.sets = with_data.then(digits);
        let mut harness = Harness::builder()
            .with_size([900.0, 460.0])
            .with_context_setup(theme::install)
            .build_ui_state(
                |ui, (state, panel): &mut (AppState, SurfacePanel)| {
                    let mut commands = Vec::new();
                    panel.ui(ui, state, &mut commands);
                    for command in commands {
                        let effects = state.handle(command);
                        perform(state, effects);
                    }
                },
                (state, SurfacePanel::default()),
            );
        harness.run_steps(3);
        harness
    }

    #[test]
    fn without_data_the_panel_says_what_it_waits_for() {
        harness(false).get_by_label("The data is not loaded yet");
    }

    #[test]
    fn the_first_map_is_drawn_without_being_asked_for_and_says_what_its_height_is() {
        let harness = harness(true);
        harness.get_by_label_contains("Cost surface with the path of training");
        harness.get_by_label_contains("mean over the same 60 training digits of Sixty");
        harness.get_by_label_contains("Mean cost of 60 training digits, logarithmic: from ");
        harness.get_by_label_contains("Made at step 0, 17×17 networks asked");
        harness.get_by_label_contains("the present network lies on it");
    }

    #[test]
    fn the_ball_is_dragged_and_moved_with_the_arrow_keys() {
        let mut harness = harness(true);
        assert_eq!(harness.state().0.surface.ball, [0.0, 0.0]);
        let map = harness.get_by_label_contains("Cost surface with").rect();
        let pos = map.min + map.size() * vec2(0.75, 0.25);
        harness.event(Event::PointerMoved(pos));
        for pressed in [true, false] {
            harness.event(Event::PointerButton {
                pos,
                button: PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            });
        }
        harness.run_steps(2);
        let [x, y] = harness.state().0.surface.ball;
        assert!((x - 0.5).abs() < 0.01 && (y - 0.5).abs() < 0.01, "{x} {y}");
        harness.key_press(Key::ArrowLeft);
        harness.run_steps(2);
        harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowUp);
        harness.run_steps(2);
        let [left, up] = harness.state().0.surface.ball;
        assert!((left - (x - 1.0 / 32.0)).abs() < 1e-5, "{x} {left}");
        assert!((up - (y + 0.25)).abs() < 1e-5, "{y} {up}");
        harness.get_by_label("Ball back").click();
        harness.run_steps(2);
        assert_eq!(harness.state().0.surface.ball, [0.0, 0.0]);
    }

    #[test]
    fn the_network_under_the_ball_reads_the_drawing() {
        let mut harness = harness(true);
        harness.get_by_label_contains("Draw a digit to see what the network there makes of it");
        harness
            .state_mut()
            .0
            .handle(AppCommand::ShowExample { index: 7 });
        harness.run_steps(3);
        let reading = harness.state().0.reading.clone().unwrap();
        let text = format!(
            "It reads {}",
            crate::app::a_digit(usize::from(reading.answer))
        );
        harness.get_by_label_contains(&text);
        harness.get_by_label_contains("Outputs at the ball: 0: ");
    }

    #[test]
    fn planes_of_the_path_cannot_be_chosen_before_there_is_one_but_the_walk_can() {
        let mut harness = harness(true);
        harness.get_by_label("Path's components").click();
        harness.run_steps(2);
        assert_eq!(harness.state().0.surface.chosen, None);
        harness.get_by_label("Walk with η × 10").click();
        harness.run_steps(4);
        assert_eq!(harness.state().0.surface.chosen, Some(PlaneKind::Walks));
        harness.get_by_label("Ten times η");
        assert_eq!(
            harness.query_all_by_label_contains("in 60 steps").count(),
            2
        );
        let before = harness.state().0.settings.hyperparameters.learning_rate;
        let tenfold = format!("Train with η {}", super::contours::cost_text(10.0 * before));
        harness.get_by_label(&tenfold).click();
        harness.run_steps(2);
        let after = harness.state().0.settings.hyperparameters.learning_rate;
        assert!((after / before - 10.0).abs() < 1e-4);
    }

    #[test]
    fn the_network_is_put_where_the_ball_lies_and_back() {
        let mut harness = harness(true);
        let before = Arc::clone(&harness.state().0.model.network);
        harness
            .state_mut()
            .0
            .handle(AppCommand::MoveBall { at: [0.5, 0.0] });
        harness.run_steps(2);
        harness.get_by_label("Put the network here").click();
        harness.run_steps(3);
        assert!(!Arc::ptr_eq(&harness.state().0.model.network, &before));
        harness.get_by_label("Put the network back").click();
        harness.run_steps(3);
        assert!(Arc::ptr_eq(&harness.state().0.model.network, &before));
    }
}
