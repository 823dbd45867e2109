use super::ModelState;
use crate::explain::{PlaneKind, Surface};
use crate::training::TrainingPath;
use std::sync::Arc;

/// The slice through the cost that is drawn, the path of training, and the ball.
#[derive(Clone, Debug, Default)]
pub struct SurfaceState {
    /// The way of the present network, remembered whether anybody looks or not.
    pub path: TrainingPath,
    /// What the user has chosen; `None` while nobody has.
    pub chosen: Option<PlaneKind>,
    /// As fine as it is known so far; it stays while the weights go on changing.
    pub drawn: Option<Surface>,
    /// Where the ball lies, a point of the plane that is drawn.
    pub ball: [f32; 2],
    /// Why the last drawing came to nothing; nothing is drawn without being asked for then.
    pub error: Option<String>,
    /// The network that one from the map took the place of.
    pub(super) before_put: Option<BeforePut>,
    /// Of the model that the path belongs to.
    pub(super) generation: u64,
}

/// What comes back when a network from the map is taken away again.
#[derive(Clone, Debug)]
pub(super) struct BeforePut {
    pub model: Box<ModelState>,
    pub path: TrainingPath,
    /// Of the model that took its place; another one has nothing to give way to.
    pub of_generation: u64,
}

/// Places that a path has to have before it spans a plane.
const ENOUGH_PLACES: usize = 3;

impl SurfaceState {
    /// The plane that is asked for, or else the one that suits: that of the path where there is one.
    pub fn kind(&self) -> PlaneKind {
        match self.chosen {
            Some(kind) => kind,
            None if self.has_path() => PlaneKind::Principal,
            None => PlaneKind::Random { seed: 1 },
        }
    }

    /// Whether the path spans a plane.
    pub fn has_path(&self) -> bool {
        self.path.places().len() >= ENOUGH_PLACES
    }

    /// To the nearest point of the map that is drawn.
    pub(super) fn move_ball(&mut self, at: [f32; 2]) {
        let Some(surface) = &self.drawn else {
            return;
        };
        let frame = surface.grid.frame;
        if at.iter().all(|coordinate| coordinate.is_finite()) {
            let share = frame.share_of(at).map(|share| share.clamp(0.0, 1.0));
            self.ball = frame.at_share(share);
        }
    }

    /// A finer map, or another one: the network under the ball is carried over to it, unless the ball lies where it lay
    /// at first, at the network that the map is drawn around.
    pub(super) fn show(&mut self, surface: Surface) {
        let Some(before) = self.drawn.replace(surface.clone()) else {
            self.ball = [0.0; 2];
            return;
        };
        let now = &surface.slice;
        if self.ball == [0.0; 2] || Arc::ptr_eq(&before.slice, now) {
            return;
        }
        let network = before.slice.plane.network_at(self.ball);
        let carried = network.ok().and_then(|network| now.plane.place(&network));
        self.ball = match carried {
            Some(placed) if now.frame.contains(placed.at) => placed.at,
            _ => [0.0; 2],
        };
    }
}
