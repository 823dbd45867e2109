use super::Window;
use crate::app::{AppState, Run};
use crate::training::{Sample, Validation};
use crate::ui::theme::palette;
use egui::{Color32, Id, Ui};
use egui_plot::{
    FilledArea, GridInput, GridMark, HoverPosition, Line, LineStyle, Plot, PlotPoints, Points,
};
use std::ops::RangeInclusive;

/// What is drawn of each layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    GradientNorm,
    UpdateRatio,
}

/// Costs below this are drawn at it on a logarithmic axis, which has no place for 0.
const SMALLEST_LOGGED: f64 = 1e-6;

/// Dots on the line that are no farther from each other, in points, would only make it thicker.
const CLOSEST_DOTS: f64 = 7.5;

/// The colour of run `index`.
pub fn run_color(ui: &Ui, index: usize) -> Color32 {
    let colors = &palette(ui).runs;
    colors[index % colors.len()]
}

fn run_colors(ui: &Ui, state: &AppState) -> Vec<Color32> {
    (0..state.runs.all.len())
        .map(|index| run_color(ui, index))
        .collect()
}

/// The dash of run `index`: a second sign beside the colour.
pub fn run_style(index: usize) -> LineStyle {
    match index % 3 {
        0 => LineStyle::Solid,
        1 => LineStyle::Dashed { length: 8.0 },
        _ => LineStyle::Dotted { spacing: 5.0 },
    }
}

/// Cost of the mini-batches (thin) and of the validation examples (thick).
pub fn cost(ui: &mut Ui, state: &AppState, window: Window, log: bool, size: [f32; 2]) {
    let scale = move |cost: f32| {
        let cost = f64::from(cost);
        if log {
            cost.max(SMALLEST_LOGGED).log10()
        } else {
            cost
        }
    };
    let plot = plot(
        ui,
        "cost",
        if log { "cost (log)" } else { "cost" },
        epochs(state, window),
        size,
    )
    .label_formatter(move |hover| hover_text(hover, |y| cost_text(y, log)));
    let plot = if log {
        plot.y_axis_formatter(|mark: GridMark, _: &RangeInclusive<f64>| power_of_ten(mark.value))
    } else {
        plot.include_y(0.0)
            .y_axis_formatter(|mark: GridMark, _: &RangeInclusive<f64>| plain(mark.value))
    };
    let colors = run_colors(ui, state);
    plot.show(ui, |plot| {
        for (index, run) in shown(state, window) {
            let color = colors[index];
            let points: PlotPoints<'_> = samples(run, window)
                .iter()
                .map(|sample| [f64::from(sample.epoch), scale(sample.cost)])
                .collect();
            let thin =
                Line::new(format!("{}, mini-batches", run.name), points).id(("batches", index));
            plot.line(
                thin.color(color.gamma_multiply(0.55))
                    .width(1.0)
                    .style(LineStyle::Solid),
            );
            let points: Vec<[f64; 2]> = validation(run, window)
                .iter()
                .map(|point| [f64::from(point.epoch), scale(point.cost)])
                .collect();
            thick(plot, index, &run.name, points, color);
        }
    });
}

/// Accuracy on the validation examples, with its two standard errors as a band.
pub fn accuracy(ui: &mut Ui, state: &AppState, window: Window, size: [f32; 2]) {
    let plot = plot(ui, "accuracy", "accuracy", epochs(state, window), size)
        .label_formatter(|hover| hover_text(hover, |y| format!("{y:.2} %")))
        .y_axis_formatter(|mark: GridMark, _: &RangeInclusive<f64>| {
            // Nothing above 100 % is an accuracy, though the margin reaches there.
            if mark.value > 100.0 {
                String::new()
            } else {
                format!("{} %", plain(mark.value))
            }
        });
    // The whole run is seen against the whole scale; its newest part in detail.
    let plot = match window {
        Window::Whole => plot.include_y(0.0).include_y(100.0),
        Window::Recent => plot,
    };
    let colors = run_colors(ui, state);
    plot.show(ui, |plot| {
        for (index, run) in shown(state, window) {
            let color = colors[index];
            let points = validation(run, window);
            let xs: Vec<f64> = points.iter().map(|point| f64::from(point.epoch)).collect();
            let bound = |sign: f32| -> Vec<f64> {
                points
                    .iter()
                    .map(|point| f64::from(100.0 * (point.accuracy + sign * point.two_sigma)))
                    .collect()
            };
            if xs.len() > 1 {
                let band =
                    FilledArea::new(format!("{} ± 2σ", run.name), &xs, &bound(-1.0), &bound(1.0));
                plot.add(band.fill_color(color.gamma_multiply(0.18)));
            }
            let line = points
                .iter()
                .zip(&xs)
                .map(|(point, &x)| [x, f64::from(100.0 * point.accuracy)])
                .collect();
            thick(plot, index, &run.name, line, color);
        }
    });
}

/// A sign of health of each layer of the present run, on a logarithmic axis.
pub fn layers(ui: &mut Ui, state: &AppState, health: Health, size: [f32; 2]) {
    let what = match health {
        Health::GradientNorm => "gradient norm",
        Health::UpdateRatio => "update / weight",
    };
    let plot = plot(ui, "layers", what, epochs(state, Window::Whole), size)
        .label_formatter(|hover| hover_text(hover, |y| format!("{:.2e}", 10f64.powf(y))))
        .legend(egui_plot::Legend::default())
        .y_axis_formatter(|mark: GridMark, _: &RangeInclusive<f64>| power_of_ten(mark.value));
    let colors = palette(ui).runs;
    plot.show(ui, |plot| {
        let Some(run) = state.runs.current() else {
            return;
        };
        for layer in 0..run.history.layer_count() {
            let values = match health {
                Health::GradientNorm => run.history.gradient_norms(layer),
                Health::UpdateRatio => run.history.update_ratios(layer),
            };
            let points: PlotPoints<'_> = run
                .history
                .whole()
                .iter()
                .zip(values)
                .filter(|(_, value)| **value > 0.0)
                .map(|(sample, value)| [f64::from(sample.epoch), f64::from(*value).log10()])
                .collect();
            let line = Line::new(format!("Layer {}", layer + 1), points);
            plot.line(
                line.color(colors[layer % colors.len()])
                    .width(1.5)
                    .style(run_style(layer)),
            );
        }
    });
}

fn plot<'a>(
    ui: &Ui,
    name: &'static str,
    y_label: &'static str,
    epochs: RangeInclusive<f64>,
    [width, height]: [f32; 2],
) -> Plot<'a> {
    let linked = Id::unique("curves over epochs");
    // In a low window the lines need the room of the labels; the choice above names them.
    let tall = height >= 110.0;
    Plot::new(name)
        .width(width)
        .height(height)
        .link_axis(linked, [true, false])
        .link_cursor(linked, [true, false])
        .x_axis_label(if tall { "epochs" } else { "" })
        .y_axis_label(if tall { y_label } else { "" })
        .x_axis_formatter(|mark: GridMark, _: &RangeInclusive<f64>| plain(mark.value))
        .x_grid_spacer(|input| marks(input, 10.0))
        .y_grid_spacer(|input| marks(input, 3.0))
        .include_x(*epochs.start())
        .include_x(*epochs.end())
        .allow_scroll(false)
        .set_margin_fraction(egui::vec2(0.02, 0.06))
        .y_axis_min_width(46.0)
        .grid_color(palette(ui).outline)
}

/// Lines at round numbers, `spread` times as far apart as lines may lie at the closest (8 points).
pub fn marks(input: GridInput, spread: f64) -> Vec<GridMark> {
    let step_size = round_up(input.base_step_size * spread);
    let (from, to) = input.bounds;
    // More lines than this cannot be told apart on any screen.
    let count = ((to - from) / step_size).clamp(0.0, 200.0) as i64;
    let first = (from / step_size).ceil() as i64;
    (first..=first + count)
        .map(|index| GridMark {
            value: index as f64 * step_size,
            step_size,
        })
        .collect()
}

/// The next of …, 0.1, 0.2, 0.5, 1, 2, 5, 10, … that is not below `step`.
fn round_up(step: f64) -> f64 {
    let decade = 10f64.powf(step.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * decade)
        .find(|&rounded| rounded >= step * 0.999)
        .unwrap_or(step)
}

fn thick<'a>(
    plot: &mut egui_plot::PlotUi<'a>,
    index: usize,
    name: &str,
    points: Vec<[f64; 2]>,
    color: Color32,
) {
    if apart(plot, &points) > CLOSEST_DOTS {
        let dots = Points::new(
            format!("{name}, validation"),
            PlotPoints::from(points.clone()),
        );
        plot.points(
            dots.id(("dots", index))
                .color(color)
                .radius(2.5)
                .allow_hover(false),
        );
    }
    let line = Line::new(format!("{name}, validation"), PlotPoints::from(points))
        .id(("validation", index));
    plot.line(line.color(color).width(2.5).style(run_style(index)));
}

/// How far points are from each other on the screen, on average.
fn apart(plot: &egui_plot::PlotUi<'_>, points: &[[f64; 2]]) -> f64 {
    match points {
        [first, .., last] => {
            let width = (last[0] - first[0]) * plot.transform().dpos_dvalue_x();
            width / (points.len() - 1) as f64
        }
        // One by itself is in nobody's way.
        _ => f64::INFINITY,
    }
}

/// From the first to the last epoch that is drawn, so that all plots reach as far.
fn epochs(state: &AppState, window: Window) -> RangeInclusive<f64> {
    let ends = shown(state, window).filter_map(|(_, run)| {
        let samples = samples(run, window);
        Some((samples.first()?.epoch, samples.last()?.epoch))
    });
    let first = match window {
        Window::Whole => 0.0,
        Window::Recent => ends
            .clone()
            .map(|(first, _)| first)
            .fold(f32::MAX, f32::min),
    };
    // A run that has not begun has some width as well, the same in all plots.
    let last = ends.map(|(_, last)| last).fold(first + 0.1, f32::max);
    f64::from(first)..=f64::from(last)
}

/// The runs to draw: all that are switched on, or the present one alone where its newest steps are looked at.
fn shown(state: &AppState, window: Window) -> impl Iterator<Item = (usize, &Run)> + Clone {
    let last = state.runs.all.len().saturating_sub(1);
    state
        .runs
        .all
        .iter()
        .enumerate()
        .filter(move |(index, run)| match window {
            Window::Whole => run.visible,
            Window::Recent => *index == last,
        })
}

fn samples(run: &Run, window: Window) -> &[Sample] {
    match window {
        Window::Whole => run.history.whole(),
        Window::Recent => run.history.recent(),
    }
}

fn validation(run: &Run, window: Window) -> &[Validation] {
    let all = run.history.validation();
    let since = match (window, run.history.recent().first()) {
        (Window::Recent, Some(first)) => first.epoch,
        _ => 0.0,
    };
    &all[all.partition_point(|point| point.epoch < since)..]
}

fn hover_text(hover: &HoverPosition<'_>, value: impl Fn(f64) -> String) -> Option<String> {
    match hover {
        HoverPosition::NearDataPoint {
            plot_name,
            position,
            ..
        } => Some(format!(
            "{plot_name}\nepoch {:.2}: {}",
            position.x,
            value(position.y)
        )),
        HoverPosition::Elsewhere { .. } => None,
    }
}

fn cost_text(y: f64, log: bool) -> String {
    format!("cost {:.4}", if log { 10f64.powf(y) } else { y })
}

/// The tick of a logarithmic axis at `exponent`: 0.001, 0.01, 0.3, 1, 10.
fn power_of_ten(exponent: f64) -> String {
    let value = 10f64.powf(exponent);
    if value >= 0.001 {
        plain(value)
    } else {
        format!("{value:.0e}")
    }
}

/// A number without needless digits: 0, 0.5, 1.25.
fn plain(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_of_a_logarithmic_axis_read_as_plain_numbers() {
        assert_eq!(power_of_ten(0.0), "1");
        assert_eq!(power_of_ten(-2.0), "0.01");
        assert_eq!(power_of_ten(1.0), "10");
        assert_eq!(power_of_ten(-5.0), "1e-5");
    }

    #[test]
    fn lines_of_the_grid_lie_at_round_numbers() {
        assert_eq!(round_up(0.03), 0.05);
        assert_eq!(round_up(1.0), 1.0);
        assert_eq!(round_up(13.0), 20.0);
        let input = GridInput {
            bounds: (0.0, 100.0),
            base_step_size: 5.0,
        };
        let values: Vec<f64> = marks(input, 3.0).iter().map(|mark| mark.value).collect();
        assert_eq!(values, [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
    }

    #[test]
    fn neighbouring_runs_differ_by_dash_as_well_as_by_colour() {
        assert_ne!(run_style(0), run_style(1));
        assert_ne!(run_style(1), run_style(2));
    }
}
