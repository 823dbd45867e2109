use super::{Gradients, Network, Scalar};
use ndarray::ArrayView2;

/// Backpropagation as the plain recursion of the texts, for reading; [`super::backprop`] is the loop that trains.
/// Returns the mean cost and the mean gradients of the batch.
pub fn backprop_recursive<S: Scalar>(
    network: &Network<S>,
    x: ArrayView2<'_, S>,
    y: ArrayView2<'_, S>,
) -> (S, Gradients<S>) {
    let _ = (network, x, y);
    todo!()
}
