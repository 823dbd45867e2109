use crate::app::ChainWorld;
use crate::ui::curves_panel::grid_marks;
use crate::ui::{accessible, number, theme};
use egui::Ui;
use egui_plot::{GridMark, Line, Plot, PlotPoints, Points};

/// The cost over the steps since the start.
pub fn show(ui: &mut Ui, world: &ChainWorld, width: f32, height: f32) {
    let palette = theme::palette(ui);
    let points: Vec<[f64; 2]> = world
        .costs
        .iter()
        .enumerate()
        .map(|(step, &cost)| [step as f64, cost])
        .collect();
    // The window grows by leaps, so that the curve does not creep.
    let end = points.len().max(10).next_power_of_two() as f64;
    let plot = Plot::new("cost of the chain")
        .width(width)
        .height(height)
        .show_axes(true)
        .x_axis_label("steps")
        .y_axis_label("C")
        .y_axis_min_width(34.0)
        .include_x(0.0)
        .include_x(end)
        .include_y(0.0)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .set_margin_fraction(egui::vec2(0.02, 0.08))
        .grid_color(palette.outline)
        .y_grid_spacer(|input| grid_marks(input, 3.0))
        .x_axis_formatter(|mark: GridMark, _: &_| format!("{:.0}", mark.value))
        .y_axis_formatter(|mark: GridMark, _: &_| {
            // The margin reaches below 0, where no cost is.
            if mark.value < 0.0 {
                String::new()
            } else {
                number::short(mark.value)
            }
        });
    let last = points.last().copied();
    let response = plot.show(ui, |plot| {
        let line: PlotPoints<'_> = points.into();
        plot.line(Line::new("C", line).color(palette.runs[3]).width(2.0));
        if let Some(last) = last {
            let dot = Points::new("now", vec![last]).radius(4.0);
            plot.points(dot.color(palette.runs[3]));
        }
    });
    let name = match (world.costs.first(), world.costs.last()) {
        (Some(&first), Some(&last)) => format!(
            "Cost over {} steps: from {} to {}",
            world.steps(),
            number::short(first),
            number::short(last)
        ),
        _ => "Cost over the steps: none".to_owned(),
    };
    accessible::name(&response.response, &name);
}
