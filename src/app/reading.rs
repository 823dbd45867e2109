use super::Pad;
use crate::ink::{Ink, Normalized, Step, normalize};
use crate::nn::{Network, Trace};
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
}

impl Reading {
    /// `None` for a blank pad.
    pub(super) fn of_pad(pad: &Pad, network: &Network) -> Option<Self> {
        let normalized = match (pad.cells(), &pad.picture) {
            (Some(cells), _) => Ok(Normalized {
                cells: *cells,
                steps: vec![Step {
                    name: "As in the data set",
                    picture: cells.picture(),
                }],
            }),
            (None, Some(picture)) => normalize(Ink::Picture(picture)),
            (None, None) => normalize(Ink::Drawing(&pad.drawing)),
        };
        Self::of_normalized(normalized.ok()?, network)
    }

    /// The same ink as another network reads it.
    pub(super) fn of_normalized(normalized: Normalized, network: &Network) -> Option<Self> {
        let input = normalized.cells.input();
        if input.len() != network.input_size() {
            return None;
        }
        let row = ArrayView2::from_shape((1, input.len()), &input).ok()?;
        let trace = network.trace(row);
        let outputs: Vec<f32> = trace.activations.last()?.iter().copied().collect();
        let [answer, second] = two_strongest(&outputs)?;
        Some(Self {
            normalized,
            trace,
            outputs,
            answer,
            second,
        })
    }
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
