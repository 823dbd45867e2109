use crate::app::AppCommand;
use egui::{ColorImage, Context, Rect, ScreenshotCallback, Ui, ViewportCommand};
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use std::sync::{Arc, mpsc};

/// A picture of the plots with their axes and names as they stand on the screen: asked for in one frame, there a frame or two later.
#[derive(Debug, Default)]
pub struct PictureOfPlots {
    waiting: Option<mpsc::Receiver<Arc<ColorImage>>>,
}

impl PictureOfPlots {
    pub fn ask(&mut self, context: &Context) {
        let (sender, receiver) = mpsc::channel();
        let wake = context.clone();
        let callback = ScreenshotCallback::new(move |image| {
            // The panel may be gone by now; then nobody wants the picture.
            if sender.send(image).is_ok() {
                wake.request_repaint();
            }
        });
        context.send_viewport_cmd(ViewportCommand::Screenshot(callback));
        self.waiting = Some(receiver);
    }

    /// Cuts `plots` out of the picture of the window, once it has come.
    pub fn take(&mut self, ui: &Ui, plots: Rect, commands: &mut Vec<AppCommand>) {
        let Some(image) = self
            .waiting
            .as_ref()
            .and_then(|waiting| waiting.try_recv().ok())
        else {
            return;
        };
        self.waiting = None;
        if let Some(png) = png_of(&image, plots, ui.pixels_per_point()) {
            commands.push(AppCommand::ExportCurvesPng { png });
        }
    }
}

fn png_of(image: &ColorImage, part_in_points: Rect, pixels_per_point: f32) -> Option<Vec<u8>> {
    let pixels =
        |points: f32, most: usize| ((points * pixels_per_point).max(0.0) as usize).min(most);
    let [width, height] = image.size;
    let (left, right) = (
        pixels(part_in_points.left(), width),
        pixels(part_in_points.right(), width),
    );
    let (top, bottom) = (
        pixels(part_in_points.top(), height),
        pixels(part_in_points.bottom(), height),
    );
    let size = [right.checked_sub(left)?, bottom.checked_sub(top)?];
    let part = image.region_by_pixels([left, top], size);
    let mut png = Vec::new();
    let (width, height) = (u32::try_from(size[0]).ok()?, u32::try_from(size[1]).ok()?);
    PngEncoder::new(&mut png)
        .write_image(part.as_raw(), width, height, ExtendedColorType::Rgba8)
        .ok()?;
    Some(png)
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Color32, pos2};

    #[test]
    fn the_part_is_cut_out_in_pixels_not_points() {
        let mut image = ColorImage::filled([8, 6], Color32::BLACK);
        image.pixels[3 * 8 + 5] = Color32::WHITE;
        let part = Rect::from_min_max(pos2(2.0, 1.0), pos2(3.0, 2.0));
        let png = png_of(&image, part, 2.0).unwrap();
        let read = image::load_from_memory(&png).unwrap().to_rgba8();
        assert_eq!(read.dimensions(), (2, 2));
        assert_eq!(read.get_pixel(1, 1).0, [255, 255, 255, 255]);
        assert_eq!(read.get_pixel(0, 0).0, [0, 0, 0, 255]);
    }

    #[test]
    fn a_part_beyond_the_window_is_cut_at_its_edge() {
        let image = ColorImage::filled([8, 6], Color32::BLACK);
        let part = Rect::from_min_max(pos2(-5.0, 0.0), pos2(100.0, 100.0));
        let png = png_of(&image, part, 1.0).unwrap();
        assert_eq!(
            image::load_from_memory(&png)
                .unwrap()
                .to_rgba8()
                .dimensions(),
            (8, 6)
        );
    }
}
