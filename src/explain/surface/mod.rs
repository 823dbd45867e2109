//! A slice through the true cost of a network, and the way of training on it.
//!
//! The cost depends on all weights and biases at once, on a hundred thousand numbers. A plane through that space can be
//! looked at: every point of it is a network, and its height is the mean cost of that network over a fixed sample of
//! training examples.

mod contour;
mod directions;
mod grid;
mod plane;
mod principal;
mod seen;
mod slice;
mod walk;
mod weights;

pub use contour::{ContourLine, contour_levels, contour_lines};
pub use grid::{Frame, Grid, log_cost};
pub use plane::{Placed, Plane};
pub use seen::SeenInputs;
pub use slice::{Mark, PlaneKind, Sample, Slice, SliceError, SliceRequest, Surface, draw_surface};
pub use walk::{WALK_FACTOR, WALK_STEPS, Walk, WalkStep};
