//! The tab *Backprop*: a row of views, and the one that is chosen.

mod example;
mod nudges;
mod shapes;
mod surface;
mod worlds;

use crate::app::{AppCommand, AppState, MicroscopeView};
use egui::Ui;
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
        ui.horizontal_wrapped(|ui| {
            for view in MicroscopeView::ALL {
                let response = ui.selectable_label(shown == view, view.name());
                if response.on_hover_text(view.tooltip()).clicked() {
                    commands.push(AppCommand::ShowMicroscopeView(view));
                }
            }
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
