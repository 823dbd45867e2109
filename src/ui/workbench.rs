//! What stands beside the pad: the tabs in the centre, the curves beneath, the settings at the right.

use super::backprop_panel::BackpropPanel;
use super::curves_panel::CurvesPanel;
use super::lesson_panel;
use super::mistakes_panel::MistakesPanel;
use super::my_digits_panel::MyDigitsPanel;
use super::network_panel::NetworkPanel;
use super::settings_panel::SettingsPanel;
use super::theme;
use super::weights_panel::WeightsPanel;
use super::why_panel::WhyPanel;
use crate::app::{AppCommand, AppState, Depth, Tab};
use egui::{
    Align, CentralPanel, Frame, Id, Layout, Margin, Panel, RichText, ScrollArea, Ui, Vec2, vec2,
};
use serde::{Deserialize, Serialize};

/// A tab with less room scrolls, so that nothing in it lies over something else.
const SMALLEST_TAB: Vec2 = vec2(540.0, 340.0);

/// Everything that the depth 'Draw' leaves out.
#[derive(Default)]
pub struct Workbench {
    network: NetworkPanel,
    weights: WeightsPanel,
    backprop: BackpropPanel,
    why: WhyPanel,
    mistakes: MistakesPanel,
    my_digits: MyDigitsPanel,
    /// The tab of the frame before: where the settings cover the centre, another one uncovers it.
    shown: Option<Tab>,
    curves: CurvesPanel,
    settings: SettingsPanel,
}

/// What is kept from start to start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Choice {
    settings_are_folded: bool,
}

/// Height of the curves with their row of choices.
const SMALLEST_CURVES: f32 = 120.0;

/// Below this height a third for the curves would leave a tab too little.
const LOW: f32 = 640.0;

/// Below this width the settings do not stand beside the centre but in its place.
const ROOM_FOR_BOTH: f32 = 860.0;

impl Workbench {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let kept = Id::unique("workbench");
        let before: Choice = ui
            .data_mut(|data| data.get_persisted(kept))
            .unwrap_or_default();
        let mut choice = before;
        self.show(ui, state, &mut choice, commands);
        if choice != before {
            ui.data_mut(|data| data.insert_persisted(kept, choice));
        }
    }

    fn show(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        choice: &mut Choice,
        commands: &mut Vec<AppCommand>,
    ) {
        let frame = Frame::new().inner_margin(Margin::same(10));
        let has_room = ui.available_width() >= ROOM_FOR_BOTH;
        let tab = state.settings.tab;
        if self.shown.replace(tab).is_some_and(|before| before != tab) {
            choice.settings_are_folded |= !has_room;
        }
        let in_lab = state.settings.depth == Depth::Lab && state.shows_settings();
        if in_lab && has_room {
            self.right(ui, frame, state, choice, commands);
        } else if in_lab && !choice.settings_are_folded {
            CentralPanel::no_frame().frame(frame).show(ui, |ui| {
                tabs(ui, state, choice, true, commands);
                ui.separator();
                self.settings(ui, state, commands);
            });
            return;
        }
        // The microscope needs the height, and a low window has none to spare; whoever drags the edge keeps what was
        // chosen, for each on its own.
        let height = ui.available_height();
        let (id, for_curves) = match tab {
            Tab::Backprop => ("curves beneath the microscope", SMALLEST_CURVES),
            _ if height < LOW => ("curves in a low window", SMALLEST_CURVES),
            _ => ("curves", (height * 0.34).min(230.0)),
        };
        if state.shows_curves() {
            Panel::bottom(id)
                .frame(frame)
                .resizable(true)
                .default_size(for_curves)
                .size_range(SMALLEST_CURVES..=600.0)
                .show(ui, |ui| self.curves.ui(ui, state, commands));
        }
        CentralPanel::no_frame().frame(frame).show(ui, |ui| {
            tabs(ui, state, choice, false, commands);
            ui.add_space(2.0);
            if state.covers_the_tab() {
                lesson_panel::cover(ui);
                return;
            }
            let room = ui.available_size();
            let needed = room.max(SMALLEST_TAB);
            if needed == room {
                self.tab_content(ui, state, tab, commands);
                return;
            }
            ScrollArea::both().auto_shrink(false).show(ui, |ui| {
                ui.allocate_ui(needed, |ui| {
                    ui.set_min_size(needed);
                    self.tab_content(ui, state, tab, commands);
                });
            });
        });
    }

    fn tab_content(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        tab: Tab,
        commands: &mut Vec<AppCommand>,
    ) {
        match tab {
            Tab::Network => self.network.ui(ui, state, commands),
            Tab::Weights => self.weights.ui(ui, state, commands),
            Tab::Backprop => self.backprop.ui(ui, state, commands),
            Tab::Why => self.why.ui(ui, state, commands),
            Tab::Mistakes => self.mistakes.ui(ui, state, commands),
            Tab::MyDigits => self.my_digits.ui(ui, state, commands),
        }
    }

    fn right(
        &mut self,
        ui: &mut Ui,
        frame: Frame,
        state: &AppState,
        choice: &mut Choice,
        commands: &mut Vec<AppCommand>,
    ) {
        let mut unfolded = !choice.settings_are_folded;
        Panel::right("settings")
            .frame(frame)
            .default_size(306.0)
            .size_range(250.0..=460.0)
            .show_collapsible(ui, &mut unfolded, |ui| self.settings(ui, state, commands));
        choice.settings_are_folded = !unfolded;
    }

    fn settings(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let width = ui.available_width();
        // Both ways, so that a long row scrolls instead of pushing the panel wider.
        ScrollArea::both().auto_shrink(false).show(ui, |ui| {
            ui.set_max_width(width);
            self.settings.ui(ui, state, commands);
        });
    }
}

/// The tabs of the centre, and in the lab the button that shows and hides the settings. Where these cover the centre,
/// a tab brings it back.
fn tabs(
    ui: &mut Ui,
    state: &AppState,
    choice: &mut Choice,
    covered: bool,
    commands: &mut Vec<AppCommand>,
) {
    ui.horizontal(|ui| {
        for tab in Tab::ALL {
            let text = RichText::new(tab.name()).size(theme::BODY_SIZE + 1.0);
            let chosen = state.settings.tab == tab && !covered;
            if ui
                .selectable_label(chosen, text)
                .on_hover_text(tab.tooltip())
                .clicked()
            {
                commands.push(AppCommand::ShowTab(tab));
                choice.settings_are_folded |= covered;
            }
        }
        if state.settings.depth != Depth::Lab || !state.shows_settings() {
            return;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let unfolded = !choice.settings_are_folded;
            let text = if unfolded {
                "Settings »"
            } else {
                "« Settings"
            };
            let response = ui.selectable_label(false, text);
            if response
                .on_hover_text("Show or hide the settings")
                .clicked()
            {
                choice.settings_are_folded = unfolded;
            }
        });
    });
}
