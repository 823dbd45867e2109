use super::arrows::cosine_text;
use crate::app::AveragedNudges;
use crate::explain::{DrawnBatches, Settling};
use crate::ui::theme::{Palette, palette};
use crate::ui::{accessible, number};
use egui::{Align, Layout, Rangef, RichText, Ui};
use egui_plot::{
    AxisHints, FilledArea, GridMark, HoverPosition, Line, LineStyle, Plot, PlotPoints, PlotUi,
    Points, VLine,
};
use std::ops::RangeInclusive;

const HEIGHT: f32 = 128.0;
const LOW_HEIGHT: f32 = 104.0;
/// In a lower place the plots stand side by side, so that what they mean is seen as well.
const ROOM_FOR_BOTH: f32 = 470.0;

/// Two plots over the size of the mini-batch, and what they mean in numbers.
pub fn ui(ui: &mut Ui, settling: &Settling, averaged: &AveragedNudges, room: f32) {
    let sizes = with_this_size(settling, averaged.drawn.as_ref());
    if room < ROOM_FOR_BOTH {
        ui.columns(2, |columns| {
            let left = Layout::top_down(Align::Min);
            columns[0].with_layout(left, |ui| {
                cosines(ui, settling, &sizes, averaged, LOW_HEIGHT);
            });
            columns[1].with_layout(left, |ui| {
                distances(ui, settling, &sizes, averaged, LOW_HEIGHT);
            });
        });
    } else {
        cosines(ui, settling, &sizes, averaged, HEIGHT);
        distances(ui, settling, &sizes, averaged, HEIGHT);
    }
    for sentence in sentences(settling, averaged) {
        ui.label(sentence);
    }
}

/// What is drawn, above a plot.
fn caption(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).small().color(palette(ui).weak_text));
}

/// The measured sizes, and the one on the screen among them.
fn with_this_size<'a>(
    settling: &'a Settling,
    drawn: Option<&'a DrawnBatches>,
) -> Vec<&'a DrawnBatches> {
    let mut sizes: Vec<&DrawnBatches> = settling.sizes.iter().collect();
    if let Some(drawn) = drawn {
        let place = sizes.partition_point(|other| other.size < drawn.size);
        if sizes
            .get(place)
            .is_none_or(|other| other.size != drawn.size)
        {
            sizes.insert(place, drawn);
        }
    }
    sizes
}

fn cosines(
    ui: &mut Ui,
    settling: &Settling,
    sizes: &[&DrawnBatches],
    averaged: &AveragedNudges,
    height: f32,
) {
    let colors = palette(ui);
    let count = number::grouped(settling.whole.count);
    caption(
        ui,
        &format!("Cosine with the gradient of all {count} training digits as they are"),
    );
    let plot = plot("cosines", height)
        .include_y(0.0)
        .include_y(1.0)
        .y_axis_formatter(|mark: GridMark, _: &RangeInclusive<f64>| {
            if mark.value > 1.01 {
                String::new()
            } else {
                cosine_text(mark.value)
            }
        })
        .label_formatter(|hover| hover_text(hover, cosine_text));
    let own = averaged.nudges.mean.with_whole;
    let response = plot.show(ui, |plot| {
        band(plot, sizes, DrawnBatches::cosines, |cosine| cosine, colors);
        this_size(plot, averaged, own, colors);
    });
    let name = "Cosine of mini-batch means with the whole gradient, for sizes 1 to 1,000";
    accessible::name(&response.response, name);
}

fn distances(
    ui: &mut Ui,
    settling: &Settling,
    sizes: &[&DrawnBatches],
    averaged: &AveragedNudges,
    height: f32,
) {
    let colors = palette(ui);
    let size = averaged.request.len();
    caption(
        ui,
        "Error, in lengths of that gradient; dashed: expected, as 1/√B",
    );
    let plot = plot("distances", height)
        .y_axis_formatter(|mark: GridMark, _: &RangeInclusive<f64>| power_of_ten(mark.value))
        .y_grid_spacer(|input| decades(input.bounds))
        .label_formatter(|hover| hover_text(hover, |y| number::short(10f64.powf(y) as f32)));
    let response = plot.show(ui, |plot| {
        band(plot, sizes, DrawnBatches::distances, f64::log10, colors);
        let expected = sizes
            .iter()
            .map(|drawn| (drawn.size, settling.whole.expected_distance(drawn.size)));
        let points: PlotPoints<'_> = expected
            .filter(|(_, distance)| *distance > 0.0)
            .map(|(size, distance)| [(size as f64).log10(), distance.log10()])
            .collect();
        let line = Line::new("expected, as 1/√B", points).color(colors.text);
        plot.line(line.width(1.5).style(LineStyle::dashed_loose()));
        plot.vline(
            VLine::new("B", (size as f64).log10())
                .color(colors.runs[2])
                .width(1.0),
        );
    });
    let name = "Error of mini-batch means, falling as one over the root of their size";
    accessible::name(&response.response, name);
}

/// Smallest to largest as a band, the mean as a line, and each mini-batch as a dot.
fn band<'a>(
    plot: &mut PlotUi<'a>,
    sizes: &[&DrawnBatches],
    spread: fn(&DrawnBatches) -> [f64; 3],
    scale: fn(f64) -> f64,
    colors: &Palette,
) {
    let xs: Vec<f64> = sizes
        .iter()
        .map(|drawn| (drawn.size as f64).log10())
        .collect();
    let at = |which: usize| -> Vec<f64> {
        sizes
            .iter()
            .map(|drawn| scale(spread(drawn)[which]))
            .collect()
    };
    let color = colors.runs[1];
    plot.add(
        FilledArea::new("smallest to largest", &xs, &at(1), &at(2))
            .fill_color(color.gamma_multiply(0.22)),
    );
    let means: PlotPoints<'_> = xs.iter().zip(at(0)).map(|(&x, y)| [x, y]).collect();
    plot.line(
        Line::new("several mini-batches together", means)
            .color(color)
            .width(2.0),
    );
}

/// Where the mini-batch on the screen is.
fn this_size<'a>(
    plot: &mut PlotUi<'a>,
    averaged: &AveragedNudges,
    cosine: Option<f64>,
    colors: &Palette,
) {
    let x = (averaged.request.len() as f64).log10();
    plot.vline(VLine::new("B", x).color(colors.runs[2]).width(1.0));
    if let Some(cosine) = cosine {
        let point = Points::new("this mini-batch", vec![[x, cosine]]);
        plot.points(point.radius(5.0).color(colors.runs[2]));
    }
}

/// Over the logarithm of the batch size; it stands still.
fn plot<'a>(name: &'static str, height: f32) -> Plot<'a> {
    Plot::new(("settling", name))
        .height(height)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .include_x(-0.05)
        .include_x(3.05)
        .y_axis_min_width(40.0)
        .x_grid_spacer(|_| decades((0.0, 3.0)))
        .custom_x_axes(vec![
            // Four numbers have room also where the plot is narrow.
            AxisHints::new_x()
                .label_spacing(Rangef::new(18.0, 26.0))
                .formatter(|mark: GridMark, _: &RangeInclusive<f64>| {
                    let text = number::grouped(10f64.powf(mark.value).round() as usize);
                    if mark.value < 0.5 {
                        format!("B = {text}")
                    } else {
                        text
                    }
                }),
        ])
}

/// A line at every power of ten.
fn decades((from, to): (f64, f64)) -> Vec<GridMark> {
    let powers = from.ceil() as i64..=to.floor() as i64;
    powers
        .map(|power| GridMark {
            value: power as f64,
            step_size: 1.0,
        })
        .collect()
}

fn power_of_ten(exponent: f64) -> String {
    number::short(10f64.powf(exponent) as f32)
}

fn hover_text(hover: &HoverPosition<'_>, value: impl Fn(f64) -> String) -> Option<String> {
    match hover {
        HoverPosition::NearDataPoint {
            plot_name,
            position,
            ..
        } => Some(format!(
            "{plot_name}\nB = {}: {}",
            number::grouped(10f64.powf(position.x).round() as usize),
            value(position.y)
        )),
        HoverPosition::Elsewhere { .. } => None,
    }
}

/// What the plots say about this size, and what a step costs.
fn sentences(settling: &Settling, averaged: &AveragedNudges) -> Vec<String> {
    let whole = &settling.whole;
    let size = averaged.request.len();
    let mut sentences = Vec::new();
    if let Some(drawn) = &averaged.drawn {
        let [mean, least, most] = drawn.cosines();
        sentences.push(format!(
            "B = {}: cosine {} on average, {} to {} in {} mini-batches",
            number::grouped(size),
            cosine_text(mean),
            cosine_text(least),
            cosine_text(most),
            drawn.agreements.len()
        ));
    }
    let distance = whole.expected_distance(size);
    sentences.push(format!(
        "Stochastic descent wobbles because the mean of so few points aside: its error is about {} times as long as \
         the true gradient. It shrinks as 1/√B, so half the error takes four times the digits; from B ≈ {} on there is \
         more direction than chance",
        rounded(distance),
        number::grouped(whole.noise_scale().ceil().max(1.0) as usize)
    ));
    let ratio = whole.count as f64 / size.max(1) as f64;
    sentences.push(format!(
        "It is cheap: a step looks at {} of {} digits, so {} steps cost as much as one exact step",
        number::grouped(size),
        number::grouped(whole.count),
        number::grouped(ratio.round() as usize)
    ));
    sentences
}

/// "2.3", "40": nobody reads more.
fn rounded(times: f64) -> String {
    if times < 10.0 {
        format!("{times:.1}")
    } else {
        number::grouped(times.round() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_multiple_is_read_at_a_glance() {
        assert_eq!(rounded(2.345), "2.3");
        assert_eq!(rounded(39.6), "40");
    }

    #[test]
    fn lines_lie_at_powers_of_ten() {
        let values: Vec<f64> = decades((-0.7, 2.2)).iter().map(|mark| mark.value).collect();
        assert_eq!(values, [0.0, 1.0, 2.0]);
        assert_eq!(power_of_ten(-1.0), "0.100");
        assert_eq!(power_of_ten(1.0), "10");
    }
}
