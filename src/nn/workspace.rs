use super::{Gradients, Network, Scalar, aligned};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis};

/// The buffers of a forward and a backward pass, reused from batch to batch: a step of training asks for no memory.
#[derive(Clone, Debug)]
pub struct Workspace<S = f32> {
    /// What [`backprop`](super::backprop) found: the mean over the examples of the batch.
    pub gradients: Gradients<S>,
    pub(super) pass: Pass<S>,
}

/// What some examples leave behind on their way forward and back.
#[derive(Clone, Debug)]
pub(crate) struct Pass<S = f32> {
    /// `Aˡ` of each layer, `[capacity, units]`. `Z` is not kept: every `σ′` here can be told from `A`.
    pub(super) activations: Vec<Array2<S>>,
    /// `δˡ` of each layer, `[capacity, units]`.
    pub(super) deltas: Vec<Array2<S>>,
}

impl<S: Scalar> Workspace<S> {
    /// Room for batches of at most `batch_size` examples of `network`'s shape; a larger one makes it grow.
    pub fn new(network: &Network<S>, batch_size: usize) -> Self {
        Self {
            gradients: Gradients::zeros_like(network),
            pass: Pass::new(network, batch_size),
        }
    }

    /// The outputs `Aᴸ` of the first `n` examples of the last batch.
    pub fn outputs(&self, n: usize) -> ArrayView2<'_, S> {
        self.pass.outputs(n)
    }

    /// `Aˡ` of weight layer `layer` (from 0) for the first `n` examples of the last batch.
    pub fn activations(&self, layer: usize, n: usize) -> ArrayView2<'_, S> {
        rows(&self.pass.activations[layer], n)
    }

    /// `δˡ` of weight layer `layer` (from 0), of each of the first `n` examples of the last batch for itself.
    pub fn errors(&self, layer: usize, n: usize) -> ArrayView2<'_, S> {
        rows(&self.pass.deltas[layer], n)
    }
}

impl<S: Scalar> Pass<S> {
    pub(crate) fn new(network: &Network<S>, capacity: usize) -> Self {
        Self {
            activations: buffers(network, capacity),
            deltas: buffers(network, capacity),
        }
    }

    /// The outputs `Aᴸ` of the first `n` examples.
    pub(crate) fn outputs(&self, n: usize) -> ArrayView2<'_, S> {
        rows(&self.activations[self.activations.len() - 1], n)
    }

    pub(super) fn make_room(&mut self, network: &Network<S>, capacity: usize) {
        if self.deltas.iter().any(|buffer| buffer.nrows() < capacity) {
            *self = Self::new(network, capacity);
        }
    }
}

/// The first `n` rows of a buffer.
pub(super) fn rows<S: Scalar>(buffer: &Array2<S>, n: usize) -> ArrayView2<'_, S> {
    buffer.view().split_at(Axis(0), n).0
}

/// The first `n` rows of a buffer, to be written.
pub(super) fn rows_mut<S: Scalar>(buffer: &mut Array2<S>, n: usize) -> ArrayViewMut2<'_, S> {
    buffer.view_mut().split_at(Axis(0), n).0
}

/// One `[capacity, units]` for each layer.
fn buffers<S: Scalar>(network: &Network<S>, capacity: usize) -> Vec<Array2<S>> {
    let layers = network.layers().iter();
    layers
        .map(|layer| aligned::zeros((capacity, layer.units())))
        .collect()
}
