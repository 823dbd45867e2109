//! What stands beside the pad: the tabs in the centre, the curves beneath, the settings at the right.

use super::network_panel::NetworkPanel;
use super::theme;
use super::weights_panel::WeightsPanel;
use crate::app::{AppCommand, AppState};
use egui::{CentralPanel, Frame, Margin, RichText, Ui};

/// Everything that the depth 'Draw' leaves out.
#[derive(Default)]
pub struct Workbench {
    tab: Tab,
    network: NetworkPanel,
    weights: WeightsPanel,
}

/// What the centre shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    Network,
    Weights,
}

impl Tab {
    const ALL: [(Self, &'static str, &'static str); 2] = [
        (
            Self::Network,
            "Network",
            "The layers with the activations of the drawing",
        ),
        (
            Self::Weights,
            "Weights",
            "Weights and gradients of every layer as heatmaps",
        ),
    ];
}

impl Workbench {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let frame = Frame::new()
            .fill(theme::palette(ui).window)
            .inner_margin(Margin::same(10));
        CentralPanel::no_frame().frame(frame).show(ui, |ui| {
            ui.horizontal(|ui| {
                for (tab, name, tooltip) in Tab::ALL {
                    let text = RichText::new(name).size(theme::BODY_SIZE + 1.0);
                    let response = ui.selectable_label(self.tab == tab, text);
                    if response.on_hover_text(tooltip).clicked() {
                        self.tab = tab;
                    }
                }
            });
            ui.add_space(2.0);
            match self.tab {
                Tab::Network => self.network.ui(ui, state, commands),
                Tab::Weights => self.weights.ui(ui, state, commands),
            }
        });
    }
}
