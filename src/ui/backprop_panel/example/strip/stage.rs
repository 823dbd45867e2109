use super::{Places, UnitPlace};
use crate::explain::{ExamplePass, Step, short, signed};
use crate::ui::backprop_panel::example::examination::Examination;
use crate::ui::marks::Batch;
use crate::ui::network_panel::layout::Kind;
use crate::ui::theme::Palette;
use egui::Color32;
use ndarray::ArrayView1;

/// What the walk knows of every layer at a step.
pub struct Stage<'a> {
    pub step: Step,
    pub pass: &'a ExamplePass,
    /// What the changed network answers.
    pub after: &'a [f32],
    /// The place of the step among all.
    index: usize,
    steps: Vec<Step>,
}

/// What is known of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Nothing,
    Activations,
    /// `−∂C/∂a`
    Wishes,
    /// `δ`
    Delta,
}

impl<'a> Stage<'a> {
    pub fn new(examination: &'a Examination, step: Step) -> Self {
        let pass = &examination.pass;
        let steps = Step::all(pass.layers());
        Self {
            step,
            pass,
            after: &examination.update.outputs,
            index: steps.iter().position(|other| *other == step).unwrap_or(0),
            steps,
        }
    }

    /// Whether the walk has come to `step`.
    pub fn has_reached(&self, step: Step) -> bool {
        let place = self.steps.iter().position(|other| *other == step);
        place.is_some_and(|place| place <= self.index)
    }

    pub fn known(&self, layer: usize) -> Known {
        let delta = if layer == self.pass.layers() {
            Step::OutputDelta
        } else {
            Step::Delta { layer }
        };
        if self.step == Step::ForwardAgain {
            Known::Activations
        } else if self.has_reached(delta) {
            Known::Delta
        } else if self.has_reached(Step::Wishes { layer }) {
            Known::Wishes
        } else if layer == 0 || self.has_reached(Step::Forward { layer }) {
            Known::Activations
        } else {
            Known::Nothing
        }
    }

    pub fn units(&self, layer: usize) -> usize {
        self.pass.a(layer).len()
    }

    /// What the outputs show at this step.
    pub fn shows(&self) -> &'static str {
        match self.known(self.pass.layers()) {
            Known::Nothing => "not yet",
            _ if self.step == Step::ForwardAgain => "a before and after",
            _ if self.has_reached(Step::Cost) => "a, and y − a",
            _ => "a",
        }
    }

    /// The disc of every unit of the hidden layers, in the colour of what is known of it.
    pub fn paint_units(&self, batch: &mut Batch, places: &Places, palette: &Palette) {
        for (layer, column) in places.columns.iter().enumerate() {
            let Kind::Units { shown, radius, .. } = &column.kind else {
                continue;
            };
            let colors = self.colors(layer, palette);
            for &unit in shown {
                let Some(at) = column.position(unit) else {
                    continue;
                };
                let color = colors.get(unit).copied().flatten();
                batch.disc(at, *radius, color.unwrap_or(palette.panel));
                batch.ring(at, *radius, palette.outline);
            }
        }
    }

    /// The colour of each unit; `None` where nothing is known yet.
    fn colors(&self, layer: usize, palette: &Palette) -> Vec<Option<Color32>> {
        let largest = |values: &ArrayView1<'_, f32>| {
            let sizes = values.iter().map(|value| value.abs());
            sizes.filter(|size| size.is_finite()).fold(1e-30, f32::max)
        };
        let diverging = |values: ArrayView1<'_, f32>, sign: f32| {
            let most = largest(&values);
            let colors = values
                .iter()
                .map(|value| Some(palette.diverging(sign * value / most)));
            colors.collect()
        };
        match self.known(layer) {
            Known::Nothing => vec![None; self.units(layer)],
            Known::Activations => {
                let values = self.pass.a(layer);
                let most = largest(&values);
                // Activations below zero, of tanh and its kin, are told apart by the colour of that side.
                let color = |a: f32| match a {
                    a if a < 0.0 => palette.diverging(a / most),
                    a => palette.sequential(a / most),
                };
                values.iter().map(|&a| Some(color(a))).collect()
            }
            Known::Wishes => diverging(self.pass.pull(layer), -1.0),
            Known::Delta => diverging(self.pass.delta(layer), 1.0),
        }
    }

    /// A unit with what is known of it.
    pub fn name(&self, place: UnitPlace) -> String {
        let UnitPlace { layer, unit } = place;
        let a = short(self.pass.a(layer)[unit]);
        let kind = match layer {
            0 => "Input",
            layer if layer == self.pass.layers() => "Output",
            _ => "Unit",
        };
        let what = match self.known(layer) {
            Known::Nothing => "not known yet".to_owned(),
            Known::Activations => format!("a = {a}"),
            Known::Wishes => format!(
                "a = {a}, wish −∂C/∂a = {}",
                signed(-self.pass.pull(layer)[unit])
            ),
            Known::Delta => format!("a = {a}, δ = {}", signed(self.pass.delta(layer)[unit])),
        };
        match layer {
            0 => format!("{kind} {unit}: {what}"),
            layer if layer == self.pass.layers() => {
                format!("{kind} {unit}: {what}\nClick to open it")
            }
            _ => format!("{kind} {unit} of layer {layer}: {what}\nClick to open it"),
        }
    }
}
