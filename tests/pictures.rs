//! What the main views look like, pixel by pixel: `cargo test --features pictures --test pictures`.
//! `UPDATE_SNAPSHOTS=1` before it takes the pictures anew; look at them before they are kept.

#![cfg(feature = "pictures")]

mod window;

use eframe::App as _;
use egui::{Event, Modifiers, PointerButton, Pos2, Theme, vec2};
use egui_kittest::kittest::Queryable;
use egui_kittest::wgpu::WgpuTestRenderer;
use egui_kittest::{Harness, SnapshotOptions, image_snapshot_options};
use image::RgbaImage;
use inkgrad::app::{Depth, Level, Phase, Settings, ThemeChoice};
use inkgrad::ui::InkgradApp;
use window::{Gui, click, state, wait_until};

const LARGE: [f32; 2] = [1280.0, 800.0];
const SMALL: [f32; 2] = [900.0, 600.0];

/// Mini-batches behind the curves: enough for a line, few enough that rounding, which differs from processor
/// to processor, has not grown to a pixel.
const MINI_BATCHES: u64 = 30;

#[test]
fn draw() {
    let mut gui = gui_with_a_three(Depth::Draw, Theme::Dark, LARGE);
    compare(&mut gui, "draw");
}

#[test]
fn network() {
    let mut gui = gui_with_a_three(Depth::Learn, Theme::Dark, LARGE);
    compare(&mut gui, "network");
}

#[test]
fn network_in_light_colours() {
    let mut gui = gui_with_a_three(Depth::Learn, Theme::Light, LARGE);
    compare(&mut gui, "network_light");
}

#[test]
fn network_in_a_small_window() {
    let mut gui = gui_with_a_three(Depth::Learn, Theme::Dark, SMALL);
    compare(&mut gui, "network_small");
}

#[test]
fn weights() {
    let mut gui = gui_with_a_three(Depth::Learn, Theme::Dark, LARGE);
    click(&mut gui, "Weights");
    compare(&mut gui, "weights");
}

#[test]
fn weights_in_light_colours() {
    let mut gui = gui_with_a_three(Depth::Learn, Theme::Light, LARGE);
    click(&mut gui, "Weights");
    compare(&mut gui, "weights_light");
}

#[test]
fn mistakes() {
    let mut gui = gui_with_a_three(Depth::Learn, Theme::Dark, LARGE);
    click(&mut gui, "Mistakes");
    click(&mut gui, "Score the test set");
    wait_until(&mut gui, "the test set is scored", |state| {
        state.scored.is_some() && state.jobs.is_empty()
    });
    compare(&mut gui, "mistakes");
}

#[test]
fn lab_after_some_mini_batches() {
    let mut gui = gui_with_a_three(Depth::Lab, Theme::Dark, LARGE);
    for step in 1..=MINI_BATCHES {
        click(&mut gui, "Train one mini-batch");
        wait_until(&mut gui, "a mini-batch is learned", |state| {
            let progress = state.runs.progress.as_ref();
            progress.is_some_and(|progress| progress.step == step)
                && state.runs.phase == Phase::Paused
        });
    }
    wait_until(&mut gui, "the lack of a recovery file is told", |state| {
        let message = state.log.shown();
        message.is_some_and(|message| message.level == Level::Error)
    });
    click(&mut gui, "Dismiss the message");
    compare(&mut gui, "lab");
}

/// The program at its first start, with practice digits, the bundled model and a 3 on the pad.
fn gui_with_a_three(depth: Depth, theme: Theme, size: [f32; 2]) -> Gui {
    window::leave_the_world_alone();
    let mut settings = Settings {
        depth,
        theme: match theme {
            Theme::Dark => ThemeChoice::Dark,
            Theme::Light => ThemeChoice::Light,
        },
        ..Settings::default()
    };
    // Sums in the same order on every machine, and the same number in the settings.
    settings.hyperparameters.threads = 1;
    let mut gui = Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_render_cursor(false)
        .renderer(renderer())
        .build_eframe(|creation| InkgradApp::new(&creation.egui_ctx, settings));
    wait_until(&mut gui, "the practice digits are there", |state| {
        state.data.sets.is_some() && state.jobs.is_empty()
    });
    write_three(&mut gui);
    let answer = state(&gui).reading.as_ref().map(|reading| reading.answer);
    assert_eq!(answer, Some(3));
    gui
}

fn options() -> SnapshotOptions {
    SnapshotOptions::new()
        .output_path("tests/pictures")
        // Room for the rounding of another renderer: lavapipe and llvmpipe differ in up to 17 of a million pixels.
        .threshold(0.6)
        .max_failed_pixels(40)
}

fn renderer() -> WgpuTestRenderer {
    std::panic::catch_unwind(WgpuTestRenderer::new).unwrap_or_else(|_| {
        panic!(
            "Nothing here can render a picture: install a Vulkan driver, on Debian the package mesa-vulkan-drivers"
        )
    })
}

/// Compares what the window shows with the picture of that name, the pointer out of the way.
#[track_caller]
fn compare(gui: &mut Gui, name: &str) {
    gui.remove_cursor();
    gui.run_steps(4);
    let picture = gui.render().unwrap();
    let [red, green, blue, _] = gui.state().clear_color(&gui.ctx.global_style().visuals);
    image_snapshot_options(&over(picture, [red, green, blue]), name, &options());
}

/// What was painted, with its transparency, over what the window is cleared with.
fn over(mut picture: RgbaImage, behind: [f32; 3]) -> RgbaImage {
    for pixel in picture.pixels_mut() {
        let [colour @ .., alpha] = &mut pixel.0;
        let rest = f32::from(255 - *alpha);
        for (channel, behind) in colour.iter_mut().zip(behind) {
            *channel = channel.saturating_add((behind * rest).round() as u8);
        }
        *alpha = 255;
    }
    picture
}

/// A 3 in one stroke: two bows that meet at the waist.
fn write_three(gui: &mut Gui) {
    let pad = gui.get_by_label_contains("Pad").rect();
    // Middle of a bow and the angles that it runs through, clockwise from the right.
    let bows = [(0.35, -150.0, 90.0), (0.65, -90.0, 150.0)];
    let points: Vec<Pos2> = bows
        .into_iter()
        .flat_map(|(middle, from, to)| {
            (0..=30).map(move |step| {
                let angle = egui::lerp(from..=to, step as f32 / 30.0).to_radians();
                vec2(0.48 + 0.17 * angle.cos(), middle + 0.15 * angle.sin())
            })
        })
        .map(|place| pad.min + pad.size() * place)
        .collect();
    press(gui, points[0], true);
    for &pos in &points {
        gui.event(Event::PointerMoved(pos));
    }
    press(gui, points[points.len() - 1], false);
    gui.run_steps(2);
}

fn press(gui: &Gui, pos: Pos2, pressed: bool) {
    gui.event(Event::PointerMoved(pos));
    gui.event(Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    });
}
