use super::{Places, UnitPlace, between};
use crate::explain::{ExamplePass, Parameter, Step};
use crate::ui::backprop_panel::example::examination::Examination;
use crate::ui::marks::Batch;
use crate::ui::network_panel::edges::strongest;
use crate::ui::theme::Palette;
use egui::{Pos2, Rect, Stroke, Ui};
use ndarray::Array2;

/// The strongest connections of a step.
#[derive(Default)]
pub struct Links {
    made: Option<(Key, Vec<Link>)>,
    /// What they stand for, and the layer of their weights (from 1).
    meaning: Option<(&'static str, usize)>,
}

#[derive(PartialEq)]
struct Key {
    serial: u64,
    step: Step,
    chosen: Option<UnitPlace>,
    /// How many units of each layer have a place in the strip.
    shown: Vec<usize>,
}

/// One connection, with a strength between −1 and 1.
struct Link {
    parameter: Parameter,
    strength: f32,
}

/// So many are drawn between two layers.
const MOST: usize = 40;
/// So near has the pointer to come to a connection.
const REACH: f32 = 4.0;

impl Links {
    /// Finds them anew when what they are found from has changed.
    pub fn refresh(
        &mut self,
        places: &Places,
        examination: &Examination,
        step: Step,
        chosen: Option<UnitPlace>,
    ) {
        let shown = places.columns.iter();
        let key = Key {
            serial: examination.serial,
            step,
            chosen,
            shown: shown
                .map(|column| column.shown_of_more().map_or(0, <[usize]>::len))
                .collect(),
        };
        if self.made.as_ref().is_some_and(|(made, _)| *made == key) {
            return;
        }
        self.meaning = meaning(step);
        let links = match self.meaning {
            Some((_, layer)) => find(places, &examination.pass, step, layer, chosen),
            None => Vec::new(),
        };
        self.made = Some((key, links));
    }

    pub fn paint(&self, batch: &mut Batch, places: &Places, palette: &Palette) {
        for (link, from, to) in self.lines(places) {
            let size = link.strength.abs();
            let color = palette
                .diverging(link.strength.signum())
                .gamma_multiply(0.25 + 0.75 * size);
            batch.line([from, to], Stroke::new(0.6 + 1.8 * size, color));
        }
    }

    /// What the connections stand for and which way the step goes, above them.
    pub fn caption(&self, ui: &Ui, rect: Rect, places: &Places, palette: &Palette) {
        if let Some((text, layer)) = self.meaning {
            let x = (places.layer(layer - 1).right() + places.layer(layer).left()) / 2.0;
            between(ui, rect, x, text, palette);
        }
    }

    /// The connection under the pointer.
    pub fn at(&self, places: &Places, at: Pos2) -> Option<Parameter> {
        self.lines(places)
            .map(|(link, from, to)| (link.parameter, distance(at, from, to)))
            .filter(|(_, distance)| *distance < REACH)
            .min_by(|one, other| one.1.total_cmp(&other.1))
            .map(|(parameter, _)| parameter)
    }

    fn lines<'a>(&'a self, places: &'a Places) -> impl Iterator<Item = (&'a Link, Pos2, Pos2)> {
        let links = self.made.iter().flat_map(|(_, links)| links);
        links.filter_map(|link| {
            let from = places.port(UnitPlace::origin(link.parameter)?, 1.0)?;
            let to = places.port(UnitPlace::target(link.parameter), -1.0)?;
            Some((link, from, to))
        })
    }
}

/// What the connections of a step stand for, and the layer of their weights.
fn meaning(step: Step) -> Option<(&'static str, usize)> {
    match step {
        Step::Forward { layer } => Some(("w·a →", layer)),
        Step::Gradients { layer } => Some(("∂C/∂w", layer)),
        Step::Wishes { layer } | Step::Delta { layer } => Some(("← −δ·w", layer + 1)),
        Step::Input | Step::Cost | Step::OutputDelta | Step::Update | Step::ForwardAgain => None,
    }
}

fn find(
    places: &Places,
    pass: &ExamplePass,
    step: Step,
    layer: usize,
    chosen: Option<UnitPlace>,
) -> Vec<Link> {
    let before = layer - 1;
    let is_shown = |place: UnitPlace| places.position(place).is_some();
    let wanted = |from: usize, to: usize| {
        let (from, to) = (
            UnitPlace {
                layer: before,
                unit: from,
            },
            UnitPlace { layer, unit: to },
        );
        let touches = chosen
            .filter(|chosen| chosen.layer == before || chosen.layer == layer)
            .is_none_or(|chosen| chosen == from || chosen == to);
        touches && is_shown(from) && is_shown(to)
    };
    let found = match step {
        Step::Gradients { .. } => {
            let gradients = pass.gradients.weights[before].view();
            strongest(gradients, |_| 1.0, MOST, wanted)
        }
        Step::Wishes { .. } | Step::Delta { .. } => {
            let weights = &pass.network.layers()[before].weights;
            let wishes: Array2<f32> = weights * &pass.delta(layer).mapv(|delta| -delta);
            strongest(wishes.view(), |_| 1.0, MOST, wanted)
        }
        _ => {
            let weights = pass.network.layers()[before].weights.view();
            let a = pass.a(before);
            strongest(weights, |from| a[from], MOST, wanted)
        }
    };
    let most = found.first().map_or(1.0, |(_, _, strength)| strength.abs());
    // The strongest are painted last, over the others.
    found
        .into_iter()
        .rev()
        .map(|(from, to, strength)| Link {
            parameter: Parameter::Weight {
                layer: before,
                from,
                to,
            },
            strength: strength / most,
        })
        .collect()
}

/// Of a point from the piece of line between `from` and `to`.
fn distance(at: Pos2, from: Pos2, to: Pos2) -> f32 {
    let way = to - from;
    let length = way.length_sq();
    let share = if length > 0.0 {
        ((at - from).dot(way) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (at - (from + way * share)).length()
}

#[cfg(test)]
mod tests {
    use super::distance;
    use egui::pos2;

    #[test]
    fn the_distance_from_a_piece_of_line_ends_at_its_ends() {
        let (from, to) = (pos2(0.0, 0.0), pos2(10.0, 0.0));
        assert_eq!(distance(pos2(5.0, 3.0), from, to), 3.0);
        assert_eq!(distance(pos2(13.0, 4.0), from, to), 5.0);
        assert_eq!(distance(pos2(2.0, 0.0), from, from), 2.0);
    }
}
