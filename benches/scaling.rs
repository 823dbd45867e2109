//! How the speed of training grows with width, depth, batch and threads: `cargo bench --bench scaling -- FOLDER` prints
//! a table and writes it to `FOLDER/scaling.csv` and, as a plot, to `FOLDER/scaling.svg`.

mod runs;

use inkgrad::data::DataSets;
use inkgrad::nn::{Activation, BiasInit, Cost, Init, OptimizerKind, Schedule};
use inkgrad::training::{Hyperparameters, all_threads};
use runs::{digits, run};
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// One thing that is varied, with all else as usual.
struct Sweep {
    name: &'static str,
    settings: Vec<(usize, Setting)>,
}

#[derive(Clone)]
struct Setting {
    hidden: Vec<usize>,
    batch: usize,
    threads: usize,
}

struct Measured {
    value: usize,
    examples_per_sec: f64,
    /// Floating-point operations, in 10⁹ a second: a multiplication and an addition are two.
    gflops: f64,
}

const EXAMPLES: usize = 4096;
/// How long each setting is measured, and how often; the best counts, because other programs only slow it down.
const TIME: Duration = Duration::from_millis(400);
const ROUNDS: usize = 3;

fn main() {
    let data = digits(EXAMPLES);
    let results: Vec<(Sweep, Vec<Measured>)> = sweeps()
        .into_iter()
        .map(|sweep| {
            let settings = sweep.settings.iter();
            let measured = settings.map(|(value, setting)| measure(*value, setting, &data));
            let measured: Vec<Measured> = measured.collect();
            (sweep, measured)
        })
        .collect();

    let mut table = "varied,value,examples_per_second,gflops\n".to_owned();
    for (sweep, measured) in &results {
        for point in measured {
            let _ = writeln!(
                table,
                "{},{},{:.0},{:.1}",
                sweep.name, point.value, point.examples_per_sec, point.gflops
            );
        }
    }
    print!("{table}");
    // Cargo adds `--bench`; what is left is the folder.
    let folder = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with("--"));
    if let Some(folder) = folder.map(PathBuf::from) {
        let wrote = std::fs::write(folder.join("scaling.csv"), &table)
            .and_then(|()| std::fs::write(folder.join("scaling.svg"), plot(&results)));
        if let Err(error) = wrote {
            eprintln!("error: {}: {error}", folder.display());
            std::process::exit(1);
        }
    }
}

fn sweeps() -> Vec<Sweep> {
    let usual = Setting {
        hidden: vec![128],
        batch: 64,
        threads: 1,
    };
    let sweep = |name, values: &[usize], change: &dyn Fn(&mut Setting, usize)| Sweep {
        name,
        settings: values
            .iter()
            .map(|&value| {
                let mut setting = usual.clone();
                change(&mut setting, value);
                (value, setting)
            })
            .collect(),
    };
    let threads: Vec<usize> = (1..=all_threads().min(8)).collect();
    vec![
        sweep(
            "width",
            &[16, 32, 64, 128, 256, 512, 1024, 2048],
            &|s, v| s.hidden = vec![v],
        ),
        sweep("depth", &[1, 2, 3, 4, 6, 8], &|s, v| {
            s.hidden = vec![128; v]
        }),
        sweep("batch", &[1, 4, 16, 64, 256, 1024], &|s, v| s.batch = v),
        sweep("threads", &threads, &|s, v| {
            s.hidden = vec![800];
            s.batch = 128;
            s.threads = v;
        }),
    ]
}

fn measure(value: usize, setting: &Setting, data: &Arc<DataSets>) -> Measured {
    let hyperparameters = Hyperparameters {
        hidden_layers: setting.hidden.clone(),
        hidden_activation: Activation::Relu,
        output_activation: Activation::Softmax,
        cost: Cost::CrossEntropy,
        init: Init::He,
        bias_init: BiasInit::Zero,
        optimizer: OptimizerKind::Momentum,
        learning_rate: 0.001,
        schedule: Schedule::Constant,
        batch_size: setting.batch,
        threads: setting.threads,
        ..Hyperparameters::default()
    };
    let mut run = run(hyperparameters, data);
    let sizes = run.network().sizes();
    let mut best = 0.0_f64;
    run.team().work(|| {
        for _ in 0..ROUNDS {
            let (start, mut examples) = (Instant::now(), 0);
            while start.elapsed() < TIME {
                examples += run.step().unwrap().examples;
            }
            best = best.max(examples as f64 / start.elapsed().as_secs_f64());
        }
    });
    // Forward, the gradients, and the errors of all layers but the first.
    let products: usize = sizes.windows(2).map(|pair| pair[0] * pair[1]).sum();
    let per_example = 2 * (3 * products - sizes[0] * sizes[1]);
    Measured {
        value,
        examples_per_sec: best,
        gflops: best * per_example as f64 / 1e9,
    }
}

/// Four small plots beside each other, both axes logarithmic.
fn plot(results: &[(Sweep, Vec<Measured>)]) -> String {
    const SIDE: f64 = 250.0;
    const MARGIN: f64 = 56.0;
    let width = results.len() as f64 * (SIDE + MARGIN) + 24.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} 340\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    let all = || results.iter().flat_map(|(_, measured)| measured);
    let lowest = all()
        .map(|m| m.examples_per_sec)
        .fold(f64::MAX, f64::min)
        .log10()
        .floor();
    let highest = all()
        .map(|m| m.examples_per_sec)
        .fold(0.0, f64::max)
        .log10()
        .ceil();
    for (index, (sweep, measured)) in results.iter().enumerate() {
        let left = MARGIN + index as f64 * (SIDE + MARGIN);
        let (first, last) = match (measured.first(), measured.last()) {
            (Some(first), Some(last)) => (first.value as f64, last.value as f64),
            _ => continue,
        };
        let span = (last / first).log2().max(1.0);
        let x = |value: usize| left + (value as f64 / first).log2() / span * SIDE;
        let y = |speed: f64| 290.0 - (speed.log10() - lowest) / (highest - lowest) * SIDE;
        for power in lowest as i32..=highest as i32 {
            let at = y(10_f64.powi(power));
            let _ = writeln!(
                svg,
                "<line x1=\"{left:.0}\" x2=\"{:.0}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#dddddd\"/>\
                 <text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">10<tspan dy=\"-5\" font-size=\"9\">{power}</tspan></text>",
                left + SIDE,
                left - 6.0,
                at + 4.0
            );
        }
        let points: Vec<String> = measured
            .iter()
            .map(|m| format!("{:.1},{:.1}", x(m.value), y(m.examples_per_sec)))
            .collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"#1f6fb2\" stroke-width=\"2\"/>",
            points.join(" ")
        );
        for point in measured {
            let (x, y) = (x(point.value), y(point.examples_per_sec));
            let _ = writeln!(
                svg,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"#1f6fb2\"/>\
                 <text x=\"{x:.1}\" y=\"306\" text-anchor=\"middle\">{}</text>",
                point.value
            );
        }
        let _ = writeln!(
            svg,
            "<text x=\"{:.0}\" y=\"328\" text-anchor=\"middle\" font-weight=\"bold\">{}</text>",
            left + SIDE / 2.0,
            sweep.name
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"12\" y=\"22\" font-weight=\"bold\">Training examples per second</text>\n</svg>"
    );
    svg
}
