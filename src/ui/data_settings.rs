use super::accessible::name;
use super::command_button::CommandButton;
use super::number::grouped;
use super::theme::palette;
use crate::app::{AppCommand, AppState};
use crate::data::{DataSource, Part};
use egui::{Grid, RichText, Slider, SliderClamping, Ui};

/// The share that a part keeps at least, in percent.
const SMALLEST_SHARE: f32 = 1.0;

/// What is learned from: a set of digits or several as one, and how much of an epoch each gives.
#[derive(Debug, Default)]
pub struct DataSettings {
    /// Shares that are being chosen. They are used when that is asked for: reading takes seconds, a slider moves
    /// many times in one.
    draft: Option<Draft>,
}

#[derive(Clone, Debug, PartialEq)]
struct Draft {
    /// The mix in use when the choosing began.
    begun_from: DataSource,
    parts: Vec<Part>,
}

impl DataSettings {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        sources(ui, state, commands);
        if let DataSource::Mix(parts) = &state.data.source {
            ui.indent("shares", |ui| {
                self.shares(ui, &state.data.source, parts, commands)
            });
        }
        ui.horizontal_wrapped(|ui| {
            for command in [
                AppCommand::OpenDataFolder,
                AppCommand::OpenDataFile,
                AppCommand::FetchMnist,
            ] {
                let text = command.info().text;
                CommandButton::text(&command, text).show(ui, state, commands, None);
            }
        });
        in_use(ui, state);
    }

    /// Whether shares count, a slider for each part, and the button that uses them.
    fn shares(
        &mut self,
        ui: &mut Ui,
        source: &DataSource,
        parts: &[Part],
        commands: &mut Vec<AppCommand>,
    ) {
        let in_use = Draft {
            begun_from: source.clone(),
            parts: parts.to_vec(),
        };
        let mut draft = match self.draft.take() {
            // Another mix was chosen meanwhile.
            Some(draft) if draft.begun_from == *source => draft,
            _ => in_use.clone(),
        };
        let mut shared = draft.parts.iter().all(|part| part.share.is_some());
        let hint = "Off: every digit of each part comes once an epoch";
        if ui
            .checkbox(&mut shared, "Shares of an epoch")
            .on_hover_text(hint)
            .changed()
        {
            let equal = 100.0 / draft.parts.len().max(1) as f32;
            for part in &mut draft.parts {
                part.share = shared.then_some(equal);
            }
        }
        if shared {
            percentages(ui, &mut draft.parts);
        }
        if draft != in_use {
            let text = if shared {
                "Use these shares"
            } else {
                "Use every digit once"
            };
            let tooltip = "Read the data anew; a run that goes on is ended, its weights are kept";
            if ui.button(text).on_hover_text(tooltip).clicked() {
                let mix = DataSource::Mix(draft.parts.clone());
                commands.push(AppCommand::ChooseData(mix));
            }
        }
        self.draft = Some(draft);
    }
}

/// What can be chosen; a file or a folder once it was opened, alone and beside the others.
fn sources(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    let chosen = &state.data.source;
    let mut offered = vec![
        DataSource::Mnist,
        DataSource::Practice,
        DataSource::mix([DataSource::Mnist, DataSource::Practice]),
    ];
    for own in chosen.parts() {
        if offered.contains(own) {
            continue;
        }
        offered.push(own.clone());
        offered.push(DataSource::mix([
            DataSource::Mnist,
            DataSource::Practice,
            own.clone(),
        ]));
    }
    if !offered.iter().any(|source| source.has_the_parts_of(chosen)) {
        offered.push(chosen.clone());
    }
    for source in offered {
        let is_chosen = source.has_the_parts_of(chosen);
        let radio = ui.radio(is_chosen, source.label());
        let radio = match &source {
            DataSource::Path(path) => radio.on_hover_text(path.display().to_string()),
            _ => radio,
        };
        if radio.clicked() && !is_chosen {
            commands.push(AppCommand::ChooseData(source));
        }
    }
}

/// A slider for the percentage of each part; what one gives the others take, so that they stay a hundred.
fn percentages(ui: &mut Ui, parts: &mut [Part]) {
    let sum: f32 = parts.iter().filter_map(|part| part.share).sum();
    let mut percent: Vec<f32> = parts
        .iter()
        .map(|part| 100.0 * part.share.unwrap_or_default() / sum)
        // Settings that were written by hand may hold any number.
        .map(|percent| if percent.is_finite() { percent } else { 0.0 })
        .collect();
    let most = 100.0 - SMALLEST_SHARE * (parts.len().max(2) - 1) as f32;
    let mut moved = None;
    for (index, part) in parts.iter().enumerate() {
        let label = part.source.label();
        ui.label(&label);
        let slider = Slider::new(&mut percent[index], SMALLEST_SHARE..=most)
            .step_by(1.0)
            // A third stays a third until it is moved.
            .clamping(SliderClamping::Edits)
            .suffix(" %")
            .max_decimals(1);
        let slider = ui.add(slider);
        name(&slider, &format!("Share of {label}"));
        if slider.changed() {
            moved = Some(index);
        }
    }
    if let Some(moved) = moved {
        give_the_rest(&mut percent, moved);
        for (part, percent) in parts.iter_mut().zip(percent) {
            part.share = Some(percent);
        }
    }
}

/// Leaves `percent[moved]` as it is and brings the others to what remains of 100, in their proportions.
fn give_the_rest(percent: &mut [f32], moved: usize) {
    let others: f32 = percent.iter().sum::<f32>() - percent[moved];
    let rest = 100.0 - percent[moved];
    let count = (percent.len() - 1) as f32;
    // First the least that each keeps, then the rest in proportion, so that no slider is pushed out of its range.
    let spare = rest - SMALLEST_SHARE * count;
    let other_spare = others - SMALLEST_SHARE * count;
    for (index, value) in percent.iter_mut().enumerate() {
        if index != moved {
            *value = if other_spare > 0.0 {
                SMALLEST_SHARE + (*value - SMALLEST_SHARE) * spare / other_spare
            } else {
                rest / count
            };
        }
    }
}

/// How many digits were read, and what is to be known of the reading.
fn in_use(ui: &mut Ui, state: &AppState) {
    if let Some(sets) = &state.data.sets {
        Grid::new("data in use").num_columns(2).show(ui, |ui| {
            for (label, count) in [
                ("Train", sets.train.len()),
                ("Validation", sets.validation.len()),
                ("Test", sets.test.len()),
            ] {
                ui.label(label);
                ui.label(match count {
                    0 => "none".to_owned(),
                    count => grouped(count),
                });
                ui.end_row();
            }
        });
        for note in &sets.notes {
            ui.label(RichText::new(note).color(palette(ui).weak_text));
        }
    }
    if let Some(error) = &state.data.error {
        ui.label(RichText::new(format!("! {error}")).color(palette(ui).error));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Settings;
    use crate::ui::theme;
    use egui::accesskit::Role;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;

    struct Shown {
        panel: DataSettings,
        state: AppState,
        commands: Vec<AppCommand>,
    }

    fn shown(source: &str) -> Harness<'static, Shown> {
        let mut state = AppState::new(Settings::default()).0;
        state.data.source = DataSource::parse(source).unwrap();
        Harness::builder()
            .with_size(egui::vec2(306.0, 500.0))
            .with_context_setup(theme::install)
            .build_ui_state(
                |ui, shown: &mut Shown| {
                    shown.panel.ui(ui, &shown.state, &mut shown.commands);
                },
                Shown {
                    panel: DataSettings::default(),
                    state,
                    commands: Vec::new(),
                },
            )
    }

    fn asked(harness: &Harness<'_, Shown>) -> Option<DataSource> {
        match harness.state().commands.last() {
            Some(AppCommand::ChooseData(source)) => Some(source.clone()),
            _ => None,
        }
    }

    #[test]
    fn mnist_and_practice_digits_together_are_one_press() {
        let mut harness = shown("practice");
        assert!(harness.query_by_role(Role::Slider).is_none());
        harness.get_by_label("MNIST + Practice digits").click();
        harness.run();
        assert_eq!(asked(&harness), DataSource::parse("mnist+practice").ok());
    }

    #[test]
    fn a_file_that_was_opened_is_offered_beside_the_others() {
        let mut harness = shown("my/strokes.jsonl");
        harness.get_by_label("strokes.jsonl");
        let label = "MNIST + Practice digits + strokes.jsonl";
        harness.get_by_label(label).click();
        harness.run();
        let all = DataSource::parse("mnist+practice+my/strokes.jsonl");
        assert_eq!(asked(&harness), all.ok());
    }

    #[test]
    fn shares_are_chosen_with_named_sliders_and_then_used() {
        let mut harness = shown("mnist+practice");
        assert!(harness.query_by_label("Use these shares").is_none());
        harness.get_by_label("Shares of an epoch").click();
        harness.run();
        for part in ["MNIST", "Practice digits"] {
            harness.get_by_label(&format!("Share of {part}"));
        }
        assert_eq!(asked(&harness), None);
        harness.get_by_label("Use these shares").click();
        harness.run();
        let halves = DataSource::parse("mnist:50+practice:50");
        assert_eq!(asked(&harness), halves.ok());
    }

    #[test]
    fn shares_in_use_ask_for_nothing() {
        let mut harness = shown("mnist:2+practice:1");
        harness.run();
        harness.get_by_label("Share of MNIST");
        assert!(harness.query_by_label("Use these shares").is_none());
        assert!(harness.state().commands.is_empty());
        harness.get_by_label("Shares of an epoch").click();
        harness.run();
        harness.get_by_label("Use every digit once").click();
        harness.run();
        assert_eq!(asked(&harness), DataSource::parse("mnist+practice").ok());
    }

    #[test]
    fn what_one_part_gives_the_others_take_in_their_proportions() {
        let mut percent = [61.0, 21.0, 31.0];
        give_the_rest(&mut percent, 0);
        // Of the 39 left each keeps 1, and 20 : 30 share the other 37.
        let expected = [61.0, 1.0 + 0.4 * 37.0, 1.0 + 0.6 * 37.0];
        assert!(
            percent
                .iter()
                .zip(expected)
                .all(|(a, b)| (a - b).abs() < 1e-3),
            "{percent:?}"
        );
        let mut percent = [98.0, 98.0, 1.0];
        give_the_rest(&mut percent, 0);
        assert_eq!(percent, [98.0, 1.0, 1.0]);
        let mut two = [30.0, 50.0];
        give_the_rest(&mut two, 0);
        assert_eq!(two, [30.0, 70.0]);
    }
}
