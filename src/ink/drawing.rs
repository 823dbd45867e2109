use serde::{Deserialize, Serialize};

/// A place the pen was at; x right, y down, in the units of the drawing's size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
    /// 0..=1; 0.5 where the system gives none.
    pub pressure: f32,
}

/// What was drawn between pen down and pen up; a single point is a dot.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Stroke {
    pub points: Vec<Point>,
    /// Pen width at pressure 0.5, in the drawing's units.
    pub width: f32,
}

/// Strokes on a pad. Serialises as the drawings format: `{"label": 7, "size": [w, h], "strokes": [[[x, y], …], …]}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// What it is meant to be, where somebody said so.
    pub label: Option<u8>,
    /// Width and height of the pad.
    pub size: [f32; 2],
    pub strokes: Vec<Stroke>,
}

impl Drawing {
    pub fn new(size: [f32; 2]) -> Self {
        Self {
            label: None,
            size,
            strokes: Vec::new(),
        }
    }

    /// No ink at all.
    pub fn is_blank(&self) -> bool {
        self.strokes.iter().all(|stroke| stroke.points.is_empty())
    }

    /// Removes the ink within `radius` of the segment from `a` to `b`, cutting strokes where needed.
    /// Returns whether anything went.
    pub fn erase(&mut self, a: [f32; 2], b: [f32; 2], radius: f32) -> bool {
        let _ = (a, b, radius);
        todo!()
    }
}
