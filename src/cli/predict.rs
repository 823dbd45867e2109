use super::{Stop, print_error};
use crate::answering::{Gate, Judgement, Verdict};
use crate::data::read_drawings;
use crate::ink::{Blank, Cells, Ink, cells_of, open_picture};
use crate::model_file::{Model, resolve_model};
use clap::Args;
use serde::Serialize;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct PredictOptions {
    /// Pictures (PNG, JPEG, …) or drawings files (.jsonl), each drawing of which is answered
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// A model file (JSON or safetensors), or a name as `inkgrad models` lists them
    #[arg(long, default_value = "default")]
    model: String,

    /// Print {"file", "digit", "probabilities", "confidence", "sure", "refused"} on a line for each picture
    #[arg(long)]
    json: bool,
}

/// The answer for programs to read.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    file: &'a str,
    digit: usize,
    /// The outputs of the network, as they are.
    probabilities: Vec<f32>,
    /// The calibrated probability of the digit; null where the model was never calibrated.
    confidence: Option<f32>,
    sure: Option<bool>,
    /// It does not look like a digit.
    refused: bool,
}

/// Answers every file; one that cannot be read does not keep the others from their answers.
pub(super) fn predict(options: &PredictOptions) -> Result<(), Stop> {
    let model = resolve_model(&options.model).map_err(Stop::sentence)?;
    let mut out = io::stdout().lock();
    let mut all_answered = true;
    for file in &options.files {
        for (name, input) in inputs(file) {
            match input {
                Ok(input) => write_answer(&mut out, &model, &name, &input, options.json)?,
                Err(sentence) => {
                    // What was answered so far comes first, also where both outputs are the same screen.
                    out.flush()?;
                    print_error(&sentence);
                    all_answered = false;
                }
            }
        }
    }
    out.flush()?;
    if all_answered {
        Ok(())
    } else {
        Err(Stop::Reported)
    }
}

/// What a file holds, each with its name: the network's input, or a sentence.
fn inputs(file: &Path) -> Vec<(String, Result<Cells, String>)> {
    let name = file.display().to_string();
    let is_drawings = file.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("jsonl") || extension.eq_ignore_ascii_case("json")
    });
    if !is_drawings {
        let input = open_picture(file)
            .map_err(|error| error.to_string())
            .and_then(|picture| input(&name, Ink::Picture(&picture)));
        return vec![(name, input)];
    }
    match read_drawings(file) {
        Err(error) => vec![(name, Err(error.to_string()))],
        Ok(drawings) if drawings.is_empty() => {
            let sentence = format!("{name} holds no drawings");
            vec![(name, Err(sentence))]
        }
        Ok(drawings) => drawings
            .iter()
            .enumerate()
            .map(|(index, drawing)| {
                let name = format!("{name}:{}", index + 1);
                let input = input(&name, Ink::Drawing(drawing));
                (name, input)
            })
            .collect(),
    }
}

fn input(name: &str, ink: Ink<'_>) -> Result<Cells, String> {
    cells_of(ink).map_err(|Blank| format!("{name} is blank: there is no digit to read"))
}

fn write_answer(
    out: &mut impl Write,
    model: &Model,
    name: &str,
    cells: &Cells,
    json: bool,
) -> io::Result<()> {
    let outputs = model.network.predict(&cells.input()).to_vec();
    let judgement = Judgement::new(
        &model.network,
        model.calibration.as_ref(),
        Gate::bundled(),
        cells,
        &outputs,
    );
    // The calibrated probabilities have the same order as the outputs.
    let shown = judgement.probabilities.as_ref().unwrap_or(&outputs);
    let [digit, second] = two_strongest(&outputs);
    let percent = |digit: usize| 100.0 * shown.get(digit).copied().unwrap_or(f32::NAN);
    if json {
        let answer = Answer {
            file: name,
            digit,
            confidence: judgement.probabilities.as_ref().map(|all| all[digit]),
            sure: match judgement.verdict {
                Verdict::NotCalibrated => None,
                verdict => Some(verdict == Verdict::Sure),
            },
            refused: judgement.verdict == Verdict::NotADigit,
            probabilities: outputs,
        };
        return writeln!(out, "{}", serde_json::to_string(&answer)?);
    }
    match judgement.verdict {
        Verdict::Sure => writeln!(out, "{name}: {digit} ({:.1} %)", percent(digit)),
        Verdict::NotSure => writeln!(
            out,
            "{name}: not sure: {digit} or {second} ({:.1} % and {:.1} %)",
            percent(digit),
            percent(second)
        ),
        Verdict::NotADigit => writeln!(out, "{name}: not a digit (closest: {digit})"),
        Verdict::NotCalibrated => {
            writeln!(
                out,
                "{name}: {digit} ({:.1} %, not calibrated)",
                percent(digit)
            )
        }
    }
}

/// The places of the largest output and of the next.
fn two_strongest(outputs: &[f32]) -> [usize; 2] {
    let mut ranked: Vec<usize> = (0..outputs.len()).collect();
    ranked.sort_by(|&a, &b| outputs[b].total_cmp(&outputs[a]));
    [0, 1].map(|place| ranked.get(place).copied().unwrap_or_default())
}
