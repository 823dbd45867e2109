use super::weights::{add_scaled, difference, dot, flat, length, unflat};
use crate::nn::{Network, NetworkError};
use std::sync::Arc;

/// A plane through the space of all weights: `w(x, y) = w₀ + x·u + y·v`, where `w` are all weights and biases.
#[derive(Clone, Debug)]
pub struct Plane {
    /// The network at `[0, 0]`.
    pub(super) origin: Arc<Network>,
    origin_numbers: Vec<f32>,
    pub(super) axes: [Vec<f32>; 2],
    /// `[u·u, u·v, v·v]`
    products: [f64; 3],
}

/// Where a network lies as it is seen from a plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// The nearest point of the plane.
    pub at: [f32; 2],
    /// From there to the network, `‖Δw‖`: 0 for a network on the plane.
    pub distance: f32,
}

impl Plane {
    /// `None` where the axes have other lengths than the network has numbers, or are (nearly) one line.
    pub(super) fn new(origin: Arc<Network>, axes: [Vec<f32>; 2]) -> Option<Self> {
        let [u, v] = &axes;
        let products = [dot(u, u), dot(u, v), dot(v, v)];
        let origin_numbers = flat(&origin);
        let fits = axes.iter().all(|axis| axis.len() == origin_numbers.len());
        let [uu, _, vv] = products;
        (fits && determinant(products) > 1e-9 * uu * vv).then_some(Self {
            origin,
            origin_numbers,
            axes,
            products,
        })
    }

    /// The network at a point; an error where its numbers are too large to be numbers.
    pub fn network_at(&self, at: [f32; 2]) -> Result<Network, NetworkError> {
        unflat(&self.origin, &self.numbers_at(at))
    }

    /// The point that is nearest to a network; `None` for a network of another shape.
    pub fn place(&self, network: &Network) -> Option<Placed> {
        let same_shape = network.sizes() == self.origin.sizes();
        same_shape.then(|| self.place_numbers(&flat(network)))
    }

    /// Least squares: `[x y] = G⁻¹·[d·u d·v]` with `G` the products of the axes and `d = w − w₀`.
    pub(super) fn place_numbers(&self, numbers: &[f32]) -> Placed {
        let mut d = difference(numbers, &self.origin_numbers);
        let [uu, uv, vv] = self.products;
        let [u, v] = &self.axes;
        let (du, dv) = (dot(&d, u), dot(&d, v));
        let determinant = determinant(self.products);
        let x = ((du * vv - dv * uv) / determinant) as f32;
        let y = ((dv * uu - du * uv) / determinant) as f32;
        add_scaled(&mut d, u, -x);
        add_scaled(&mut d, v, -y);
        Placed {
            at: [x, y],
            distance: length(&d) as f32,
        }
    }

    fn numbers_at(&self, [x, y]: [f32; 2]) -> Vec<f32> {
        let mut numbers = self.origin_numbers.clone();
        add_scaled(&mut numbers, &self.axes[0], x);
        add_scaled(&mut numbers, &self.axes[1], y);
        numbers
    }

    /// The length of the first axis: one unit of the map, `‖u‖`.
    pub fn unit_length(&self) -> f32 {
        self.products[0].sqrt() as f32
    }

    pub(super) fn origin_numbers(&self) -> &[f32] {
        &self.origin_numbers
    }
}

fn determinant([uu, uv, vv]: [f64; 3]) -> f64 {
    uu * vv - uv * uv
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Cost, Layer};
    use ndarray::array;

    /// Three numbers: two weights and a bias.
    fn network(a: f32, b: f32, c: f32) -> Arc<Network> {
        let layer = Layer {
            weights: array![[a], [b]],
            biases: array![c],
            activation: Activation::Linear,
        };
        Arc::new(Network::new(vec![layer], Cost::Quadratic).unwrap())
    }

    fn plane() -> Plane {
        // Neither of unit length nor at a right angle.
        let axes = [vec![2.0, 0.0, 0.0], vec![1.0, 3.0, 0.0]];
        Plane::new(network(1.0, 1.0, 1.0), axes).unwrap()
    }

    #[test]
    fn a_network_of_the_plane_is_found_where_it_was_taken_from() {
        let plane = plane();
        for at in [[0.0, 0.0], [0.5, -1.25], [-3.0, 2.0]] {
            let placed = plane.place(&plane.network_at(at).unwrap()).unwrap();
            assert!((placed.at[0] - at[0]).abs() < 1e-6, "{placed:?}");
            assert!((placed.at[1] - at[1]).abs() < 1e-6, "{placed:?}");
            assert!(placed.distance < 1e-6);
        }
    }

    #[test]
    fn a_network_beside_the_plane_has_a_distance() {
        // w₀ + 1·u + 1·v = (4, 4, 1), and 5 beside it.
        let placed = plane().place(&network(4.0, 4.0, 6.0)).unwrap();
        assert!((placed.at[0] - 1.0).abs() < 1e-6 && (placed.at[1] - 1.0).abs() < 1e-6);
        assert!((placed.distance - 5.0).abs() < 1e-6);
    }

    #[test]
    fn two_axes_along_one_line_make_no_plane() {
        let axes = [vec![1.0, 2.0, 0.0], vec![-2.0, -4.0, 0.0]];
        assert!(Plane::new(network(0.0, 0.0, 0.0), axes).is_none());
    }

    #[test]
    fn a_network_of_another_shape_has_no_place() {
        let layer = Layer {
            weights: array![[1.0]],
            biases: array![1.0],
            activation: Activation::Linear,
        };
        let other = Network::new(vec![layer], Cost::Quadratic).unwrap();
        assert_eq!(plane().place(&other), None);
    }
}
