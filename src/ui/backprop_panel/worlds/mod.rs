//! Worlds so small that every number in them can be followed by hand.

mod bias;
mod chain;
mod graph;
mod slider;

use crate::app::{AppCommand, AppState, World, WorldCommand};
use bias::BiasView;
use chain::ChainView;
use egui::Ui;
use graph::GraphView;

/// A chain of single units, a computation graph, and a unit whose bias is an input.
#[derive(Default)]
pub struct WorldsPanel {
    chain: ChainView,
    graph: GraphView,
    bias: BiasView,
}

impl WorldsPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        ui.horizontal_wrapped(|ui| {
            for world in World::ALL {
                let chosen = state.worlds.shown == world;
                let response = ui.selectable_label(chosen, world.name());
                if response.on_hover_text(world.tooltip()).clicked() {
                    commands.push(AppCommand::InSmallWorld(WorldCommand::Show(world)));
                }
            }
        });
        match state.worlds.shown {
            World::Chain => self.chain.ui(ui, state, commands),
            World::Graph => self.graph.ui(ui, state, commands),
            World::BiasUnit => self.bias.ui(ui, state, commands),
        }
    }
}
