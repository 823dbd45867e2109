use super::Stop;
use super::bar::bar;
use super::chosen::Writers;
use super::interrupt::Interrupt;
use super::load::load;
use crate::data::{DataSets, DataSource, Dataset, Examples, grouped, read_drawings};
use crate::ink::{Cells, Drawing, Ink, cells_of};
use crate::model_file::resolve_model;
use crate::nn::{Evaluation, Network};
use crate::training::{PractiseError, PractiseSetup, evaluate, practise};
use clap::Args;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, Args)]
pub(super) struct EvalPractiseOptions {
    /// A model file, or a name as `inkgrad models` lists them
    model: String,

    /// Labelled drawings that name their writers
    #[arg(long, value_name = "FILE")]
    drawings: PathBuf,

    /// Only these writers, as in 25-30 or 3,7
    #[arg(long, value_name = "NUMBERS")]
    writers: Option<Writers>,

    /// Drawings of each digit that a writer shows; of three and more every third is kept aside, as when practising
    #[arg(long, value_name = "N", default_value_t = 1)]
    shown: usize,

    /// How often every writer begins anew, with other drawings
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    times: u32,

    /// What the network is not to forget: mixed in, and its validation examples scored before and after
    #[arg(long)]
    data: String,

    /// Chooses the drawings, and how they are practised
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

/// One writer, once: some drawings of each digit are shown, the others judge.
struct Trial<'a> {
    writer: u32,
    time: u32,
    digits: &'a [Digit],
}

/// A labelled drawing, and how a network sees it.
struct Digit {
    drawing: Drawing,
    label: u8,
    cells: Cells,
}

/// What practising did for a writer's other drawings and for the replay.
struct Outcome {
    writer: u32,
    judged: u32,
    errors: [u32; 2],
    /// Validation examples of the replay, 0..=1.
    replay: [f64; 2],
}

/// All outcomes of one writer.
#[derive(Default)]
struct Hand {
    judged: u32,
    errors: [u32; 2],
}

pub(super) fn eval_practise(options: &EvalPractiseOptions) -> Result<(), Stop> {
    let network = Arc::new(
        resolve_model(&options.model)
            .map_err(Stop::sentence)?
            .network,
    );
    let by_writer = by_writer(options)?;
    let interrupt = Interrupt::listen().map_err(Stop::sentence)?;
    let source = DataSource::parse(&options.data).map_err(Stop::sentence)?;
    let replay = Arc::new(load(&source, || interrupt.flow())?);

    let trials: Vec<Trial<'_>> = by_writer
        .iter()
        .flat_map(|(&writer, digits)| {
            (0..options.times).map(move |time| Trial {
                writer,
                time,
                digits,
            })
        })
        .collect();
    let bar = bar(trials.len() as u64, "Practising {wide_bar} {pos}/{len}");
    let outcomes: Result<Vec<Outcome>, PractiseError> = trials
        .par_iter()
        .map(|trial| {
            let outcome = trial.run(options, &network, &replay, &interrupt);
            bar.inc(1);
            outcome
        })
        .collect();
    bar.finish_and_clear();
    let outcomes = outcomes.map_err(Stop::sentence)?;
    write_outcomes(&mut io::stdout().lock(), options, &replay.name, &outcomes)?;
    Ok(())
}

/// The labelled drawings with ink of each chosen writer.
fn by_writer(options: &EvalPractiseOptions) -> Result<BTreeMap<u32, Vec<Digit>>, Stop> {
    let place = options.drawings.display();
    let mut by_writer: BTreeMap<u32, Vec<Digit>> = BTreeMap::new();
    for drawing in read_drawings(&options.drawings).map_err(Stop::sentence)? {
        let Some(writer) = drawing.writer else {
            return Err(Stop::Sentence(format!(
                "{place}: a drawing does not name its writer, so nobody knows whose hand it is; \
                 every line needs \"writer\""
            )));
        };
        let is_chosen = options.writers.as_ref().is_none_or(|w| w.contain(writer));
        if !is_chosen {
            continue;
        }
        if let (Some(label), Ok(cells)) = (drawing.label, cells_of(Ink::Drawing(&drawing))) {
            by_writer.entry(writer).or_default().push(Digit {
                drawing,
                label,
                cells,
            });
        }
    }
    if by_writer.is_empty() {
        return Err(Stop::Sentence(format!(
            "{place}: there is no labelled drawing by the chosen writers"
        )));
    }
    let without_judges = by_writer.iter().find(|(_, digits)| {
        let (_, others) = shown_and_others(digits.iter(), options.shown);
        others.is_empty()
    });
    match without_judges {
        Some((writer, _)) => Err(Stop::Sentence(format!(
            "{place}: writer {writer} has shown every drawing with --shown {}, and none is left to judge by",
            options.shown
        ))),
        None => Ok(by_writer),
    }
}

/// The first `of_each` of every digit, and the others.
fn shown_and_others<'a>(
    digits: impl Iterator<Item = &'a Digit>,
    of_each: usize,
) -> (Vec<&'a Digit>, Vec<&'a Digit>) {
    let mut seen = [0; 10];
    digits.partition(|digit| {
        let seen = &mut seen[usize::from(digit.label)];
        *seen += 1;
        *seen <= of_each
    })
}

impl Trial<'_> {
    fn run(
        &self,
        options: &EvalPractiseOptions,
        network: &Arc<Network>,
        replay: &Arc<DataSets>,
        interrupt: &Interrupt,
    ) -> Result<Outcome, PractiseError> {
        let seed = options.seed.wrapping_add(u64::from(self.time));
        let mut digits: Vec<&Digit> = self.digits.iter().collect();
        digits.shuffle(&mut StdRng::seed_from_u64(
            seed.wrapping_mul(1_000_003)
                .wrapping_add(self.writer.into()),
        ));
        let (shown, others) = shown_and_others(digits.into_iter(), options.shown);
        let setup = PractiseSetup {
            network: Arc::clone(network),
            replay: Arc::clone(replay),
            own: shown.iter().map(|digit| digit.drawing.clone()).collect(),
            seed,
        };
        let practised = practise(&setup, &mut |_| interrupt.flow())?;
        let judges = examples(&others);
        let errors = [network, &practised.network].map(|network| {
            let evaluation = evaluate(network, &judges);
            evaluation.count() - evaluation.correct()
        });
        let replay = [&practised.replay.before, &practised.replay.after].map(Evaluation::accuracy);
        Ok(Outcome {
            writer: self.writer,
            judged: others.len() as u32,
            errors,
            replay,
        })
    }
}

fn examples(digits: &[&Digit]) -> Examples {
    let images = digits.iter().flat_map(|digit| digit.cells.0).collect();
    let labels = digits.iter().map(|digit| digit.label).collect();
    Examples::all(Arc::new(Dataset::new(images, labels).unwrap_or_default()))
}

fn write_outcomes(
    out: &mut impl Write,
    options: &EvalPractiseOptions,
    replay_name: &str,
    outcomes: &[Outcome],
) -> io::Result<()> {
    let mut hands: BTreeMap<u32, Hand> = BTreeMap::new();
    let mut all = Hand::default();
    for outcome in outcomes {
        for hand in [hands.entry(outcome.writer).or_default(), &mut all] {
            hand.judged += outcome.judged;
            hand.errors = [0, 1].map(|i| hand.errors[i] + outcome.errors[i]);
        }
    }
    writeln!(out, "model      {}", options.model)?;
    writeln!(
        out,
        "shown      {} of each digit by each of {} writers in {}, {} times",
        options.shown,
        hands.len(),
        options.drawings.display(),
        options.times
    )?;
    let per_cent = |part: u32, of: u32| 100.0 * f64::from(part) / f64::from(of);
    writeln!(
        out,
        "errors     {:.2} % before, {:.2} % after, of {} other drawings",
        per_cent(all.errors[0], all.judged),
        per_cent(all.errors[1], all.judged),
        grouped(all.judged.into())
    )?;
    let mut left: Vec<f64> = hands
        .values()
        .filter(|hand| hand.errors[0] > 0)
        .map(|hand| f64::from(hand.errors[1]) / f64::from(hand.errors[0]))
        .collect();
    match median(&mut left) {
        Some(median) => {
            let of = match left.len() {
                1 => "of the one hand that had any".to_owned(),
                hands => format!("median of the {hands} hands that had any"),
            };
            writeln!(
                out,
                "left       {:.0} % of a hand's errors ({of})",
                100.0 * median
            )?;
        }
        None => writeln!(out, "left       no hand had an error")?,
    }
    if let Some(first) = outcomes.first().filter(|o| o.replay[0].is_finite()) {
        let changes: Vec<f64> = outcomes
            .iter()
            .map(|outcome| 100.0 * (outcome.replay[1] - outcome.replay[0]))
            .collect();
        writeln!(
            out,
            "kept       {replay_name}, validation: {:.2} % before, {:+.2} points after (mean; {:+.2} at worst)",
            100.0 * first.replay[0],
            changes.iter().sum::<f64>() / changes.len() as f64,
            changes.iter().copied().fold(f64::INFINITY, f64::min)
        )?;
    }
    writeln!(out, "\nwriter  drawings  errors before  errors after")?;
    for (writer, hand) in &hands {
        let Hand { judged, errors } = hand;
        writeln!(
            out,
            "{writer:>6}  {judged:>8}  {:>13}  {:>12}",
            errors[0], errors[1]
        )?;
    }
    out.flush()
}

/// The middle of the values, which it sorts, or the mean of the two there; `None` of none.
fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.get(values.len() / 2)?;
    Some((values[(values.len() - 1) / 2] + middle) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_each_digit_are_shown_in_the_order_given() {
        let digits = [7, 3, 3, 7, 3, 1].map(|label| Digit {
            drawing: Drawing::new([10.0, 10.0]),
            label,
            cells: Cells::BLANK,
        });
        let place = |digit: &Digit| digits.iter().position(|other| std::ptr::eq(other, digit));
        let (shown, others) = shown_and_others(digits.iter(), 1);
        assert_eq!(
            shown.into_iter().filter_map(place).collect::<Vec<_>>(),
            [0, 1, 5]
        );
        assert_eq!(
            others.into_iter().filter_map(place).collect::<Vec<_>>(),
            [2, 3, 4]
        );
        assert!(shown_and_others(digits.iter(), 9).1.is_empty());
    }

    #[test]
    fn the_median_of_an_even_number_is_between_the_two_in_the_middle() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0]), Some(3.0));
        assert_eq!(median(&mut [9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [9.0, 1.0, 2.0, 4.0]), Some(3.0));
    }
}
