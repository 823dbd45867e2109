use crate::app::{AppState, grouped};
use crate::explain::{Mark, Placed, PlaneKind, Slice, Surface};
use crate::ui::{number, theme};
use egui::{Label, RichText, Ui};
use std::collections::HashMap;
use std::sync::Arc;

/// The path of training as it is seen on the map: every place is put on the plane once.
#[derive(Default)]
pub struct Path {
    of: Option<Arc<Slice>>,
    known: HashMap<u64, Placed>,
    /// In the order of the steps; the last one is the present network.
    places: Vec<Placed>,
    start: Option<Mark>,
    best: Option<Mark>,
}

/// So many places of a path are put on the plane in a frame; the rest follows in the next ones.
const MOST_AT_ONCE: usize = 6;

impl Path {
    /// Puts on the plane what is new since the last frame.
    pub fn follow(&mut self, surface: &Surface, state: &AppState) {
        let slice = &surface.slice;
        if self.of.as_ref().is_none_or(|of| !Arc::ptr_eq(of, slice)) {
            self.of = Some(Arc::clone(slice));
            self.known.clone_from(&slice.path);
            self.best = None;
        }
        self.places.clear();
        let mut new = 0;
        for place in state.surface.path.places().iter().rev() {
            let placed = match self.known.get(&place.id) {
                Some(placed) => *placed,
                None if new == MOST_AT_ONCE => continue,
                None => match slice.plane.place(&place.network) {
                    Some(placed) => {
                        new += 1;
                        self.known.insert(place.id, placed);
                        placed
                    }
                    None => continue,
                },
            };
            self.places.push(placed);
        }
        self.places.reverse();
        let path = &state.surface.path;
        self.start = path.places().first().and_then(|start| {
            Some(Mark {
                step: start.step,
                placed: *self.known.get(&start.id)?,
            })
        });
        self.best = path.best().and_then(|best| match self.best {
            Some(mark) if mark.step == best.step => Some(mark),
            _ => Some(Mark {
                step: best.step,
                placed: slice.plane.place(&best.network)?,
            }),
        });
    }

    /// The networks with a name, but for the present one.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, Mark)> {
        let third = self.of.as_ref().and_then(|slice| slice.third);
        // At first the start is the best there is.
        let start = self.start;
        let best = self.best;
        let best = best.filter(|best| start.is_none_or(|start| start.step != best.step));
        let named = [("start", start), ("best", best), ("third", third)];
        named
            .into_iter()
            .filter_map(|(name, mark)| Some((name, mark?)))
    }

    pub fn places(&self) -> &[Placed] {
        &self.places
    }

    /// Where the present network is.
    pub fn now(&self) -> Option<Placed> {
        self.places.last().copied()
    }

    /// The present network lies outside the map.
    pub fn has_left(&self) -> bool {
        match (&self.of, self.now()) {
            (Some(slice), Some(now)) => !slice.frame.contains(now.at),
            _ => false,
        }
    }
}

/// What the two directions are, and how far the present network lies beside the plane.
pub fn caption(ui: &mut Ui, state: &AppState, surface: &Surface, path: &Path) {
    let slice = &surface.slice;
    let directions = match (slice.kind, slice.shares) {
        (PlaneKind::Random { seed }, _) => {
            format!(
                "→ and ↑ are drawn with seed {seed}; the edges are one length of the weights away"
            )
        }
        (PlaneKind::ThreeNetworks, _) => {
            "→ leads from the start to the network of the map, ↑ aside at a right angle".to_owned()
        }
        (_, Some([first, second])) => format!(
            "→ holds {} of all movement, ↑ another {}",
            percent(first),
            percent(second)
        ),
        (_, None) => String::new(),
    };
    let width = 2.0 * slice.frame.half * slice.plane.unit_length();
    let beside = path.now().map(|now| match round(now.distance) {
        0.0 => "; the present network lies on it".to_owned(),
        distance => format!(
            "; the network at step {} lies {} beside it, where the cost is another one",
            grouped(state.model.record.steps),
            number::short(distance)
        ),
    });
    let text = format!(
        "{directions}. The map is {} wide (‖Δw‖){}",
        number::short(round(width)),
        beside.unwrap_or_default()
    );
    let weak = theme::palette(ui).weak_text;
    ui.add(Label::new(RichText::new(text).small().color(weak)).wrap());
}

/// What is nothing but rounding is no distance.
fn round(length: f32) -> f32 {
    (length * 1000.0).round() / 1000.0
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}
