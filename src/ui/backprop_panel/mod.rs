//! The tab *Backprop*: a row of views, and the one that is chosen.

mod example;
mod nudges;
mod shapes;
mod surface;
mod worlds;

use super::command_button::CommandButton;
use super::number;
use crate::app::{AppCommand, AppState, MicroscopeView};
use egui::{Align, Layout, RichText, Ui};
use example::ExamplePanel;
use nudges::NudgesPanel;
use shapes::ShapesPanel;
use surface::SurfacePanel;
use worlds::WorldsPanel;

/// How backpropagation finds what every weight should do, from five sides.
#[derive(Default)]
pub struct BackpropPanel {
    example: ExamplePanel,
    nudges: NudgesPanel,
    shapes: ShapesPanel,
    surface: SurfacePanel,
    worlds: WorldsPanel,
}

impl BackpropPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let shown = state.settings.microscope_view;
        ui.horizontal(|ui| {
            let has_room = ui.available_width() >= ROOM_FOR_WORDS;
            if !has_room {
                ui.spacing_mut().item_spacing.x = 1.0;
            }
            for view in MicroscopeView::ALL {
                let response = ui.selectable_label(shown == view, view.name());
                if response.on_hover_text(view.tooltip()).clicked() {
                    commands.push(AppCommand::ShowMicroscopeView(view));
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                frozen(ui, state, has_room, commands);
            });
        });
        ui.add_space(2.0);
        match shown {
            MicroscopeView::Example => self.example.ui(ui, state, commands),
            MicroscopeView::Nudges => self.nudges.ui(ui, state, commands),
            MicroscopeView::Shapes => self.shapes.ui(ui, state, commands),
            MicroscopeView::Surface => self.surface.ui(ui, state, commands),
            MicroscopeView::Worlds => self.worlds.ui(ui, state, commands),
        }
    }
}

/// Below this width the button beside the views says what it does in one word, and the rest in its tooltip.
const ROOM_FOR_WORDS: f32 = 740.0;

/// Which network is looked at, and the button that freezes a copy or lets it go.
fn frozen(ui: &mut Ui, state: &AppState, has_room: bool, commands: &mut Vec<AppCommand>) {
    let texts = match has_room {
        true => ["Let the copy go", "Freeze a copy"],
        false => ["Let go", "Freeze"],
    };
    let (command, text) = match &state.microscope.frozen {
        Some(_) => (AppCommand::ReleaseNetwork, texts[0]),
        None => (AppCommand::FreezeNetwork, texts[1]),
    };
    let button = CommandButton::text(&command, text).room_for(&texts);
    button.show(ui, state, commands, None);
    if let Some((_, step)) = &state.microscope.frozen {
        let copy = format!("Copy of step {}", number::grouped(*step as usize));
        let color = super::theme::palette(ui).warning;
        ui.add(egui::Label::new(RichText::new(copy).color(color)).truncate())
            .on_hover_text(format!(
                "A frozen copy of the network is looked at; the present one is at step {}",
                number::grouped(state.model.record.steps as usize)
            ));
    }
}
