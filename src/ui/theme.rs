//! All colours and type sizes, in one place: ink on paper in the light, chalk on slate in the dark.

use egui::{Color32, Context, Ui};

/// The colours of one theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// Behind everything.
    pub window: Color32,
    /// Behind a card.
    pub panel: Color32,
    /// The pad, and cells without ink.
    pub paper: Color32,
    /// Drawn ink, and cells full of it.
    pub ink: Color32,
    pub text: Color32,
    pub weak_text: Color32,
    pub outline: Color32,
    /// What is chosen, what can be pressed.
    pub accent: Color32,
    pub good: Color32,
    pub warning: Color32,
    pub error: Color32,
    /// The end of the diverging map for values above zero (orange).
    pub positive: Color32,
    /// The end for values below zero (blue).
    pub negative: Color32,
    /// The middle of the diverging map.
    pub zero: Color32,
    /// Lines of the curves, run by run; told apart by dash and name as well.
    pub runs: [Color32; 6],
}

pub const DARK: Palette = Palette {
    window: Color32::from_rgb(15, 18, 27),
    panel: Color32::from_rgb(23, 28, 41),
    paper: Color32::from_rgb(11, 13, 20),
    ink: Color32::from_rgb(240, 236, 226),
    text: Color32::from_rgb(228, 231, 240),
    weak_text: Color32::from_rgb(152, 160, 182),
    outline: Color32::from_rgb(52, 60, 84),
    accent: Color32::from_rgb(255, 196, 87),
    good: Color32::from_rgb(110, 214, 160),
    warning: Color32::from_rgb(255, 196, 87),
    error: Color32::from_rgb(255, 122, 112),
    positive: Color32::from_rgb(255, 159, 67),
    negative: Color32::from_rgb(84, 160, 255),
    zero: Color32::from_rgb(23, 28, 41),
    runs: [
        Color32::from_rgb(255, 196, 87),
        Color32::from_rgb(84, 160, 255),
        Color32::from_rgb(110, 214, 160),
        Color32::from_rgb(237, 130, 190),
        Color32::from_rgb(170, 140, 255),
        Color32::from_rgb(120, 215, 230),
    ],
};

pub const LIGHT: Palette = Palette {
    window: Color32::from_rgb(243, 239, 231),
    panel: Color32::from_rgb(253, 251, 247),
    paper: Color32::from_rgb(255, 255, 255),
    ink: Color32::from_rgb(22, 28, 52),
    text: Color32::from_rgb(28, 33, 54),
    weak_text: Color32::from_rgb(98, 103, 124),
    outline: Color32::from_rgb(208, 201, 187),
    accent: Color32::from_rgb(43, 84, 176),
    good: Color32::from_rgb(23, 122, 78),
    warning: Color32::from_rgb(158, 98, 0),
    error: Color32::from_rgb(186, 38, 38),
    positive: Color32::from_rgb(205, 92, 0),
    negative: Color32::from_rgb(30, 96, 200),
    zero: Color32::from_rgb(250, 248, 243),
    runs: [
        Color32::from_rgb(43, 84, 176),
        Color32::from_rgb(205, 92, 0),
        Color32::from_rgb(23, 122, 78),
        Color32::from_rgb(170, 40, 120),
        Color32::from_rgb(110, 70, 190),
        Color32::from_rgb(0, 120, 140),
    ],
};

/// The palette of the theme that `ui` is painted in.
pub fn palette(ui: &Ui) -> &'static Palette {
    if ui.visuals().dark_mode {
        &DARK
    } else {
        &LIGHT
    }
}

/// Sets fonts, sizes, spacing and both themes' visuals; once, at the start.
pub fn install(context: &Context) {
    let _ = context;
    todo!()
}

impl Palette {
    /// Signed values: `value` in −1..=1 (clamped), blue below zero, orange above. NaN is `error` (heatmaps hatch it).
    pub fn diverging(&self, value: f32) -> Color32 {
        if value.is_nan() {
            return self.error;
        }
        let end = if value < 0.0 {
            self.negative
        } else {
            self.positive
        };
        self.zero.lerp_to_gamma(end, value.abs().min(1.0))
    }

    /// Activations and ink: `value` in 0..=1 (clamped), from paper to ink. NaN is `error`.
    pub fn sequential(&self, value: f32) -> Color32 {
        if value.is_nan() {
            return self.error;
        }
        self.paper.lerp_to_gamma(self.ink, value.clamp(0.0, 1.0))
    }
}
