//! All colours and type sizes, in one place: ink on paper in the light, chalk on slate in the dark.

use crate::app::ThemeChoice;
use egui::{
    Color32, Context, CornerRadius, FontDefinitions, FontFamily, FontId, Frame, Margin, Shadow,
    Stroke, Style, TextStyle, Theme, ThemePreference, Ui, Visuals, vec2,
};

/// The colours of one theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// Behind everything.
    pub window: Color32,
    /// Behind a card.
    pub panel: Color32,
    /// Behind a button on a panel.
    pub raised: Color32,
    /// The pad, and cells without ink.
    pub paper: Color32,
    /// Drawn ink, and cells full of it.
    pub ink: Color32,
    pub text: Color32,
    pub weak_text: Color32,
    pub outline: Color32,
    /// What is chosen, what can be pressed.
    pub accent: Color32,
    /// Text and icons on the accent.
    pub on_accent: Color32,
    pub good: Color32,
    pub warning: Color32,
    pub error: Color32,
    /// The end of the diverging map for values above zero (orange).
    pub positive: Color32,
    /// The end for values below zero (blue).
    pub negative: Color32,
    /// The middle of the diverging map.
    pub zero: Color32,
    /// From the lowest place of a map to the highest, in equal steps.
    pub heights: [Color32; 5],
    /// What a digit is compared with, behind its ink.
    pub ghost: Color32,
    /// Lines of the curves, run by run; told apart by dash and name as well.
    pub runs: [Color32; 6],
}

/// Chalk on slate.
pub const DARK: Palette = Palette {
    window: Color32::from_rgb(17, 22, 27),
    panel: Color32::from_rgb(25, 32, 39),
    raised: Color32::from_rgb(41, 51, 61),
    paper: Color32::from_rgb(12, 16, 20),
    ink: Color32::from_rgb(243, 239, 228),
    text: Color32::from_rgb(233, 237, 240),
    weak_text: Color32::from_rgb(164, 176, 187),
    outline: Color32::from_rgb(58, 70, 82),
    accent: Color32::from_rgb(255, 205, 96),
    on_accent: Color32::from_rgb(33, 26, 8),
    good: Color32::from_rgb(118, 214, 164),
    warning: Color32::from_rgb(255, 190, 105),
    error: Color32::from_rgb(255, 134, 122),
    positive: Color32::from_rgb(255, 160, 72),
    negative: Color32::from_rgb(92, 168, 255),
    zero: Color32::from_rgb(25, 32, 39),
    heights: [
        Color32::from_rgb(10, 22, 38),
        Color32::from_rgb(18, 70, 100),
        Color32::from_rgb(38, 128, 134),
        Color32::from_rgb(134, 180, 142),
        Color32::from_rgb(243, 234, 205),
    ],
    ghost: Color32::from_rgb(232, 96, 168),
    runs: [
        Color32::from_rgb(255, 205, 96),
        Color32::from_rgb(92, 168, 255),
        Color32::from_rgb(118, 214, 164),
        Color32::from_rgb(240, 138, 196),
        Color32::from_rgb(178, 152, 255),
        Color32::from_rgb(120, 215, 230),
    ],
};

/// Ink on paper.
pub const LIGHT: Palette = Palette {
    window: Color32::from_rgb(241, 236, 226),
    panel: Color32::from_rgb(252, 250, 245),
    raised: Color32::from_rgb(234, 228, 215),
    paper: Color32::from_rgb(255, 255, 253),
    ink: Color32::from_rgb(24, 31, 66),
    text: Color32::from_rgb(27, 32, 52),
    weak_text: Color32::from_rgb(88, 93, 112),
    outline: Color32::from_rgb(203, 194, 177),
    accent: Color32::from_rgb(38, 76, 168),
    on_accent: Color32::from_rgb(255, 255, 255),
    good: Color32::from_rgb(17, 112, 71),
    warning: Color32::from_rgb(143, 84, 0),
    error: Color32::from_rgb(180, 34, 34),
    positive: Color32::from_rgb(200, 86, 0),
    negative: Color32::from_rgb(28, 92, 196),
    zero: Color32::from_rgb(250, 247, 240),
    heights: [
        Color32::from_rgb(254, 251, 240),
        Color32::from_rgb(193, 219, 205),
        Color32::from_rgb(104, 168, 184),
        Color32::from_rgb(48, 96, 152),
        Color32::from_rgb(26, 32, 84),
    ],
    ghost: Color32::from_rgb(206, 38, 124),
    runs: [
        Color32::from_rgb(38, 76, 168),
        Color32::from_rgb(200, 86, 0),
        Color32::from_rgb(17, 112, 71),
        Color32::from_rgb(168, 38, 118),
        Color32::from_rgb(108, 68, 188),
        Color32::from_rgb(0, 116, 136),
    ],
};

/// Size of the winner's digit beside the pad.
pub const ANSWER_SIZE: f32 = 68.0;
/// Size of the winner's digit where pad and answer are all there is.
pub const ANSWER_SIZE_LARGE: f32 = 150.0;
/// Size of headings.
pub const HEADING_SIZE: f32 = 17.0;
/// Size of text.
pub const BODY_SIZE: f32 = 14.0;
/// Size of captions and scales.
pub const SMALL_SIZE: f32 = 12.0;

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
    context.set_fonts(fonts());
    for (theme, palette) in [(Theme::Dark, &DARK), (Theme::Light, &LIGHT)] {
        context.style_mut_of(theme, |style| {
            set_sizes(style);
            style.visuals = visuals(theme, palette);
        });
    }
}

/// Changes to the theme that was chosen.
pub fn choose(context: &Context, choice: ThemeChoice) {
    context.set_theme(match choice {
        ThemeChoice::System => ThemePreference::System,
        ThemeChoice::Dark => ThemePreference::Dark,
        ThemeChoice::Light => ThemePreference::Light,
    });
}

/// The frame of a card: a group of things that belong together.
pub fn card(ui: &Ui) -> Frame {
    let palette = palette(ui);
    Frame::new()
        .fill(palette.panel)
        .stroke(Stroke::new(1.0, palette.outline.gamma_multiply(0.6)))
        .corner_radius(CornerRadius::same(8))
        .inner_margin(Margin::same(10))
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

    /// Places of a map: `share` in 0..=1 (clamped) from the lowest to the highest; NaN is `error` (maps hatch it).
    pub fn height(&self, share: f32) -> Color32 {
        if share.is_nan() {
            return self.error;
        }
        let last = self.heights.len() - 1;
        let along = share.clamp(0.0, 1.0) * last as f32;
        let below = (along as usize).min(last - 1);
        self.heights[below].lerp_to_gamma(self.heights[below + 1], along - below as f32)
    }
}

/// The fonts that come with egui. The proportional one has no arrows and few signs, so Hack stands behind it.
fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    if let Some(family) = fonts.families.get_mut(&FontFamily::Proportional) {
        family.push("Hack".to_owned());
    }
    fonts
}

fn set_sizes(style: &mut Style) {
    style.text_styles = [
        (
            TextStyle::Small,
            FontId::new(SMALL_SIZE, FontFamily::Proportional),
        ),
        (
            TextStyle::Body,
            FontId::new(BODY_SIZE, FontFamily::Proportional),
        ),
        (
            TextStyle::Button,
            FontId::new(BODY_SIZE, FontFamily::Proportional),
        ),
        (
            TextStyle::Heading,
            FontId::new(HEADING_SIZE, FontFamily::Proportional),
        ),
        (
            TextStyle::Monospace,
            FontId::new(BODY_SIZE - 1.0, FontFamily::Monospace),
        ),
    ]
    .into();
    style.spacing.item_spacing = vec2(8.0, 6.0);
    style.spacing.button_padding = vec2(9.0, 4.0);
    style.spacing.interact_size = vec2(36.0, 26.0);
    style.spacing.menu_margin = Margin::same(6);
    style.spacing.window_margin = Margin::same(14);
    // What can be scrolled says so, also while the pointer is elsewhere.
    style.spacing.scroll.dormant_handle_opacity = 0.4;
    style.spacing.slider_width = 110.0;
    style.spacing.slider_rail_height = 5.0;
    style.spacing.tooltip_width = 380.0;
}

fn visuals(theme: Theme, palette: &Palette) -> Visuals {
    let mut visuals = theme.default_visuals();
    // From 5 on egui rounds a corner with twice as many triangles.
    let radius = CornerRadius::same(4);
    let pressed = palette.raised.lerp_to_gamma(palette.text, 0.22);
    let hovered = palette.raised.lerp_to_gamma(palette.text, 0.10);

    visuals.weak_text_color = Some(palette.weak_text);
    visuals.hyperlink_color = palette.accent;
    visuals.faint_bg_color = palette.window.lerp_to_gamma(palette.raised, 0.35);
    visuals.extreme_bg_color = palette.paper;
    visuals.code_bg_color = palette.raised;
    visuals.warn_fg_color = palette.warning;
    visuals.error_fg_color = palette.error;
    visuals.window_fill = palette.panel;
    visuals.window_stroke = Stroke::new(1.0, palette.outline);
    visuals.window_corner_radius = CornerRadius::same(10);
    visuals.menu_corner_radius = CornerRadius::same(8);
    visuals.panel_fill = palette.window;
    visuals.selection.bg_fill = palette.accent;
    visuals.selection.stroke = Stroke::new(1.0, palette.on_accent);
    visuals.slider_trailing_fill = true;
    visuals.text_cursor.stroke.color = palette.accent;
    // A disabled button still has to be read from the last row.
    visuals.disabled_alpha = 0.55;
    for shadow in [&mut visuals.window_shadow, &mut visuals.popup_shadow] {
        *shadow = Shadow {
            offset: [0, 6],
            blur: 18,
            spread: 0,
            color: Color32::from_black_alpha(if visuals.dark_mode { 120 } else { 40 }),
        };
    }

    let widgets = &mut visuals.widgets;
    for (state, fill, text) in [
        (&mut widgets.noninteractive, palette.panel, palette.text),
        (&mut widgets.inactive, palette.raised, palette.text),
        (&mut widgets.hovered, hovered, palette.text),
        (&mut widgets.active, pressed, palette.text),
        (&mut widgets.open, palette.raised, palette.text),
    ] {
        state.bg_fill = fill;
        state.weak_bg_fill = fill;
        state.bg_stroke = Stroke::NONE;
        state.fg_stroke = Stroke::new(1.2, text);
        state.corner_radius = radius;
        state.expansion = 0.0;
    }
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, palette.outline);
    widgets.hovered.bg_stroke = Stroke::new(1.0, palette.outline);
    widgets.active.bg_stroke = Stroke::new(1.0, palette.accent);
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast ratio of WCAG 2.2: (lighter + 0.05) / (darker + 0.05) of the relative luminances.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let luminance = |color: Color32| {
            let linear = egui::Rgba::from(color);
            0.2126 * linear.r() + 0.7152 * linear.g() + 0.0722 * linear.b()
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_can_be_read_on_everything_it_stands_on() {
        for (name, palette) in [("dark", DARK), ("light", LIGHT)] {
            for behind in [palette.window, palette.panel, palette.raised, palette.paper] {
                for (role, text, least) in [
                    ("text", palette.text, 7.0),
                    ("weak text", palette.weak_text, 4.5),
                    ("error", palette.error, 4.5),
                    ("warning", palette.warning, 4.5),
                    ("good", palette.good, 4.5),
                ] {
                    let ratio = contrast(text, behind);
                    assert!(
                        ratio >= least,
                        "{name}: {role} on {behind:?} has only {ratio:.2}"
                    );
                }
            }
            assert!(contrast(palette.on_accent, palette.accent) >= 4.5, "{name}");
            assert!(contrast(palette.accent, palette.panel) >= 4.5, "{name}");
            assert!(contrast(palette.ink, palette.paper) >= 12.0, "{name}");
        }
    }

    #[test]
    fn lines_and_ends_of_the_scales_stand_out_from_their_ground() {
        for palette in [DARK, LIGHT] {
            for color in palette
                .runs
                .into_iter()
                .chain([palette.positive, palette.negative])
            {
                assert!(contrast(color, palette.panel) >= 3.0, "{color:?}");
            }
        }
    }

    #[test]
    fn the_diverging_map_is_symmetric_about_zero_and_shows_nan() {
        for palette in [DARK, LIGHT] {
            assert_eq!(palette.diverging(0.0), palette.zero);
            assert_eq!(palette.diverging(1.0), palette.positive);
            assert_eq!(palette.diverging(-3.0), palette.negative);
            assert_eq!(palette.diverging(f32::NAN), palette.error);
            assert_eq!(palette.sequential(0.0), palette.paper);
            assert_eq!(palette.sequential(2.0), palette.ink);
        }
    }

    #[test]
    fn heights_run_evenly_from_dark_to_light_or_from_light_to_dark() {
        for (palette, rises) in [(DARK, true), (LIGHT, false)] {
            assert_eq!(palette.height(0.0), palette.heights[0]);
            assert_eq!(palette.height(0.25), palette.heights[1]);
            assert_eq!(palette.height(7.0), palette.heights[4]);
            assert_eq!(palette.height(f32::NAN), palette.error);
            let brightness: Vec<f32> = (0..=40)
                .map(|step| egui::Rgba::from(palette.height(step as f32 / 40.0)).intensity())
                .collect();
            assert!(
                brightness.is_sorted_by(|a, b| (a < b) == rises),
                "{brightness:?}"
            );
        }
    }

    #[test]
    fn both_fonts_have_the_signs_that_panels_print() {
        let context = Context::default();
        install(&context);
        context
            .run_ui(egui::RawInput::default(), |_| {})
            .drop_without_applying_deltas();
        for font in [FontId::proportional(14.0), FontId::monospace(14.0)] {
            for sign in "±×−·…–σΣ∂√½ηδ∇Δ‖²≤≥≈→←↑↓▲▼•".chars()
            {
                assert!(
                    context.fonts_mut(|fonts| fonts.has_glyph(&font, sign)),
                    "{sign} is missing in {font:?}"
                );
            }
        }
    }
}
