use super::accessible::name;
use super::command_button::CommandButton;
use super::data_settings::DataSettings;
use super::nine_ways::NineWays;
use super::number::grouped;
use super::theme::palette;
use crate::app::{AppCommand, AppState, Depth, ThemeChoice};
use crate::data::Augmentation;
use crate::nn::{Activation, BiasInit, Cost, Init, OptimizerKind, Schedule};
use crate::training::{Field, FieldError, Hyperparameters, Preset};
use egui::{ComboBox, DragValue, Grid, RichText, Ui};

/// The settings of the next network and of the training that runs; wrong values are explained at their field.
#[derive(Default)]
pub struct SettingsPanel {
    data: DataSettings,
    nine_ways: NineWays,
}

/// More hidden layers than this make no better reader of digits and no readable window.
const MOST_HIDDEN_LAYERS: usize = 8;

impl SettingsPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let mut edited = state.settings.hyperparameters.clone();
        let errors = edited.check().err().unwrap_or_default();
        presets(ui, commands);
        section(ui, "Network", |ui| network(ui, &mut edited, &errors));
        new_network(ui, state, commands);
        section(ui, "Training", |ui| {
            training(ui, &mut edited, &errors);
            self.nine_ways.ui(ui, state, edited.augmentation);
        });
        if let Some(sentence) = state.applies_to_next_run() {
            ui.label(RichText::new(sentence).color(palette(ui).warning));
        }
        section(ui, "Data", |ui| self.data.ui(ui, state, commands));
        section(ui, "Display", |ui| display(ui, state, commands));
        if edited != state.settings.hyperparameters {
            commands.push(AppCommand::SetHyperparameters(Box::new(edited)));
        }
    }
}

fn section(ui: &mut Ui, title: &str, add_contents: impl FnOnce(&mut Ui)) {
    ui.add_space(8.0);
    egui::CollapsingHeader::new(RichText::new(title).strong())
        .default_open(true)
        .show_unindented(ui, add_contents);
}

fn presets(ui: &mut Ui, commands: &mut Vec<AppCommand>) {
    ui.label(RichText::new("Presets").strong());
    for preset in Preset::ALL {
        let button = ui.button(preset.label());
        if button.on_hover_text(preset.expectation()).clicked() {
            commands.push(AppCommand::ApplyPreset(preset));
        }
        ui.label(
            RichText::new(preset.expectation())
                .small()
                .color(palette(ui).weak_text),
        );
    }
}

fn network(ui: &mut Ui, edited: &mut Hyperparameters, errors: &[FieldError]) {
    hidden_layers(ui, &mut edited.hidden_layers);
    error_line(ui, errors, Field::HiddenLayers);
    Grid::new("network settings").num_columns(2).show(ui, |ui| {
        choice(
            ui,
            "Hidden activation",
            &mut edited.hidden_activation,
            &hidden_activations(),
            Activation::label,
        );
        error_row(ui, errors, Field::HiddenActivation);
        choice(
            ui,
            "Output activation",
            &mut edited.output_activation,
            &Activation::ALL,
            Activation::label,
        );
        error_row(ui, errors, Field::OutputActivation);
        choice(ui, "Cost", &mut edited.cost, &Cost::ALL, Cost::label);
        error_row(ui, errors, Field::Cost);
        choice(
            ui,
            "Weights start",
            &mut edited.init,
            &Init::ALL,
            Init::label,
        );
        choice(
            ui,
            "Biases start",
            &mut edited.bias_init,
            &BiasInit::ALL,
            BiasInit::label,
        );
        number(ui, "Seed", DragValue::new(&mut edited.seed).speed(1.0));
    });
}

fn hidden_activations() -> Vec<Activation> {
    Activation::ALL
        .into_iter()
        .filter(|&activation| activation != Activation::Softmax)
        .collect()
}

fn hidden_layers(ui: &mut Ui, layers: &mut Vec<usize>) {
    ui.horizontal_wrapped(|ui| {
        ui.label("Layers");
        ui.label(RichText::new("784").monospace());
        let mut removed = None;
        for (index, units) in layers.iter_mut().enumerate() {
            let field = ui.add(
                DragValue::new(units)
                    .speed(1.0)
                    .range(0..=100_000)
                    .update_while_editing(false),
            );
            name(&field, &format!("Units of hidden layer {}", index + 1));
            let remove = ui.small_button("−");
            name(&remove, &format!("Remove hidden layer {}", index + 1));
            if remove.on_hover_text("Remove this layer").clicked() {
                removed = Some(index);
            }
        }
        if let Some(index) = removed {
            layers.remove(index);
        }
        ui.label(RichText::new("10").monospace());
        let room = layers.len() < MOST_HIDDEN_LAYERS;
        if ui.add_enabled(room, egui::Button::new("+ layer")).clicked() {
            layers.push(layers.last().copied().unwrap_or(30));
        }
    });
}

/// What would be made of the settings, and the button that makes it.
fn new_network(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    let count = state.settings.hyperparameters.parameter_count();
    ui.label(format!("{} weights and biases", grouped(count)));
    if let Some(sentence) = state.needs_new_weights() {
        ui.label(RichText::new(sentence).color(palette(ui).warning));
    }
    command_button(ui, state, &AppCommand::NewNetwork, commands);
}

fn command_button(
    ui: &mut Ui,
    state: &AppState,
    command: &AppCommand,
    commands: &mut Vec<AppCommand>,
) {
    CommandButton::text(command, command.info().text).show(ui, state, commands, None);
}

fn training(ui: &mut Ui, edited: &mut Hyperparameters, errors: &[FieldError]) {
    Grid::new("training settings")
        .num_columns(2)
        .show(ui, |ui| {
            choice(
                ui,
                "Optimiser",
                &mut edited.optimizer,
                &OptimizerKind::ALL,
                OptimizerKind::label,
            );
            number(ui, "Learning rate η", rate(&mut edited.learning_rate));
            error_row(ui, errors, Field::LearningRate);
            if edited.optimizer.uses_momentum() {
                number(
                    ui,
                    "Momentum μ",
                    DragValue::new(&mut edited.momentum)
                        .speed(0.005)
                        .max_decimals(4),
                );
                error_row(ui, errors, Field::Momentum);
            }
            choice(
                ui,
                "Schedule",
                &mut edited.schedule,
                &Schedule::ALL,
                Schedule::label,
            );
            number(
                ui,
                "Batch size",
                DragValue::new(&mut edited.batch_size).speed(0.5),
            );
            error_row(ui, errors, Field::BatchSize);
            number(ui, "Epochs", DragValue::new(&mut edited.epochs).speed(0.1));
            error_row(ui, errors, Field::Epochs);
            number(ui, "Weight decay λ", rate(&mut edited.weight_decay));
            error_row(ui, errors, Field::WeightDecay);
            choice(
                ui,
                "Augmentation",
                &mut edited.augmentation,
                &Augmentation::ALL,
                Augmentation::label,
            );
            number(
                ui,
                "Threads",
                DragValue::new(&mut edited.threads).speed(0.05),
            );
            error_row(ui, errors, Field::Threads);
        });
}

/// A field for values that people think of in powers of ten.
fn rate(value: &mut f32) -> DragValue<'_> {
    let speed = f64::from(value.abs().max(1e-6)) * 0.02;
    DragValue::new(value).speed(speed).max_decimals(7)
}

fn display(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    Grid::new("display settings").num_columns(2).show(ui, |ui| {
        let mut theme = state.settings.theme;
        let label = |theme: ThemeChoice| match theme {
            ThemeChoice::System => "As the system",
            ThemeChoice::Dark => "Dark",
            ThemeChoice::Light => "Light",
        };
        choice(
            ui,
            "Theme",
            &mut theme,
            &[ThemeChoice::System, ThemeChoice::Dark, ThemeChoice::Light],
            label,
        );
        if theme != state.settings.theme {
            commands.push(AppCommand::SetTheme(theme));
        }
        let mut depth = state.settings.depth;
        let label = |depth: Depth| match depth {
            Depth::Draw => "Draw",
            Depth::Learn => "Learn",
            Depth::Lab => "Lab",
        };
        choice(
            ui,
            "Depth",
            &mut depth,
            &[Depth::Draw, Depth::Learn, Depth::Lab],
            label,
        );
        if depth != state.settings.depth {
            commands.push(AppCommand::SetDepth(depth));
        }
        let mut zoom = state.settings.zoom;
        number(
            ui,
            "Zoom",
            DragValue::new(&mut zoom)
                .speed(0.01)
                .range(0.5..=3.0)
                .max_decimals(2),
        );
        if zoom != state.settings.zoom {
            commands.push(AppCommand::SetZoom(zoom));
        }
    });
}

/// One row of a grid: a label and a list to choose from.
fn choice<T: Copy + PartialEq>(
    ui: &mut Ui,
    label: &str,
    value: &mut T,
    options: &[T],
    name_of: impl Fn(T) -> &'static str,
) {
    ui.label(label);
    let combo = ComboBox::from_id_salt(label)
        .selected_text(name_of(*value))
        .width(150.0)
        .truncate();
    let response = combo.show_ui(ui, |ui| {
        for &option in options {
            ui.selectable_value(value, option, name_of(option));
        }
    });
    name(&response.response, label);
    ui.end_row();
}

/// One row of a grid: a label and a number.
fn number(ui: &mut Ui, label: &str, field: DragValue<'_>) {
    let label = ui.label(label);
    // A number that is still being typed (1e-3 begins with 1) must not reach a network that learns.
    ui.add(field.update_while_editing(false))
        .labelled_by(label.id);
    ui.end_row();
}

fn error_row(ui: &mut Ui, errors: &[FieldError], field: Field) {
    if errors.iter().any(|error| error.field == field) {
        ui.label("");
        ui.vertical(|ui| error_line(ui, errors, field));
        ui.end_row();
    }
}

fn error_line(ui: &mut Ui, errors: &[FieldError], field: Field) {
    for error in errors.iter().filter(|error| error.field == field) {
        ui.label(RichText::new(format!("! {}", error.message)).color(palette(ui).error));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Settings;
    use crate::ui::theme;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;

    struct Shown {
        panel: SettingsPanel,
        state: AppState,
        commands: Vec<AppCommand>,
    }

    fn shown(edit: impl FnOnce(&mut Hyperparameters)) -> Harness<'static, Shown> {
        let mut state = AppState::new(Settings::default()).0;
        edit(&mut state.settings.hyperparameters);
        Harness::builder()
            .with_size(egui::vec2(306.0, 1400.0))
            .with_context_setup(theme::install)
            .build_ui_state(
                |ui, shown: &mut Shown| {
                    shown.panel.ui(ui, &shown.state, &mut shown.commands);
                },
                Shown {
                    panel: SettingsPanel::default(),
                    state,
                    commands: Vec::new(),
                },
            )
    }

    /// The settings that the panel last asked for.
    fn asked(harness: &Harness<'_, Shown>) -> Option<Hyperparameters> {
        let commands = harness.state().commands.iter().rev();
        commands
            .filter_map(|command| match command {
                AppCommand::SetHyperparameters(hyperparameters) => {
                    Some((**hyperparameters).clone())
                }
                _ => None,
            })
            .next()
    }

    #[test]
    fn wrong_values_are_explained_at_their_field() {
        let harness = shown(|settings| {
            settings.batch_size = 0;
            settings.cost = Cost::CrossEntropy;
            settings.output_activation = Activation::Tanh;
        });
        let errors = harness
            .state()
            .state
            .settings
            .hyperparameters
            .check()
            .unwrap_err();
        assert!(errors.len() >= 2, "{errors:?}");
        for error in errors {
            harness.get_by_label(&format!("! {}", error.message));
        }
    }

    #[test]
    fn right_settings_have_no_warnings_and_ask_for_nothing() {
        let harness = shown(|_| {});
        assert!(harness.query_by_label_contains("! ").is_none());
        assert!(harness.state().commands.is_empty());
    }

    #[test]
    fn layers_are_added_and_removed() {
        let mut harness = shown(|settings| settings.hidden_layers = vec![128, 64]);
        harness.get_by_label("+ layer").click();
        harness.run();
        assert_eq!(asked(&harness).unwrap().hidden_layers, [128, 64, 64]);
        harness.get_by_label("Remove hidden layer 1").click();
        harness.run();
        assert_eq!(asked(&harness).unwrap().hidden_layers, [64]);
    }

    #[test]
    fn a_preset_is_one_press_with_its_expectation_beside_it() {
        let mut harness = shown(|_| {});
        harness.get_by_label(Preset::Textbook.expectation());
        harness.get_by_label(Preset::Textbook.label()).click();
        harness.run();
        let preset = AppCommand::ApplyPreset(Preset::Textbook);
        assert!(harness.state().commands.contains(&preset));
    }
}
