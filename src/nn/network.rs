use super::share_out::{Alone, Crew};
use super::{
    Activation, Architecture, BiasInit, Cost, Init, Layer, NetworkError, NonFinite, Scalar,
};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, ArrayViewMut2, Axis};
use rand::Rng;

/// Layers that fit together, and the cost that they are trained to lower.
///
/// Shapes and the pairing of cost and output activation are checked when it is made and hold ever after.
#[derive(Clone, Debug, PartialEq)]
pub struct Network<S = f32> {
    layers: Vec<Layer<S>>,
    cost: Cost,
}

/// Every value of a forward pass over a batch, kept for looking at.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace<S = f32> {
    /// Weighted sums `Z` of each layer, `[batch, units]`.
    pub zs: Vec<Array2<S>>,
    /// Activations, the input `X` first: one more entry than `zs`.
    pub activations: Vec<Array2<S>>,
}

impl<S: Scalar> Network<S> {
    /// Checks that the layers fit together, go with the cost and hold finite numbers only.
    pub fn new(layers: Vec<Layer<S>>, cost: Cost) -> Result<Self, NetworkError> {
        check_shapes(&layers)?;
        let [hidden @ .., last] = layers.as_slice() else {
            return Err(NetworkError::NoLayers);
        };
        if let Some(l) = hidden
            .iter()
            .position(|layer| layer.activation == Activation::Softmax)
        {
            return Err(NetworkError::HiddenSoftmax { layer: l + 1 });
        }
        cost.check_output(last.activation)
            .map_err(|reason| NetworkError::CostPairing { reason })?;
        // Row-major weights, whatever the caller had, keep the products and the optimiser on their fast path.
        let layers = layers.into_iter().map(Layer::into_row_major).collect();
        let network = Self { layers, cost };
        match network.first_non_finite() {
            Some(place) => Err(NetworkError::NotFinite(place)),
            None => Ok(network),
        }
    }

    /// A fresh network.
    pub fn init(
        architecture: &Architecture,
        weights: Init,
        biases: BiasInit,
        rng: &mut impl Rng,
    ) -> Result<Self, NetworkError> {
        architecture.check()?;
        let last = architecture.sizes.len() - 2;
        let layers = architecture
            .sizes
            .windows(2)
            .enumerate()
            .map(|(l, pair)| Layer {
                weights: weights.draw(pair[0], pair[1], rng),
                biases: biases.draw(pair[1], rng),
                activation: if l == last {
                    architecture.output
                } else {
                    architecture.hidden
                },
            })
            .collect();
        Self::new(layers, architecture.cost)
    }

    pub fn layers(&self) -> &[Layer<S>] {
        &self.layers
    }

    /// The layers, for an optimiser to change their numbers. Shapes must stay.
    pub(crate) fn layers_mut(&mut self) -> &mut [Layer<S>] {
        &mut self.layers
    }

    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Units of every layer, the input first.
    pub fn sizes(&self) -> Vec<usize> {
        let units = self.layers.iter().map(Layer::units);
        std::iter::once(self.input_size()).chain(units).collect()
    }

    pub fn input_size(&self) -> usize {
        self.layers[0].inputs()
    }

    pub fn output_size(&self) -> usize {
        self.output_layer().units()
    }

    /// Weights and biases together.
    pub fn parameter_count(&self) -> usize {
        self.layers
            .iter()
            .map(|layer| layer.weights.len() + layer.biases.len())
            .sum()
    }

    /// The architecture, with the activation of the first layer as the hidden one.
    pub fn architecture(&self) -> Architecture {
        Architecture {
            sizes: self.sizes(),
            hidden: self.layers[0].activation,
            output: self.output_layer().activation,
            cost: self.cost,
        }
    }

    /// The outputs for a batch: `[batch, inputs]` → `[batch, outputs]`.
    pub fn forward(&self, x: ArrayView2<'_, S>) -> Array2<S> {
        self.forward_by(x, Alone)
    }

    /// The same, shared by `crew`.
    pub(crate) fn forward_by(&self, x: ArrayView2<'_, S>, crew: impl Crew) -> Array2<S> {
        let first = self.layers[0].forward_by(x, crew);
        self.layers[1..]
            .iter()
            .fold(first, |a, layer| layer.forward_by(a.view(), crew))
    }

    /// The forward pass with everything in between kept.
    pub fn trace(&self, x: ArrayView2<'_, S>) -> Trace<S> {
        let mut zs = Vec::with_capacity(self.layers.len());
        let mut activations = Vec::with_capacity(self.layers.len() + 1);
        activations.push(x.to_owned());
        for (l, layer) in self.layers.iter().enumerate() {
            let (z, a) = layer.sums_and_activations(activations[l].view());
            zs.push(z);
            activations.push(a);
        }
        Trace { zs, activations }
    }

    /// The outputs for one example.
    pub fn predict(&self, x: &[S]) -> Array1<S> {
        let batch = ArrayView1::from(x).insert_axis(Axis(0));
        self.forward(batch).remove_axis(Axis(0))
    }

    /// The cost of the outputs `a` of one example with truth `y`.
    pub fn cost_of(&self, a: ArrayView1<'_, S>, y: ArrayView1<'_, S>) -> S {
        self.cost.of(self.output_layer().activation, a, y)
    }

    /// The cost of each row of `outputs` with truth `y`, summed; both `[batch, outputs]`.
    pub fn total_cost(&self, outputs: ArrayView2<'_, S>, y: ArrayView2<'_, S>) -> S {
        let examples = outputs.rows().into_iter().zip(y.rows());
        examples.fold(S::zero(), |sum, (a, y)| sum + self.cost_of(a, y))
    }

    /// `δ = ∂C/∂Z` of the output layer, example by example, for `outputs` with truths `y`; all `[batch, outputs]`.
    pub fn output_delta(&self, outputs: ArrayView2<'_, S>, y: ArrayView2<'_, S>) -> Array2<S> {
        let mut delta = Array2::zeros(outputs.dim());
        self.output_delta_into(outputs, y, &mut delta.view_mut());
        delta
    }

    pub(super) fn output_delta_into(
        &self,
        outputs: ArrayView2<'_, S>,
        y: ArrayView2<'_, S>,
        delta: &mut ArrayViewMut2<'_, S>,
    ) {
        let activation = self.output_layer().activation;
        self.cost.delta(activation, outputs, y, delta);
    }

    /// The mean cost of the examples `x` `[batch, inputs]` with truths `y` `[batch, outputs]`.
    pub fn mean_cost(&self, x: ArrayView2<'_, S>, y: ArrayView2<'_, S>) -> S {
        self.total_cost(self.forward(x).view(), y) / S::from_f64(x.nrows() as f64)
    }

    /// The first layer that holds a NaN or an infinity.
    pub fn first_non_finite(&self) -> Option<NonFinite> {
        self.layers.iter().enumerate().find_map(|(l, layer)| {
            let in_weights = !all_finite(layer.weights.iter());
            let in_biases = !all_finite(layer.biases.iter());
            (in_weights || in_biases).then_some(NonFinite {
                layer: l + 1,
                in_biases: !in_weights,
            })
        })
    }

    /// The same network with weights that begin where lines of the cache do, for steps.
    pub(crate) fn aligned(&self) -> Self {
        Self {
            layers: self.layers.iter().map(Layer::aligned).collect(),
            cost: self.cost,
        }
    }

    /// The same network in another precision.
    pub fn cast<T: Scalar>(&self) -> Network<T> {
        Network {
            layers: self.layers.iter().map(Layer::cast).collect(),
            cost: self.cost,
        }
    }

    fn output_layer(&self) -> &Layer<S> {
        &self.layers[self.layers.len() - 1]
    }
}

fn check_shapes<S: Scalar>(layers: &[Layer<S>]) -> Result<(), NetworkError> {
    let Some(first) = layers.first() else {
        return Err(NetworkError::NoLayers);
    };
    if first.inputs() == 0 {
        return Err(NetworkError::NoInputs);
    }
    let mut inputs = first.inputs();
    for (l, layer) in layers.iter().enumerate() {
        let number = l + 1;
        if layer.inputs() != inputs {
            return Err(NetworkError::SizesDoNotFit {
                layer: number,
                inputs: layer.inputs(),
                units: inputs,
            });
        }
        if layer.units() == 0 {
            return Err(NetworkError::NoUnits { layer: number });
        }
        if layer.biases.len() != layer.units() {
            return Err(NetworkError::BiasesDoNotFit {
                layer: number,
                units: layer.units(),
                biases: layer.biases.len(),
            });
        }
        inputs = layer.units();
    }
    Ok(())
}

/// Sums instead of searching, which vectorises: a sum of `0·v` is 0 just when every `v` is finite.
fn all_finite<'a, S: Scalar>(values: impl Iterator<Item = &'a S>) -> bool {
    values.fold(S::zero(), |sum, &v| sum + v * S::zero()) == S::zero()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{ShapeBuilder, array};
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    fn architecture(sizes: &[usize]) -> Architecture {
        Architecture {
            sizes: sizes.to_vec(),
            hidden: Activation::Relu,
            output: Activation::Softmax,
            cost: Cost::CrossEntropy,
        }
    }

    fn fresh(architecture: &Architecture) -> Result<Network, NetworkError> {
        let rng = &mut StdRng::seed_from_u64(1);
        Network::init(architecture, Init::He, BiasInit::Normal, rng)
    }

    fn layer(inputs: usize, units: usize, activation: Activation) -> Layer {
        Layer {
            weights: Array2::from_elem((inputs, units), 0.5),
            biases: Array1::zeros(units),
            activation,
        }
    }

    /// What the refusal of these layers says.
    fn refusal(layers: Vec<Layer>, cost: Cost) -> String {
        Network::new(layers, cost).unwrap_err().to_string()
    }

    #[test]
    fn a_fresh_network_has_the_architecture_asked_for() {
        let wanted = architecture(&[784, 16, 16, 10]);
        let network = fresh(&wanted).unwrap();
        assert_eq!(network.architecture(), wanted);
        assert_eq!(network.sizes(), [784, 16, 16, 10]);
        assert_eq!((network.input_size(), network.output_size()), (784, 10));
        // The 13,002 of the texts.
        assert_eq!(network.parameter_count(), 13_002);
    }

    #[test]
    fn forward_trace_and_predict_agree_bit_for_bit() {
        let network = fresh(&architecture(&[12, 7, 5])).unwrap();
        let x = Array2::from_shape_fn((4, 12), |(i, j)| (i * 12 + j) as f32 / 48.0);
        let outputs = network.forward(x.view());
        let trace = network.trace(x.view());
        assert_eq!(trace.activations[0], x);
        assert_eq!(trace.activations[2], outputs);
        assert_eq!(trace.activations[1], trace.zs[0].mapv(|z| z.max(0.0)));

        let row = x.row(1).to_vec();
        let alone = network.trace(x.slice(ndarray::s![1..2, ..]));
        assert_eq!(network.predict(&row), alone.activations[2].row(0));
    }

    #[test]
    fn layers_that_do_not_fit_are_refused_with_both_numbers() {
        let layers = vec![
            layer(4, 30, Activation::Relu),
            layer(16, 10, Activation::Sigmoid),
        ];
        assert_eq!(
            refusal(layers, Cost::Quadratic),
            "layer 2 takes 16 inputs, but layer 1 before it has 30 units"
        );
        let mut short = layer(4, 3, Activation::Relu);
        short.biases = array![0.0, 0.0];
        assert_eq!(
            refusal(vec![short], Cost::Quadratic),
            "layer 1 has weights for 3 units, but 2 biases"
        );
    }

    #[test]
    fn empty_networks_and_layers_are_refused() {
        assert_eq!(
            Network::<f32>::new(Vec::new(), Cost::Quadratic),
            Err(NetworkError::NoLayers)
        );
        let relu = Activation::Relu;
        assert_eq!(
            Network::new(vec![layer(0, 3, relu)], Cost::Quadratic),
            Err(NetworkError::NoInputs)
        );
        let layers = vec![layer(2, 0, relu), layer(0, 1, relu)];
        assert_eq!(
            Network::new(layers, Cost::Quadratic),
            Err(NetworkError::NoUnits { layer: 1 })
        );
    }

    #[test]
    fn softmax_is_for_the_output_layer() {
        let layers = vec![
            layer(2, 3, Activation::Relu),
            layer(3, 3, Activation::Softmax),
            layer(3, 2, Activation::Softmax),
        ];
        let error = Network::new(layers, Cost::CrossEntropy).unwrap_err();
        assert_eq!(error, NetworkError::HiddenSoftmax { layer: 2 });
    }

    #[test]
    fn a_cost_that_does_not_go_with_the_outputs_is_refused_with_the_reason() {
        let error = refusal(vec![layer(2, 2, Activation::Tanh)], Cost::CrossEntropy);
        assert!(error.contains("tanh outputs can be negative"), "{error}");
    }

    #[test]
    fn numbers_that_are_not_finite_are_refused_with_their_place() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut second = layer(3, 2, Activation::Sigmoid);
            second.biases[1] = bad;
            let layers = vec![layer(2, 3, Activation::Relu), second];
            assert_eq!(
                refusal(layers, Cost::Quadratic),
                "layer 2 has a bias that is not a finite number"
            );
        }
    }

    #[test]
    fn the_first_layer_with_a_number_that_is_not_finite_is_found() {
        let mut network = fresh(&architecture(&[6, 5, 4, 3])).unwrap();
        assert_eq!(network.first_non_finite(), None);
        network.layers_mut()[2].biases[0] = f32::NAN;
        network.layers_mut()[1].weights[[4, 3]] = f32::INFINITY;
        let place = NonFinite {
            layer: 2,
            in_biases: false,
        };
        assert_eq!(network.first_non_finite(), Some(place));
    }

    #[test]
    fn huge_but_finite_numbers_are_finite() {
        let mut network = fresh(&architecture(&[6, 3])).unwrap();
        network.layers_mut()[0].weights.fill(f32::MAX);
        assert_eq!(network.first_non_finite(), None);
    }

    #[test]
    fn double_precision_and_back_changes_nothing() {
        let network = fresh(&architecture(&[6, 5, 3])).unwrap();
        assert_eq!(network.cast::<f64>().cast::<f32>(), network);
    }

    #[test]
    fn weights_in_column_order_make_the_same_network() {
        let rows = layer(2, 3, Activation::Linear);
        let mut columns = rows.clone();
        columns.weights = Array2::from_elem((2, 3).f(), 0.5);
        let network = Network::new(vec![columns], Cost::Quadratic).unwrap();
        assert!(network.layers()[0].weights.is_standard_layout());
        assert_eq!(network.layers()[0], rows);
    }
}
