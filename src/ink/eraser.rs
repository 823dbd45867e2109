use super::Point;

/// The area that an eraser passed over: everything within `radius` of the segment from `a` to `b`.
pub(super) struct Eraser {
    a: [f32; 2],
    b: [f32; 2],
    radius: f32,
}

/// Cuts shorter than this part of a segment are rounding, not erasing.
const SHORTEST_CUT: f32 = 1e-4;

impl Eraser {
    pub(super) fn new(a: [f32; 2], b: [f32; 2], radius: f32) -> Self {
        Self { a, b, radius }
    }

    /// The parts of a stroke that are left, or `None` where the eraser does not touch it.
    pub(super) fn cut(&self, points: &[Point]) -> Option<Vec<Vec<Point>>> {
        if let [dot] = points {
            return self.crossing(*dot, *dot).map(|_| Vec::new());
        }
        let mut touched = false;
        let mut pieces = Vec::new();
        let mut piece = Vec::new();
        for pair in points.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            if piece.is_empty() {
                piece.push(from);
            }
            match self.crossing(from, to) {
                Some((enter, leave)) => {
                    touched = true;
                    if enter > 0.0 {
                        piece.push(between(from, to, enter));
                    }
                    // A lone first point lies under the eraser: what was before it is in `pieces` already.
                    if piece.len() > 1 {
                        pieces.push(std::mem::take(&mut piece));
                    }
                    piece.clear();
                    if leave < 1.0 {
                        piece.extend([between(from, to, leave), to]);
                    }
                }
                None => piece.push(to),
            }
        }
        if piece.len() > 1 {
            pieces.push(piece);
        }
        touched.then_some(pieces)
    }

    /// The part of the segment `from`–`to` under the eraser, as two places 0..=1 along it.
    ///
    /// The area is convex, so it is one interval: the hull of those of the two round ends and of the band between.
    fn crossing(&self, from: Point, to: Point) -> Option<(f32, f32)> {
        let direction = [to.x - from.x, to.y - from.y];
        let mut interval = None;
        for centre in [self.a, self.b] {
            join(
                &mut interval,
                disc(
                    [from.x - centre[0], from.y - centre[1]],
                    direction,
                    self.radius,
                ),
            );
        }
        join(&mut interval, self.band([from.x, from.y], direction));
        let (enter, leave): (f32, f32) = interval?;
        let (enter, leave) = (enter.max(0.0), leave.min(1.0));
        (leave - enter > SHORTEST_CUT).then_some((enter, leave))
    }

    /// Where a line is inside the rectangle between the eraser's two ends.
    fn band(&self, start: [f32; 2], direction: [f32; 2]) -> Option<(f32, f32)> {
        let axis = [self.b[0] - self.a[0], self.b[1] - self.a[1]];
        let length = axis[0].hypot(axis[1]);
        if length <= 0.0 {
            return None;
        }
        let along = [axis[0] / length, axis[1] / length];
        let across = [-along[1], along[0]];
        let offset = [start[0] - self.a[0], start[1] - self.a[1]];
        let first = slab(dot(offset, along), dot(direction, along), 0.0, length)?;
        let second = slab(
            dot(offset, across),
            dot(direction, across),
            -self.radius,
            self.radius,
        )?;
        let both = (first.0.max(second.0), first.1.min(second.1));
        (both.0 < both.1).then_some(both)
    }
}

fn dot(a: [f32; 2], b: [f32; 2]) -> f32 {
    a[0] * b[0] + a[1] * b[1]
}

fn between(from: Point, to: Point, t: f32) -> Point {
    let mix = |a: f32, b: f32| a + (b - a) * t;
    Point {
        x: mix(from.x, to.x),
        y: mix(from.y, to.y),
        pressure: mix(from.pressure, to.pressure),
    }
}

/// Makes `interval` the smallest that holds itself and `other`.
fn join(interval: &mut Option<(f32, f32)>, other: Option<(f32, f32)>) {
    *interval = match (*interval, other) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    };
}

/// Where `offset + t·direction` is within `radius` of the origin; a line without a direction is inside always or never.
fn disc(offset: [f32; 2], direction: [f32; 2], radius: f32) -> Option<(f32, f32)> {
    let a = dot(direction, direction);
    let b = dot(offset, direction);
    let c = dot(offset, offset) - radius * radius;
    if a <= 0.0 {
        return (c < 0.0).then_some((0.0, 1.0));
    }
    let root = b * b - a * c;
    (root > 0.0).then(|| ((-b - root.sqrt()) / a, (-b + root.sqrt()) / a))
}

/// Where `start + t·speed` is between `low` and `high`.
fn slab(start: f32, speed: f32, low: f32, high: f32) -> Option<(f32, f32)> {
    if speed == 0.0 {
        return (low < start && start < high).then_some((f32::NEG_INFINITY, f32::INFINITY));
    }
    let (t0, t1) = ((low - start) / speed, (high - start) / speed);
    Some((t0.min(t1), t0.max(t1)))
}
