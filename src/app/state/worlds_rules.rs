//! What happens in the small worlds.

use super::AppState;
use crate::app::jobs::sentence_case;
use crate::app::{ChainWorld, GraphWorld, MicroscopeView, WorldCommand};
use crate::explain::{Chain, parse_expression};
use std::collections::BTreeMap;

impl WorldCommand {
    /// Whether it can be carried out now; the error says in words why not.
    pub(in crate::app) fn enabled(&self, state: &AppState) -> Result<(), &'static str> {
        let world = &state.worlds.chain;
        match self {
            Self::SetChain(chain) if !fits(chain) => {
                Err("A chain has 2 to 4 layers and ordinary numbers")
            }
            Self::SetChainLearningRate(rate)
                if !(0.0..=ChainWorld::LARGEST_LEARNING_RATE).contains(rate) =>
            {
                Err("The learning rate of the chain is between 0 and 100")
            }
            Self::StepChain | Self::RunChain(true) if world.costs.is_empty() => {
                Err("The numbers of this chain are too large: make them smaller")
            }
            Self::StepChain | Self::RunChain(true) if world.steps() >= ChainWorld::MOST_STEPS => {
                Err("It has made 1,000 steps: go back to the start")
            }
            Self::RestartChain if world.steps() == 0 => Err("It stands at its start"),
            Self::SetNumber { value, .. } if !value.is_finite() => Err("This is no number"),
            Self::SetBiasUnit(unit) if unit.both_ways().is_err() => {
                Err("A unit has inputs, and its numbers are finite")
            }
            _ => Ok(()),
        }
    }
}

impl AppState {
    pub(super) fn change_world(&mut self, command: WorldCommand) {
        if command.enabled(self).is_err() {
            return;
        }
        let worlds = &mut self.worlds;
        match command {
            WorldCommand::Show(world) => {
                worlds.shown = world;
                self.show_microscope_view(MicroscopeView::Worlds);
            }
            WorldCommand::SetChain(chain) => {
                let running = worlds.chain.running;
                worlds.chain = ChainWorld::new(chain, worlds.chain.learning_rate);
                worlds.chain.running = running && worlds.chain.stopped.is_none();
            }
            WorldCommand::SetChainLearningRate(rate) => worlds.chain.learning_rate = rate,
            WorldCommand::StepChain => step(&mut worlds.chain),
            WorldCommand::RunChain(running) => {
                worlds.chain.running = running;
                worlds.chain.stopped = None;
            }
            WorldCommand::RestartChain => {
                let start = worlds.chain.start.clone();
                worlds.chain = ChainWorld::new(start, worlds.chain.learning_rate);
            }
            WorldCommand::SetExpression { text, numbers } => {
                set_expression(&mut worlds.graph, text, numbers);
            }
            WorldCommand::SetNumber { name, value } => {
                worlds.graph.numbers.insert(name, value);
            }
            WorldCommand::ShowBackwardSteps(count) => worlds.graph.backward_steps = count,
            WorldCommand::SetBiasUnit(unit) => worlds.bias_unit = unit,
        }
    }
}

fn fits(chain: &Chain) -> bool {
    Chain::LAYERS.contains(&chain.links.len())
        && chain.network().is_ok()
        && chain.input.is_finite()
        && chain.truth.is_finite()
}

/// One step down. A run ends where a step is refused, where nothing pulls any more, and at the last step.
fn step(world: &mut ChainWorld) {
    world.stopped = None;
    let walked = world
        .chain
        .stepped(world.learning_rate)
        .and_then(|next| Ok((next.pass()?, next)));
    match walked {
        Ok((pass, next)) => {
            world.chain = next;
            world.costs.push(pass.cost);
            world.stopped = if world.steps() >= ChainWorld::MOST_STEPS {
                Some("1,000 steps were made, which is the end of this walk".to_owned())
            } else if pass.gradient_norm() < ChainWorld::SHORTEST_GRADIENT {
                Some(format!(
                    "The gradient has a length of only {:.1e}: hardly anything changes any more",
                    pass.gradient_norm()
                ))
            } else {
                None
            };
        }
        Err(error) => world.stopped = Some(sentence_case(&error.to_string())),
    }
    world.running &= world.stopped.is_none();
}

/// Reads the text; while it cannot be read, the graph of the last one that could stays. New names begin with 1.
fn set_expression(world: &mut GraphWorld, text: String, numbers: BTreeMap<String, f64>) {
    let ordinary = numbers.into_iter().filter(|(_, value)| value.is_finite());
    world.numbers.extend(ordinary);
    match parse_expression(&text) {
        Ok(graph) => {
            for (_, name) in graph.variables() {
                world.numbers.entry(name.to_owned()).or_insert(1.0);
            }
            if graph != world.graph {
                world.backward_steps = None;
            }
            world.graph = graph;
            world.read_text.clone_from(&text);
            world.error = None;
        }
        Err(error) => world.error = Some(error),
    }
    world.text = text;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{AppCommand, Depth, Settings, Tab, World};
    use crate::nn::Activation;

    fn state() -> AppState {
        AppState::new(Settings::default()).0
    }

    fn act(state: &mut AppState, command: WorldCommand) {
        state.handle(AppCommand::InSmallWorld(command));
    }

    fn type_text(state: &mut AppState, text: &str) {
        let command = WorldCommand::SetExpression {
            text: text.into(),
            numbers: BTreeMap::new(),
        };
        act(state, command);
    }

    #[test]
    fn a_world_is_shown_in_its_tab() {
        let mut state = state();
        act(&mut state, WorldCommand::Show(World::Graph));
        assert_eq!(state.worlds.shown, World::Graph);
        assert_eq!(state.settings.tab, Tab::Backprop);
        assert_eq!(state.settings.microscope_view, MicroscopeView::Worlds);
        assert_ne!(state.settings.depth, Depth::Draw);
    }

    #[test]
    fn a_step_lowers_the_cost_and_the_start_can_be_had_again() {
        let mut state = state();
        let start = state.worlds.chain.clone();
        for _ in 0..5 {
            act(&mut state, WorldCommand::StepChain);
        }
        let world = &state.worlds.chain;
        assert_eq!(world.steps(), 5);
        assert!(world.costs.windows(2).all(|pair| pair[1] < pair[0]));
        assert_ne!(world.chain, start.chain);
        act(&mut state, WorldCommand::RestartChain);
        assert_eq!(state.worlds.chain, start);
    }

    #[test]
    fn numbers_set_by_hand_begin_a_new_walk_and_a_learning_rate_does_not() {
        let mut state = state();
        act(&mut state, WorldCommand::StepChain);
        act(&mut state, WorldCommand::SetChainLearningRate(0.25));
        assert_eq!(state.worlds.chain.steps(), 1);
        let mut chain = state.worlds.chain.chain.clone();
        chain.input = 0.3;
        act(&mut state, WorldCommand::SetChain(chain.clone()));
        let world = &state.worlds.chain;
        assert_eq!((world.steps(), world.learning_rate), (0, 0.25));
        assert_eq!((&world.chain, &world.start), (&chain, &chain));
    }

    #[test]
    fn a_chain_that_cannot_be_drawn_or_computed_is_refused() {
        let mut state = state();
        let before = state.worlds.clone();
        let mut chain = before.chain.chain.clone();
        chain.links.truncate(1);
        act(&mut state, WorldCommand::SetChain(chain.clone()));
        chain = before.chain.chain.clone();
        chain.truth = f64::NAN;
        act(&mut state, WorldCommand::SetChain(chain));
        act(&mut state, WorldCommand::SetChainLearningRate(f64::NAN));
        assert_eq!(state.worlds, before);
    }

    #[test]
    fn a_run_ends_with_a_sentence_when_the_walk_leaps_away() {
        let mut state = state();
        let mut chain = state.worlds.chain.chain.clone();
        for link in &mut chain.links {
            link.activation = Activation::Linear;
        }
        act(&mut state, WorldCommand::SetChain(chain));
        act(&mut state, WorldCommand::SetChainLearningRate(50.0));
        act(&mut state, WorldCommand::RunChain(true));
        let mut steps = 0;
        while state.worlds.chain.running && steps < 100 {
            act(&mut state, WorldCommand::StepChain);
            steps += 1;
        }
        let world = &state.worlds.chain;
        let stopped = world.stopped.as_deref().unwrap();
        assert!(
            stopped.starts_with("With the learning rate 50 "),
            "{stopped}"
        );
        assert!(world.costs.iter().all(|cost| cost.is_finite()));
    }

    #[test]
    fn a_run_ends_at_the_bottom_or_after_a_thousand_steps() {
        let mut state = state();
        act(&mut state, WorldCommand::RunChain(true));
        for _ in 0..1200 {
            act(&mut state, WorldCommand::StepChain);
        }
        let world = &state.worlds.chain;
        assert!(!world.running && world.steps() <= ChainWorld::MOST_STEPS);
        assert!(world.stopped.is_some());
    }

    #[test]
    fn a_text_that_cannot_be_read_leaves_the_last_graph_there() {
        let mut state = state();
        type_text(&mut state, "a·b + 2");
        let graph = state.worlds.graph.graph.clone();
        type_text(&mut state, "a·b + ");
        let world = &state.worlds.graph;
        assert_eq!((&world.graph, world.text.as_str()), (&graph, "a·b + "));
        assert_eq!(world.read_text, "a·b + 2");
        assert!(world.error.is_some());
        assert_eq!(world.evaluate().unwrap().result(), 3.0);
    }

    #[test]
    fn a_name_keeps_its_number_while_it_is_not_used() {
        let mut state = state();
        let name = "x".to_owned();
        act(&mut state, WorldCommand::SetNumber { name, value: 7.0 });
        type_text(&mut state, "y");
        type_text(&mut state, "x");
        assert_eq!(state.worlds.graph.evaluate().unwrap().result(), 7.0);
        let name = "x".to_owned();
        let value = f64::NAN;
        act(&mut state, WorldCommand::SetNumber { name, value });
        assert_eq!(state.worlds.graph.evaluate().unwrap().result(), 7.0);
    }

    #[test]
    fn every_known_expression_can_be_read_and_computed() {
        for known in crate::app::KNOWN_EXPRESSIONS {
            let world = GraphWorld::new(&known);
            assert_eq!(world.graph.variables().count(), known.numbers.len());
            assert!(world.evaluate().is_ok(), "{}", known.text);
        }
    }
}
