//! Opening the window, or saying in one sentence why it cannot be opened.

use super::window::InkgradApp;
use crate::app::Settings;
use crate::data::user_data_dir;
use crate::ink::{Drawing, Point, Stroke, rasterize};
use egui::{IconData, ViewportBuilder};
use std::process::ExitCode;

/// Where eframe keeps the settings.
pub(super) const SETTINGS_KEY: &str = "settings";

/// Opens the window and returns when it is closed.
pub fn run() -> ExitCode {
    match open() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!(
                "error: no window can be opened: {reason}; `inkgrad --help` shows what works without one"
            );
            ExitCode::FAILURE
        }
    }
}

fn open() -> Result<(), String> {
    if !has_display() {
        return Err("there is no display (DISPLAY and WAYLAND_DISPLAY are not set)".to_owned());
    }
    let options = eframe::NativeOptions {
        viewport: ViewportBuilder::default()
            .with_title("Inkgrad")
            .with_app_id("inkgrad")
            .with_inner_size([1280.0, 800.0])
            .with_min_inner_size([900.0, 600.0])
            .with_drag_and_drop(true)
            .with_icon(icon()),
        // There are no wide gradients that would show bands, and where the processor paints the noise takes a fifth of its time.
        dithering: false,
        persistence_path: user_data_dir().map(|folder| folder.join("window.ron")),
        ..eframe::NativeOptions::default()
    };
    eframe::run_native(
        "inkgrad",
        options,
        Box::new(|creation| {
            let settings = creation
                .storage
                .and_then(|storage| storage.get_string(SETTINGS_KEY))
                .map(|text| Settings::from_text(&text))
                .unwrap_or_default();
            Ok(Box::new(InkgradApp::new(&creation.egui_ctx, settings)))
        }),
    )
    .map_err(|error| last_sentence(&error.to_string()).to_owned())
}

/// What a chain of errors comes down to; before it stand the names of types and source files.
fn last_sentence(chain: &str) -> &str {
    chain.rsplit(": ").next().unwrap_or(chain)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn has_display() -> bool {
    true
}

/// The program's mark: a 7 in chalk on a slate with round corners, drawn with the program's own pen.
fn icon() -> IconData {
    const SIDE: usize = 64;
    const RADIUS: f32 = 13.0;
    let stroke = |points: &[(f32, f32)]| Stroke {
        points: points
            .iter()
            .map(|&(x, y)| Point {
                x,
                y,
                pressure: 0.5,
            })
            .collect(),
        width: 7.0,
    };
    let mut seven = Drawing::new([SIDE as f32; 2]);
    seven.strokes = vec![
        stroke(&[(17.0, 17.0), (46.0, 17.0), (38.0, 31.0), (30.0, 50.0)]),
        stroke(&[(25.0, 34.0), (44.0, 34.0)]),
    ];
    let ink = rasterize(&seven, SIDE, SIDE).ink;
    let (slate, chalk) = (super::theme::DARK.raised, super::theme::DARK.accent);
    let mut rgba = Vec::with_capacity(SIDE * SIDE * 4);
    for (index, &byte) in ink.iter().enumerate() {
        let middle = SIDE as f32 / 2.0;
        let beyond = |at: usize| ((at as f32 + 0.5 - middle).abs() - middle + RADIUS).max(0.0);
        let corner = beyond(index % SIDE).hypot(beyond(index / SIDE));
        let opacity = (RADIUS - corner + 0.5).clamp(0.0, 1.0);
        let color = slate.lerp_to_gamma(chalk, f32::from(byte) / 255.0);
        rgba.extend([color.r(), color.g(), color.b(), (opacity * 255.0) as u8]);
    }
    IconData {
        rgba,
        width: SIDE as u32,
        height: SIDE as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_chain_of_errors_the_cause_is_told() {
        let chain = "winit EventLoopError: os error at mod.rs:788: Failed to open connection";
        assert_eq!(last_sentence(chain), "Failed to open connection");
        assert_eq!(last_sentence("no display"), "no display");
    }

    #[test]
    fn the_icon_has_round_corners_and_ink() {
        let icon = icon();
        let pixel = |x: usize, y: usize| &icon.rgba[(y * 64 + x) * 4..][..4];
        assert_eq!(pixel(0, 0)[3], 0);
        assert_eq!(pixel(32, 4)[3], 255);
        let chalk = super::super::theme::DARK.accent;
        assert_eq!(pixel(30, 17)[..3], [chalk.r(), chalk.g(), chalk.b()]);
    }
}
