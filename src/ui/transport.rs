//! The transport bar: reset, play and pause, single steps, speed, learning rate, and what training is doing.

use super::command_button::{CommandButton, PRIMARY_EXTRA};
use super::icon::Icon;
use super::theme;
use crate::app::{AppCommand, AppState, Depth, Phase};
use crate::training::{LiveSettings, Speed, StepSize};
use egui::{Align, DragValue, Label, Layout, RichText, Slider, Ui};

/// The right end of the speed slider; it means 'as fast as it goes'.
const UNLIMITED: f64 = 1000.0;

/// What the play button says, one at a time.
const PLAY_TEXTS: [&str; 3] = ["Train", "Pause", "Go on"];

/// The bar above everything.
#[derive(Default)]
pub struct TransportBar;

impl TransportBar {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        // The row is as high as its largest button from the start, so that the first ones are centred too.
        let usual = ui.spacing().interact_size.y;
        ui.spacing_mut().interact_size.y = usual + PRIMARY_EXTRA;
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.y = usual;
            ui.spacing_mut().item_spacing.x = 6.0;
            CommandButton::icon(&AppCommand::ResetWeights, Icon::Reset)
                .show(ui, state, commands, None);
            play_button(ui, state, commands);
            if state.settings.depth != Depth::Draw {
                ui.separator();
                for (size, text) in [
                    (StepSize::Example, "+1 example"),
                    (StepSize::Batch, "+1 batch"),
                    (StepSize::Epoch, "+1 epoch"),
                ] {
                    let command = AppCommand::Step(size);
                    CommandButton::text(&command, text).show(ui, state, commands, None);
                }
                ui.separator();
                speed(ui, state, commands);
                ui.separator();
                learning_rate(ui, state, commands);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let text = phase_text(state);
                let weak = RichText::new(&text).color(theme::palette(ui).weak_text);
                ui.add(Label::new(weak).truncate()).on_hover_text(text);
            });
        });
    }
}

fn play_button(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    let (icon, text) = match state.runs.phase {
        Phase::Running => (Icon::Pause, PLAY_TEXTS[1]),
        Phase::Paused => (Icon::Play, PLAY_TEXTS[2]),
        Phase::Idle | Phase::Finished | Phase::Diverged(_) => (Icon::Play, PLAY_TEXTS[0]),
    };
    let sentence = state.play_sentence();
    CommandButton::text(&AppCommand::PlayPause, text)
        .with_icon(icon)
        .primary()
        .room_for(&PLAY_TEXTS)
        .show(ui, state, commands, Some(&sentence));
}

fn speed(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    ui.label("Speed");
    let mut steps = match state.runs.speed {
        Speed::Unlimited => UNLIMITED,
        Speed::StepsPerSecond(steps) => f64::from(steps),
    };
    ui.spacing_mut().slider_width = 84.0;
    let slider = Slider::new(&mut steps, 1.0..=UNLIMITED)
        .logarithmic(true)
        .show_value(false);
    let changed = ui
        .add(slider)
        .accessible_name("Speed")
        .on_hover_text("Mini-batches a second, from slow motion to as fast as it goes")
        .changed();
    let text = match state.runs.speed {
        Speed::Unlimited => "full".to_owned(),
        Speed::StepsPerSecond(steps) => format!("{steps:.0}/s"),
    };
    // A fixed width, so that nothing moves while the slider does.
    ui.add_sized(
        [40.0, 20.0],
        Label::new(RichText::new(text).small()).extend(),
    );
    if changed {
        let speed = if steps >= UNLIMITED * 0.995 {
            Speed::Unlimited
        } else {
            Speed::StepsPerSecond(steps.round().max(1.0) as f32)
        };
        commands.push(AppCommand::SetSpeed(speed));
    }
}

fn learning_rate(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    ui.label("Rate η");
    let hyperparameters = &state.settings.hyperparameters;
    let mut rate = hyperparameters.learning_rate;
    let speed = f64::from(rate.abs().max(1e-6)) * 0.02;
    let drag = DragValue::new(&mut rate)
        .range(1e-6..=LiveSettings::MAX_LEARNING_RATE)
        // A wrong rate that was set elsewhere is explained there, not changed in silence here.
        .clamp_existing_to_range(false)
        .speed(speed)
        .max_decimals(6)
        // A number that is half typed must not reach a network that is learning: 1e-3 begins with 1.
        .update_while_editing(false);
    let response = ui
        .add_sized([62.0, 24.0], drag)
        .accessible_name("Learning rate")
        .on_hover_text("Learning rate: drag or click to change it, also while training runs");
    if response.changed() {
        let mut changed = hyperparameters.clone();
        changed.learning_rate = rate;
        commands.push(AppCommand::SetHyperparameters(Box::new(changed)));
    }
}

/// What training is doing, in words.
fn phase_text(state: &AppState) -> String {
    let at = state.runs.progress.as_ref().map(|progress| {
        let epochs = state.run_epochs();
        format!("epoch {:.2}/{epochs}", progress.epoch)
    });
    match (&state.runs.phase, at) {
        (Phase::Idle, _) => state.play_sentence(),
        (Phase::Running, None) => "Training".to_owned(),
        (Phase::Running, Some(at)) => format!("Training, {at}"),
        (Phase::Paused, None) => "Paused".to_owned(),
        (Phase::Paused, Some(at)) => format!("Paused, {at}"),
        (Phase::Finished, _) => format!("Finished · {}", state.play_sentence()),
        (Phase::Diverged(divergence), _) => divergence.sentence.clone(),
    }
}
