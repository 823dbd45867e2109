//! How long the frames of the window take, for those who want to know.

use super::theme;
use crate::app::AppState;
use egui::util::History;
use egui::{Align2, Area, Frame, Id, Label, Margin, Order, RichText, Ui, vec2};

/// The times of the last frames, and the small card that shows them.
pub struct FrameTimes {
    /// Seconds of work a frame, without waiting for the screen.
    whole: History<f32>,
    /// Seconds of it before the shapes are painted: what is this program's, and not the graphics driver's.
    before_painting: History<f32>,
}

/// So many frames, of at most so many seconds, are looked back on: enough of them for the slowest in a hundred also where
/// a screen shows ten a second.
const FRAMES: usize = 600;
const SECONDS: f32 = 60.0;

/// How many frames a second there are is said of so many seconds.
const RECENT_SECONDS: f64 = 10.0;

impl Default for FrameTimes {
    fn default() -> Self {
        let history = || History::new(0..FRAMES, SECONDS);
        Self {
            whole: history(),
            before_painting: history(),
        }
    }
}

impl FrameTimes {
    /// Takes in one pass of laying out a frame: what the frame before took, and how long the shapes of this pass took to
    /// make, in seconds. Most frames are laid out in one pass, `pass` 0.
    pub fn note(
        &mut self,
        now_secs: f64,
        pass: usize,
        frame_before_secs: Option<f32>,
        taken_secs: f32,
    ) {
        if pass > 0
            && let Some(secs) = self.before_painting.latest_mut()
        {
            *secs += taken_secs;
            return;
        }
        self.before_painting.add(now_secs, taken_secs);
        if let Some(secs) = frame_before_secs {
            self.whole.add(now_secs, secs);
        }
    }

    pub fn ui(&self, ui: &Ui, state: &AppState) {
        if !state.show_frame_times {
            return;
        }
        let palette = theme::palette(ui);
        Area::new(Id::unique("frame times"))
            .order(Order::Tooltip)
            .anchor(Align2::RIGHT_TOP, vec2(-12.0, 40.0))
            .interactable(false)
            .show(ui.ctx(), |ui| {
                Frame::new()
                    .fill(palette.panel)
                    .stroke(egui::Stroke::new(1.0, palette.accent))
                    .corner_radius(6.0)
                    .inner_margin(Margin::symmetric(10, 6))
                    .show(ui, |ui| {
                        ui.add(Label::new(RichText::new(self.text()).monospace()).extend());
                    });
            });
    }

    /// "Frame 1.2 ms (median) · 3.4 ms (99 %) · 60 a second", and below what of it came before painting.
    fn text(&self) -> String {
        let [median, slow] = median_and_slow(&self.whole);
        let [own_median, own_slow] = median_and_slow(&self.before_painting);
        let rate = self.frames_a_second();
        format!(
            "Frame {median:.1} ms (median) · {slow:.1} ms (99 %) · {rate:.0} a second\n\
             Before painting {own_median:.1} ms · {own_slow:.1} ms"
        )
    }

    fn frames_a_second(&self) -> f64 {
        let times = || self.whole.iter().map(|(time_secs, _)| time_secs);
        let last = times().last().unwrap_or_default();
        let mut recent = times().filter(|time| last - time <= RECENT_SECONDS);
        let first = recent.next().unwrap_or_default();
        let since_first = recent.count() as f64;
        since_first / (last - first).max(f64::EPSILON)
    }
}

/// The median and what 99 of 100 do not exceed, in milliseconds.
fn median_and_slow(times: &History<f32>) -> [f32; 2] {
    let mut times: Vec<f32> = times.values().collect();
    times.sort_by(f32::total_cmp);
    [0.5, 0.99].map(|part: f32| {
        let place = (part * times.len() as f32) as usize;
        let time = times.get(place.min(times.len().saturating_sub(1)));
        1000.0 * time.copied().unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_and_the_slowest_frames_are_said_apart() {
        let mut times = FrameTimes::default();
        assert!(times.text().starts_with("Frame 0.0 ms"));
        for frame in 0..200 {
            let secs = if frame % 40 == 39 { 0.012 } else { 0.002 };
            let now_secs = f64::from(frame) * 0.02;
            // Laid out in two passes.
            times.note(now_secs, 0, Some(secs), secs / 8.0);
            times.note(now_secs, 1, Some(secs), secs / 8.0);
        }
        assert_eq!(
            times.text(),
            "Frame 2.0 ms (median) · 12.0 ms (99 %) · 50 a second\nBefore painting 0.5 ms · 3.0 ms"
        );
        // A slower screen: said of its last seconds alone, while the slow frames before are still in sight.
        for frame in 0..100 {
            times.note(4.0 + f64::from(frame) * 0.2, 0, Some(0.002), 0.00025);
        }
        assert!(times.text().contains("12.0 ms (99 %) · 5 a second"));
    }
}
