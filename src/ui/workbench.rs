//! What stands beside the pad: the tabs in the centre, the curves beneath, the settings at the right.

use super::curves_panel::CurvesPanel;
use super::mistakes_panel::MistakesPanel;
use super::network_panel::NetworkPanel;
use super::settings_panel::SettingsPanel;
use super::theme;
use super::weights_panel::WeightsPanel;
use crate::app::{AppCommand, AppState, Depth};
use egui::{
    Align, CentralPanel, Frame, Layout, Margin, Panel, RichText, ScrollArea, Ui, Vec2, vec2,
};

/// A tab with less room scrolls, so that nothing in it lies over something else.
const SMALLEST_TAB: Vec2 = vec2(540.0, 340.0);

/// Everything that the depth 'Draw' leaves out.
#[derive(Default)]
pub struct Workbench {
    tab: Tab,
    network: NetworkPanel,
    weights: WeightsPanel,
    mistakes: MistakesPanel,
    curves: CurvesPanel,
    settings: SettingsPanel,
    settings_are_folded: bool,
}

/// What the centre shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    Network,
    Weights,
    Mistakes,
}

impl Tab {
    const ALL: [(Self, &'static str, &'static str); 3] = [
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
        (
            Self::Mistakes,
            "Mistakes",
            "Which test digits are read wrongly, and as what",
        ),
    ];
}

impl Workbench {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let frame = Frame::new()
            .fill(theme::palette(ui).window)
            .inner_margin(Margin::same(10));
        if state.settings.depth == Depth::Lab {
            self.right(ui, frame, state, commands);
        }
        let for_curves = (ui.available_height() * 0.34).min(230.0);
        Panel::bottom("curves")
            .frame(frame)
            .resizable(true)
            .default_size(for_curves)
            .size_range(120.0..=600.0)
            .show(ui, |ui| self.curves.ui(ui, state, commands));
        CentralPanel::no_frame().frame(frame).show(ui, |ui| {
            ui.horizontal(|ui| {
                for (tab, name, tooltip) in Tab::ALL {
                    let text = RichText::new(name).size(theme::BODY_SIZE + 1.0);
                    let response = ui.selectable_label(self.tab == tab, text);
                    if response.on_hover_text(tooltip).clicked() {
                        self.tab = tab;
                    }
                }
                if state.settings.depth == Depth::Lab {
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        let unfolded = !self.settings_are_folded;
                        let text = match (unfolded, ui.available_width() < 100.0) {
                            (true, true) => "»",
                            (false, true) => "«",
                            (true, false) => "Settings »",
                            (false, false) => "« Settings",
                        };
                        let response = ui.selectable_label(false, text);
                        if response
                            .on_hover_text("Show or hide the settings")
                            .clicked()
                        {
                            self.settings_are_folded = unfolded;
                        }
                    });
                }
            });
            ui.add_space(2.0);
            let room = ui.available_size();
            let needed = room.max(SMALLEST_TAB);
            if needed == room {
                self.tab_content(ui, state, commands);
                return;
            }
            ScrollArea::both().auto_shrink(false).show(ui, |ui| {
                ui.allocate_ui(needed, |ui| {
                    ui.set_min_size(needed);
                    self.tab_content(ui, state, commands);
                });
            });
        });
    }

    fn tab_content(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        match self.tab {
            Tab::Network => self.network.ui(ui, state, commands),
            Tab::Weights => self.weights.ui(ui, state, commands),
            Tab::Mistakes => self.mistakes.ui(ui, state, commands),
        }
    }

    fn right(
        &mut self,
        ui: &mut Ui,
        frame: Frame,
        state: &AppState,
        commands: &mut Vec<AppCommand>,
    ) {
        let mut unfolded = !self.settings_are_folded;
        Panel::right("settings")
            .frame(frame)
            .default_size(306.0)
            .size_range(250.0..=460.0)
            .show_collapsible(ui, &mut unfolded, |ui| {
                let width = ui.available_width();
                // Both ways, so that a long row scrolls instead of pushing the panel wider.
                ScrollArea::both().auto_shrink(false).show(ui, |ui| {
                    ui.set_max_width(width);
                    self.settings.ui(ui, state, commands);
                });
            });
        self.settings_are_folded = !unfolded;
    }
}
