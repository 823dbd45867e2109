use super::layout::UnitId;
use crate::app::{ModelState, Reading};
use crate::ink::{Cells, SIDE};
use crate::nn::{Activation, Network, Trace};
use crate::ui::number;

/// What the panel shows: the network and, while there is ink, everything that it computes from it.
pub struct Scene<'a> {
    pub network: &'a Network,
    /// Units of every layer, the input first.
    pub sizes: Vec<usize>,
    pub version: u64,
    pub reading: Option<&'a Reading>,
}

impl<'a> Scene<'a> {
    pub fn new(model: &'a ModelState, reading: Option<&'a Reading>) -> Self {
        let network = &*model.network;
        let sizes = network.sizes();
        // A reading by another network than this one would have other layers.
        let reading = reading.filter(|reading| fits(&reading.trace, &sizes));
        Self {
            network,
            sizes,
            version: model.version,
            reading,
        }
    }

    pub fn trace(&self) -> Option<&'a Trace> {
        self.reading.map(|reading| &reading.trace)
    }

    /// The picture that is read, if the network reads pictures.
    pub fn cells(&self) -> Option<Cells> {
        self.reading.map(|reading| reading.normalized.cells)
    }

    pub fn activation(&self, id: UnitId) -> Option<f32> {
        let layer = self.trace()?.activations.get(id.layer)?;
        layer.get([0, id.unit]).copied()
    }

    /// The bias of a unit; inputs have none.
    pub fn bias(&self, id: UnitId) -> Option<f32> {
        let layer = self.network.layers().get(id.layer.checked_sub(1)?)?;
        layer.biases.get(id.unit).copied()
    }

    pub fn holds(&self, id: UnitId) -> bool {
        self.sizes.get(id.layer).is_some_and(|&size| id.unit < size)
    }

    pub fn is_output(&self, layer: usize) -> bool {
        layer + 1 == self.sizes.len()
    }

    /// The output unit of the answer.
    pub fn answer(&self) -> Option<UnitId> {
        let id = UnitId {
            layer: self.sizes.len() - 1,
            unit: usize::from(self.reading?.answer),
        };
        self.holds(id).then_some(id)
    }

    /// The activation function of a layer; inputs have none.
    pub fn function(&self, layer: usize) -> Option<Activation> {
        let layer = self.network.layers().get(layer.checked_sub(1)?)?;
        Some(layer.activation)
    }

    /// The values that the colours of a layer run between.
    pub fn range(&self, layer: usize) -> Option<(f32, f32)> {
        let values = self.trace()?.activations.get(layer)?.row(0);
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        let lowest = finite().fold(0.0, f32::min);
        let highest = finite().fold(0.0, f32::max);
        Some(match self.function(layer) {
            None | Some(Activation::Sigmoid | Activation::Softmax) => (0.0, 1.0),
            Some(Activation::Tanh) => (-1.0, 1.0),
            Some(Activation::Relu | Activation::LeakyRelu | Activation::Linear) => {
                (lowest, highest)
            }
        })
    }

    /// "Output 7", "Unit 12 of layer 1", "Pixel in row 9, column 14".
    pub fn name(&self, id: UnitId) -> String {
        if id.layer == 0 && self.sizes.first() == Some(&(SIDE * SIDE)) {
            format!("Pixel in row {}, column {}", id.unit / SIDE, id.unit % SIDE)
        } else if id.layer == 0 {
            format!("Input {}", id.unit)
        } else if self.is_output(id.layer) {
            format!("Output {}", id.unit)
        } else {
            format!("Unit {} of layer {}", id.unit, id.layer)
        }
    }

    /// "784-128-10 network"
    pub fn title(&self) -> String {
        format!("{} network", self.network.architecture())
    }

    pub fn connections(&self) -> String {
        let count = self
            .network
            .layers()
            .iter()
            .map(|layer| layer.weights.len())
            .sum();
        number::grouped(count)
    }
}

fn fits(trace: &Trace, sizes: &[usize]) -> bool {
    trace.activations.len() == sizes.len()
        && trace.zs.len() + 1 == sizes.len()
        && trace
            .activations
            .iter()
            .zip(sizes)
            .all(|(values, &size)| values.nrows() > 0 && values.ncols() == size)
}
