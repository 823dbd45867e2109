use super::{Network, Scalar};
use ndarray::{Array1, Array2, ArrayView2};

/// `∂C/∂W` and `∂C/∂b` of every layer, in the shapes of the layers.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients<S = f32> {
    /// `[inputs, outputs]` of each layer.
    pub weights: Vec<Array2<S>>,
    /// `[outputs]` of each layer.
    pub biases: Vec<Array1<S>>,
}

/// The buffers of a forward and a backward pass, reused from batch to batch.
#[derive(Clone, Debug)]
pub struct Workspace<S = f32> {
    /// What [`backprop`] found: the mean over the examples of the batch.
    pub gradients: Gradients<S>,
    // the owner of `nn` adds zs, activations, deltas
}

impl<S: Scalar> Workspace<S> {
    /// Room for batches of at most `batch_size` examples of `network`'s shape.
    pub fn new(network: &Network<S>, batch_size: usize) -> Self {
        let _ = (network, batch_size);
        todo!()
    }
}

/// Mean cost of the batch `x` `[n, inputs]` with truths `y` `[n, outputs]`; leaves the mean gradients in
/// `workspace.gradients`. Allocates nothing in the steady state.
pub fn backprop<S: Scalar>(
    network: &Network<S>,
    x: ArrayView2<'_, S>,
    y: ArrayView2<'_, S>,
    workspace: &mut Workspace<S>,
) -> S {
    let _ = (network, x, y, workspace);
    todo!()
}
