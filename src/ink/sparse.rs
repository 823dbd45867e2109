use super::{Drawing, Point};

/// Points nearer to the last one than this part of the pad are not seen.
const UNSEEN: f32 = 1.0 / 1000.0;

/// Doublings of the spacing after which no stroke on the pad has more than its two ends.
const MOST_DOUBLINGS: usize = 12;

impl Drawing {
    /// The drawing with at most about `most` points, so that it can be painted and read many times a second: points go
    /// that are nearer to the last one than the eye sees, then nearer than that. Every stroke keeps its ends.
    pub fn sparse(mut self, most: usize) -> Self {
        let mut spacing = self.size[0].max(self.size[1]) * UNSEEN;
        for _ in 0..MOST_DOUBLINGS {
            if self.point_count() <= most {
                return self;
            }
            for stroke in &mut self.strokes {
                thin_out(&mut stroke.points, spacing);
            }
            spacing *= 2.0;
        }
        // A cloud of dots, or points far from every pad, are no writing: of those every so many-th is as good as all.
        let step = self.point_count().div_ceil(most.max(1));
        let mut number = 0;
        for stroke in &mut self.strokes {
            stroke.points.retain(|_| {
                number += 1;
                number % step == 0
            });
        }
        self.strokes.retain(|stroke| !stroke.points.is_empty());
        self
    }
}

fn thin_out(points: &mut Vec<Point>, spacing: f32) {
    let Some(&last) = points.last() else {
        return;
    };
    let mut kept: Option<Point> = None;
    points.retain(|point| {
        let is_seen = kept.is_none_or(|kept| {
            let (dx, dy) = (point.x - kept.x, point.y - kept.y);
            dx.hypot(dy) >= spacing
        });
        if is_seen {
            kept = Some(*point);
        }
        is_seen
    });
    if kept != Some(last) {
        points.push(last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::{Stroke, rasterize};

    fn drawing(strokes: Vec<Vec<Point>>) -> Drawing {
        let mut drawing = Drawing::new([280.0, 280.0]);
        let strokes = strokes.into_iter().map(|points| Stroke {
            points,
            width: 12.0,
        });
        drawing.strokes.extend(strokes);
        drawing
    }

    #[test]
    fn a_drawing_of_countless_points_looks_the_same_with_few() {
        let circle = (0..=90_000).map(|i| {
            let (sin, cos) = (i as f32 / 90_000.0 * 6.0).sin_cos();
            Point::new(140.0 + 100.0 * cos, 140.0 + 100.0 * sin)
        });
        let full = drawing(vec![circle.collect(), vec![Point::new(140.0, 140.0)]]);
        let sparse = full.clone().sparse(5000);
        assert!(sparse.point_count() <= 5000);
        for (sparse, full) in sparse.strokes.iter().zip(&full.strokes) {
            assert_eq!(sparse.points.first(), full.points.first());
            assert_eq!(sparse.points.last(), full.points.last());
        }
        let pictures = [sparse, full].map(|drawing| rasterize(&drawing, 280, 280));
        let pairs = pictures[0].ink.iter().zip(&pictures[1].ink);
        let difference: u32 = pairs.map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        assert!(difference < 20 * 255, "{difference}");
    }

    #[test]
    fn few_points_stay_as_they_are_and_a_cloud_of_dots_becomes_sparse() {
        let few = drawing(vec![vec![Point::new(1.0, 1.0); 40]]);
        assert_eq!(few.clone().sparse(40), few);
        let dots = (0..9000).map(|i| vec![Point::new(i as f32 % 280.0, i as f32 / 40.0)]);
        let sparse = drawing(dots.collect()).sparse(1000);
        assert!((500..=1000).contains(&sparse.point_count()));
        let far = (0..9000).map(|i| Point::new(1e30 * (i % 2) as f32, -3e37 * (i % 3) as f32));
        assert!(drawing(vec![far.collect()]).sparse(1000).point_count() <= 1000);
        let scribble =
            (0..9000).map(|i| Point::new(i as f32 * 97.0 % 280.0, i as f32 * 31.0 % 280.0));
        assert!(drawing(vec![scribble.collect()]).sparse(1000).point_count() <= 1000);
    }
}
