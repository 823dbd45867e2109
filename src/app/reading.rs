use super::{ModelState, Pad};
use crate::answering::{Gate, Judgement};
use crate::ink::{Ink, Normalized, Stage, Steps, normalize};
use crate::nn::Trace;
use ndarray::ArrayView2;

/// What the present network makes of the pad.
#[derive(Clone, Debug)]
pub struct Reading {
    pub normalized: Normalized,
    /// The forward pass over the one example.
    pub trace: Trace,
    /// The ten outputs.
    pub outputs: Vec<f32>,
    /// The strongest output.
    pub answer: u8,
    /// The next strongest.
    pub second: u8,
    /// How far the answer can be trusted.
    pub judgement: Judgement,
    /// What it is with all steps of the normalisation, where some are left out.
    pub with_all_steps: Option<Box<Self>>,
}

impl Reading {
    /// `None` for a blank pad.
    pub(super) fn of_pad(pad: &Pad, model: &ModelState, steps: Steps) -> Option<Self> {
        let mut reading = Self::of_normalized(normalized(pad, steps)?, model)?;
        let stages = &reading.normalized.stages;
        let leaves_out = |stage: &Stage| stage.step.is_some_and(|step| !steps.has(step));
        if stages.iter().any(leaves_out) {
            let usual = Self::of_normalized(normalized(pad, Steps::ALL)?, model)?;
            reading.with_all_steps = Some(Box::new(usual));
        }
        Some(reading)
    }

    /// The same ink as another network reads it.
    pub(super) fn by(self, model: &ModelState) -> Option<Self> {
        let mut reading = Self::of_normalized(self.normalized, model)?;
        if let Some(usual) = self.with_all_steps {
            reading.with_all_steps = usual.by(model).map(Box::new);
        }
        Some(reading)
    }

    fn of_normalized(normalized: Normalized, model: &ModelState) -> Option<Self> {
        let network = &model.network;
        let input = normalized.cells.input();
        if input.len() != network.input_size() {
            return None;
        }
        let row = ArrayView2::from_shape((1, input.len()), &input).ok()?;
        let trace = network.trace(row);
        let outputs: Vec<f32> = trace.activations.last()?.iter().copied().collect();
        let [answer, second] = two_strongest(&outputs)?;
        let judgement = Judgement::new(
            network,
            model.calibration.as_ref(),
            Gate::bundled(),
            &normalized.cells,
            &outputs,
        );
        Some(Self {
            normalized,
            trace,
            outputs,
            answer,
            second,
            judgement,
            with_all_steps: None,
        })
    }
}

/// A test digit of a data set is read as it is.
fn normalized(pad: &Pad, steps: Steps) -> Option<Normalized> {
    let normalized = match (pad.cells(), &pad.picture) {
        (Some(cells), _) => Ok(Normalized {
            cells: *cells,
            stages: vec![Stage {
                name: "As in the data set",
                step: None,
                picture: cells.picture(),
            }],
        }),
        (None, Some(picture)) => normalize(Ink::Picture(picture), steps),
        (None, None) => normalize(Ink::Drawing(&pad.drawing), steps),
    };
    normalized.ok()
}

/// Indices of the strongest output and the next; the first of equals wins. `None` for fewer than two outputs.
fn two_strongest(outputs: &[f32]) -> Option<[u8; 2]> {
    let mut ranked: Vec<usize> = (0..outputs.len()).collect();
    ranked.sort_by(|&a, &b| outputs[b].total_cmp(&outputs[a]));
    match ranked[..] {
        [first, second, ..] => Some([u8::try_from(first).ok()?, u8::try_from(second).ok()?]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_strongest_outputs_are_found_and_the_first_of_equals_wins() {
        assert_eq!(two_strongest(&[0.1, 0.7, 0.2]), Some([1, 2]));
        assert_eq!(two_strongest(&[0.5, 0.5, 0.0]), Some([0, 1]));
        assert_eq!(two_strongest(&[-0.3, -0.2]), Some([1, 0]));
        assert_eq!(two_strongest(&[0.5]), None);
    }
}
