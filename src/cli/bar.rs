use indicatif::{ProgressBar, ProgressStyle};

/// The length of a [`fraction_bar`].
const WHOLE: u64 = 1000;

/// A bar on standard error; indicatif hides it where that is no terminal.
pub(super) fn bar(length: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    // A template that indicatif does not take leaves its own style.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// A bar for work that tells how far it is with [`set_fraction`].
pub(super) fn fraction_bar(message: &'static str) -> ProgressBar {
    bar(WHOLE, "{msg} {wide_bar} {percent:>3} %").with_message(message)
}

/// Moves a [`fraction_bar`] to `fraction` 0..=1.
pub(super) fn set_fraction(bar: &ProgressBar, fraction: f32) {
    bar.set_position((fraction.clamp(0.0, 1.0) * WHOLE as f32) as u64);
}
