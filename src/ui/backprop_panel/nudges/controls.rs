use crate::app::{AppCommand, AppState};
use crate::explain::{LARGEST_BATCH, Parameter};
use crate::ui::command_button::CommandButton;
use crate::ui::{accessible, theme};
use egui::{RichText, Slider, TextEdit, Ui};

/// Which mini-batch is looked at, and what it is asked.
#[derive(Default)]
pub struct Controls {
    /// The weight as it is being typed.
    typed: String,
    error: Option<String>,
    /// The parameter whose name was last put into the field.
    named: Option<Parameter>,
}

impl Controls {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        ui.horizontal_wrapped(|ui| {
            batch(ui, state, commands);
            ui.separator();
            self.wish(ui, state, commands);
        });
        if let Some(error) = &self.error {
            ui.label(RichText::new(error).color(theme::palette(ui).error));
        }
    }

    /// Whose wishes are shown.
    fn wish(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let shown = state.nudges.parameter;
        ui.label("Wishes for");
        let outputs = AppCommand::ShowNudgesOf(None);
        CommandButton::text(&outputs, "the outputs")
            .selected(shown.is_none())
            .show(ui, state, commands, None);
        if let Some(averaged) = state.averaged_nudges() {
            let steepest = shown.unwrap_or(averaged.nudges.steepest);
            CommandButton::text(&AppCommand::ShowNudgesOf(Some(steepest)), "one weight")
                .selected(shown.is_some())
                .show(ui, state, commands, None);
        }
        if shown != self.named {
            self.named = shown;
            self.typed = shown.map_or(String::new(), |parameter| parameter.to_string());
            self.error = None;
        }
        if shown.is_none() {
            return;
        }
        let field = TextEdit::singleline(&mut self.typed)
            .desired_width(96.0)
            .hint_text("W2[17,4]");
        let response = ui.add(field);
        accessible::name(&response, "Weight or bias");
        let response = response.on_hover_text(
            "W2[17,4] is the weight of layer 2 from unit 17 to unit 4, b2[4] the bias of unit 4; Enter takes it",
        );
        if response.changed() {
            self.error = None;
        }
        let entered = ui.input(|input| input.key_pressed(egui::Key::Enter));
        if response.lost_focus() && (entered || self.typed != name_of(shown)) {
            self.take(state, commands);
        }
        if let Some(averaged) = state.averaged_nudges() {
            let steepest = averaged.nudges.steepest;
            let text = format!(
                "{steepest} is the weight or bias that the mean of this mini-batch moves most"
            );
            if ui.button("the steepest").on_hover_text(text).clicked() {
                commands.push(AppCommand::ShowNudgesOf(Some(steepest)));
            }
        }
    }

    fn take(&mut self, state: &AppState, commands: &mut Vec<AppCommand>) {
        let network = state.examined_network();
        let parameter = self.typed.parse::<Parameter>();
        let checked = parameter.and_then(|parameter| parameter.check(network).map(|()| parameter));
        match checked {
            Ok(parameter) => {
                self.error = None;
                commands.push(AppCommand::ShowNudgesOf(Some(parameter)));
            }
            Err(error) => self.error = Some(capital(&error.to_string())),
        }
    }
}

/// Drawn at random or picked by hand, and how many.
fn batch(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    let nudges = &state.nudges;
    for (by_hand, text) in [(false, "Drawn"), (true, "Picked by hand")] {
        let command = AppCommand::PickNudgesByHand(by_hand);
        CommandButton::text(&command, text)
            .selected(nudges.by_hand == by_hand)
            .show(ui, state, commands, None);
    }
    if nudges.by_hand {
        let count = state.nudge_request().map_or(0, |request| request.len());
        ui.label(format!("B = {count}"));
        return;
    }
    let mut size = nudges.size;
    let slider = Slider::new(&mut size, 1..=LARGEST_BATCH)
        .logarithmic(true)
        // Without it an arrow key would be too small a step to leave a small number.
        .step_by(1.0)
        .text("B");
    ui.add(slider)
        .on_hover_text("How many training digits the mini-batch has, 1 to 1,000");
    if size != nudges.size {
        commands.push(AppCommand::SetNudgeBatch(size));
    }
    CommandButton::text(&AppCommand::DrawNudgeBatch, "Another").show(ui, state, commands, None);
}

fn name_of(parameter: Option<Parameter>) -> String {
    parameter.map_or(String::new(), |parameter| parameter.to_string())
}

/// A sentence of its own begins large.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
