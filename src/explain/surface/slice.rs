use super::directions::{distance_from_line, filter_normalised, through_three};
use super::grid::{Frame, Grid};
use super::plane::{Placed, Plane};
use super::principal::principal_components;
use super::seen::SeenInputs;
use super::walk::{Footsteps, WALK_FACTOR, Walk};
use super::weights::{difference, flat};
use crate::data::DataSets;
use crate::ink::SIDE;
use crate::nn::Network;
use crate::training::{CheckedHyperparameters, Remembered, RunSetup, SetupError, TrainingPath};
use ndarray::Array2;
use rand::SeedableRng;
use rand::rngs::StdRng;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Which plane through the space of all weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlaneKind {
    /// Two random directions, filter-normalised, drawn with this seed.
    Random { seed: u64 },
    /// The plane through the first network of the path, the present one, and the one with the lowest validation cost.
    ThreeNetworks,
    /// The first two principal components of the path.
    Principal,
    /// Those of two short walks of copies of the network: one with the learning rate, one with ten times as much.
    Walks,
}

/// All that a slice depends on.
#[derive(Clone, Debug)]
pub struct SliceRequest {
    pub kind: PlaneKind,
    /// The present network, which lies on the plane.
    pub network: Arc<Network>,
    /// The training step of `network`.
    pub step: u64,
    pub path: TrainingPath,
    pub data: Arc<DataSets>,
    /// How copies of the network walk, with the present learning rate.
    pub hyperparameters: CheckedHyperparameters,
}

/// A plane with what is seen on it; `[0, 0]` is the network that it was made for.
#[derive(Clone, Debug)]
pub struct Slice {
    pub kind: PlaneKind,
    pub plane: Plane,
    pub frame: Frame,
    pub sample: Sample,
    /// The training step of the network that it was made for.
    pub step: u64,
    /// The parts of all movement that lie along the two directions, where these are principal components.
    pub shares: Option<[f64; 2]>,
    /// The place of the path through which the plane goes, where the first network and the best do not span it with the
    /// present one.
    pub third: Option<Mark>,
    /// Where the places of the path lie, by their ids, as far as it went when the slice was made.
    pub path: HashMap<u64, Placed>,
    /// With the learning rate as it is, and with ten times as much; empty for other kinds of plane.
    pub walks: Vec<Walk>,
}

/// A network of the path on the plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    pub step: u64,
    pub placed: Placed,
}

/// The training examples whose mean cost is the height of the map.
#[derive(Clone, Debug)]
pub struct Sample {
    pub count: usize,
    /// "MNIST"
    pub data_name: String,
    seen: SeenInputs,
    /// `[count, 10]`
    truths: Array2<f32>,
}

/// A slice and its grid, as fine as it is known so far.
#[derive(Clone, Debug)]
pub struct Surface {
    pub slice: Arc<Slice>,
    pub grid: Arc<Grid>,
}

/// Why there is no slice.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SliceError {
    #[error("{name} has no training examples to measure the cost with")]
    NoExamples { name: String },
    #[error(
        "the path of this training has {found} places so far, and a plane needs three: train a few steps first"
    )]
    TooFewPlaces { found: usize },
    #[error("the path of this training is a straight line so far: train some more steps first")]
    StraightLine,
    #[error("both walks are straight lines or do not move at all: try another learning rate")]
    StraightWalks,
    #[error(
        "the learning rate is {rate}: ten times as much is no learning rate, choose a smaller one"
    )]
    NoSuchRate { rate: f32 },
    #[error("all weights of the network are 0, so no random direction can be scaled to them")]
    NoWeights,
    #[error(transparent)]
    Setup(#[from] SetupError),
    #[error("drawing the surface was stopped")]
    Stopped,
}

/// So many examples make the sample, or all where there are fewer.
const SAMPLE: usize = 256;
/// Which ones; always the same, so that slices can be compared.
const SAMPLE_SEED: u64 = 14;
/// The map of random directions reaches as far as the weights are long.
const RANDOM_REACH: f32 = 1.0;

/// The parts of the work, for the progress.
const WALKS_END: f32 = 0.25;
const PLANE_END: f32 = 0.3;

/// Makes a slice on this thread, from coarse to fine. `progress` hears the part that is done, 0..=1, with each finer
/// surface, and may stop it.
pub fn draw_surface(
    request: &SliceRequest,
    progress: &mut dyn FnMut(f32, Option<Surface>) -> ControlFlow<()>,
) -> Result<(), SliceError> {
    let slice = Arc::new(Slice::new(request, &mut |done| progress(done, None))?);
    let mut go_on = |done: f32, surface: Option<Surface>| match progress(done, surface) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(SliceError::Stopped),
    };
    go_on(PLANE_END, None)?;
    let sides = sides(&request.network);
    let all = sides.last().map_or(1, |side| side * side);
    let mut grid: Option<Arc<Grid>> = None;
    for &side in sides {
        let known = grid.as_ref().map_or(0, |grid| grid.costs.len());
        let part = |costs: usize| PLANE_END + (1.0 - PLANE_END) * costs as f32 / all as f32;
        let finer = Grid::finer(
            slice.frame,
            grid.as_deref(),
            side,
            |at| slice.cost_at(at),
            |found| match go_on(part(known + found), None) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            },
        );
        let finer = Arc::new(finer.ok_or(SliceError::Stopped)?);
        let surface = Surface {
            slice: Arc::clone(&slice),
            grid: Arc::clone(&finer),
        };
        go_on(part(finer.costs.len()), Some(surface))?;
        grid = Some(finer);
    }
    Ok(())
}

/// How fine the grid gets: coarser where each point takes long.
fn sides(network: &Network) -> &'static [usize] {
    let first = network
        .layers()
        .first()
        .map_or(0, |layer| layer.weights.len());
    let finest = match network.parameter_count() - first {
        ..300_000 => 4,
        300_000..3_000_000 => 3,
        _ => 2,
    };
    &Grid::SIDES[..finest]
}

impl Slice {
    fn new(
        request: &SliceRequest,
        progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    ) -> Result<Self, SliceError> {
        let (x, truths) = sample(&request.data)?;
        let mut third = None;
        let mut footsteps = Vec::new();
        let mut shares = None;
        let axes = match request.kind {
            PlaneKind::Random { seed } => {
                let rng = &mut StdRng::seed_from_u64(seed);
                [0, 1].map(|_| filter_normalised(&request.network, rng))
            }
            PlaneKind::ThreeNetworks => three_networks(request, &mut third)?,
            PlaneKind::Principal => {
                let origin = flat(&request.network);
                let places = request.path.places().iter();
                let points: Vec<Vec<f32>> = places
                    .map(|place| difference(&flat(&place.network), &origin))
                    .collect();
                if points.len() < 3 {
                    return Err(SliceError::TooFewPlaces {
                        found: points.len(),
                    });
                }
                let found = principal_components(&points).ok_or(SliceError::StraightLine)?;
                shares = Some(found.shares);
                found.axes
            }
            PlaneKind::Walks => {
                footsteps = walks(request, [&x, &truths], progress)?;
                let found = Footsteps::principal(&footsteps).ok_or(SliceError::StraightWalks)?;
                shares = Some(found.shares);
                found.axes
            }
        };
        let plane = Plane::new(Arc::clone(&request.network), axes);
        let plane = plane.ok_or(match request.kind {
            PlaneKind::Random { .. } => SliceError::NoWeights,
            PlaneKind::Walks => SliceError::StraightWalks,
            _ => SliceError::StraightLine,
        })?;
        let begin = plane.origin_numbers();
        let walks: Vec<Walk> = footsteps
            .iter()
            .map(|made| made.on(&plane, begin))
            .collect();
        let places = request.path.places().iter();
        let path: HashMap<u64, Placed> = places
            .filter_map(|place| Some((place.id, plane.place(&place.network)?)))
            .collect();
        let frame = match request.kind {
            PlaneKind::Random { .. } => Frame {
                center: [0.0; 2],
                half: RANDOM_REACH,
            },
            PlaneKind::Walks => Footsteps::frame(&walks, &footsteps),
            PlaneKind::ThreeNetworks | PlaneKind::Principal => {
                let along = path.values().map(|placed| placed.at);
                Frame::around(along.chain([[0.0; 2]]), f32::MIN_POSITIVE)
            }
        };
        let third = third.and_then(|place: &Remembered| {
            Some(Mark {
                step: place.step,
                placed: plane.place(&place.network)?,
            })
        });
        Ok(Self {
            kind: request.kind,
            frame,
            sample: Sample {
                count: x.nrows(),
                data_name: request.data.name.clone(),
                seen: SeenInputs::new(&plane, x.view()),
                truths,
            },
            step: request.step,
            shares,
            third,
            path,
            walks,
            plane,
        })
    }

    /// The true mean cost over the sample at a point of the plane; NaN where a sum is too large to be a number.
    pub fn cost_at(&self, at: [f32; 2]) -> f32 {
        let Sample { seen, truths, .. } = &self.sample;
        seen.mean_cost(&self.plane, at, truths.view())
    }

    /// Products that [`Slice::cost_at`] takes, for who has to be done within a frame.
    pub fn work_at_a_point(&self) -> usize {
        let network = &self.plane.origin;
        let first = network
            .layers()
            .first()
            .map_or(0, |layer| layer.weights.len());
        self.sample.count * (network.parameter_count() - first)
    }
}

/// Start, now and best; where the best lies on the line of the other two, the place of the path that is farthest from
/// it instead, which is handed out as the third.
fn three_networks<'a>(
    request: &'a SliceRequest,
    third: &mut Option<&'a Remembered>,
) -> Result<[Vec<f32>; 2], SliceError> {
    let places = request.path.places();
    let too_few = SliceError::TooFewPlaces {
        found: places.len(),
    };
    let Some(start) = places.first().filter(|_| places.len() >= 3) else {
        return Err(too_few);
    };
    let (start, now) = (&start.network, &request.network);
    let best = request.path.best();
    if let Some(axes) = best.and_then(|best| through_three(start, now, &best.network)) {
        return Ok(axes);
    }
    let apart = places.iter().filter_map(|place| {
        let distance = distance_from_line(&place.network, start, now)?;
        Some((place, distance))
    });
    let farthest = apart.max_by(|a, b| a.1.total_cmp(&b.1));
    let (aside, _) = farthest.ok_or(SliceError::StraightLine)?;
    *third = Some(aside);
    through_three(start, now, &aside.network).ok_or(SliceError::StraightLine)
}

fn walks(
    request: &SliceRequest,
    [x, y]: [&Array2<f32>; 2],
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<Vec<Footsteps>, SliceError> {
    let rate = request.hyperparameters.learning_rate;
    let setup = RunSetup {
        network: Arc::clone(&request.network),
        data: Arc::clone(&request.data),
        hyperparameters: request.hyperparameters.clone(),
        first_step: 0,
    };
    let mut made = Vec::new();
    for factor in [1.0, WALK_FACTOR] {
        let before = made.len() as f32;
        let mut stopped = false;
        let go_on = |step: usize| {
            let part = (before + step as f32 / super::WALK_STEPS as f32) / 2.0;
            let answer = progress(WALKS_END * part);
            stopped = answer.is_break();
            answer
        };
        let walk = Footsteps::take(&setup, factor * rate, [x.view(), y.view()], go_on)?;
        match walk {
            Some(walk) => made.push(walk),
            None if stopped => return Err(SliceError::Stopped),
            None => return Err(SliceError::NoSuchRate { rate }),
        }
    }
    Ok(made)
}

/// Inputs `[n, 784]` and truths `[n, 10]` of the sample.
fn sample(data: &DataSets) -> Result<(Array2<f32>, Array2<f32>), SliceError> {
    if data.train.is_empty() {
        return Err(SliceError::NoExamples {
            name: data.name.clone(),
        });
    }
    let (examples, _) = data.train.split(SAMPLE, SAMPLE_SEED);
    let mut x = Array2::zeros((examples.len(), SIDE * SIDE));
    let mut y = Array2::zeros((examples.len(), 10));
    let positions: Vec<u32> = (0..examples.len() as u32).collect();
    examples.fill_batch(&positions, x.view_mut(), y.view_mut());
    Ok((x, y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DataSource, Dataset, Examples};
    use crate::explain::surface::WALK_STEPS;
    use crate::ink::{Hands, practice_digits};
    use crate::training::{Hyperparameters, Run};
    use std::sync::OnceLock;

    fn data() -> Arc<DataSets> {
        static DATA: OnceLock<Arc<DataSets>> = OnceLock::new();
        let data = DATA.get_or_init(|| {
            let made = practice_digits(Hands::Known, 300, 3);
            let images = made.iter().flat_map(|(cells, _)| cells.0).collect();
            let labels = made.iter().map(|(_, label)| *label).collect();
            let all = Examples::all(Arc::new(Dataset::new(images, labels).unwrap()));
            Arc::new(DataSets {
                source: DataSource::Practice,
                name: "Practice digits".into(),
                train: all.clone(),
                validation: all.clone(),
                test: all,
                notes: Vec::new(),
            })
        });
        Arc::clone(data)
    }

    fn hyperparameters(learning_rate: f32) -> CheckedHyperparameters {
        let hyperparameters = Hyperparameters {
            hidden_layers: vec![8],
            optimizer: crate::nn::OptimizerKind::Sgd,
            weight_decay: 0.0,
            augmentation: crate::data::Augmentation::None,
            learning_rate,
            batch_size: 20,
            threads: 1,
            ..Hyperparameters::default()
        };
        hyperparameters.check().unwrap()
    }

    /// After some steps of training, each of which is remembered; the tenth was the best.
    fn request(kind: PlaneKind, steps: u64, learning_rate: f32) -> SliceRequest {
        let hyperparameters = hyperparameters(0.05);
        let network = Arc::new(hyperparameters.fresh_network().unwrap());
        let mut run = Run::new(RunSetup {
            network: Arc::clone(&network),
            data: data(),
            hyperparameters,
            first_step: 0,
        })
        .unwrap();
        let mut path = TrainingPath::default();
        path.begin(&network, 0);
        let mut network = network;
        for step in 1..=steps {
            run.step().unwrap();
            network = Arc::new(run.network().clone());
            path.remember(&network, step);
        }
        let tenth = path
            .places()
            .get(10)
            .map(|place| Arc::clone(&place.network));
        path.score(&tenth.unwrap_or(Arc::clone(&network)), 10, 0.5);
        SliceRequest {
            kind,
            network,
            step: steps,
            path,
            data: data(),
            hyperparameters: self::hyperparameters(learning_rate),
        }
    }

    fn slice(request: &SliceRequest) -> Result<Slice, SliceError> {
        Slice::new(request, &mut |_| ControlFlow::Continue(()))
    }

    /// `nn`'s own mean cost of a network over the sample, in double precision.
    fn exact(network: &Network) -> f64 {
        let (x, y) = sample(&data()).unwrap();
        let (x, y) = (x.mapv(f64::from), y.mapv(f64::from));
        network.cast::<f64>().mean_cost(x.view(), y.view())
    }

    #[test]
    fn every_point_of_the_finest_grid_holds_the_cost_of_the_network_there() {
        let mut levels = Vec::new();
        let mut last = 0.0;
        let request = request(PlaneKind::Random { seed: 1 }, 80, 0.05);
        let done = draw_surface(&request, &mut |part, surface| {
            assert!(part >= last && part <= 1.0, "{last} {part}");
            last = part;
            levels.extend(surface);
            ControlFlow::Continue(())
        });
        assert_eq!((done, last), (Ok(()), 1.0));
        let sides: Vec<usize> = levels.iter().map(|level| level.grid.side()).collect();
        assert_eq!(sides, Grid::SIDES);
        let Surface { slice, grid } = levels.last().unwrap();
        for (row, column) in [(0, 0), (0, 64), (32, 32), (17, 50), (64, 3)] {
            let at = slice
                .frame
                .at_share([column as f32 / 64.0, row as f32 / 64.0]);
            let exact = exact(&slice.plane.network_at(at).unwrap());
            let found = f64::from(grid.costs[[row, column]]);
            assert!((found / exact - 1.0).abs() < 1e-4, "{found} {exact}");
        }
        // The middle is the network itself.
        let middle = f64::from(grid.costs[[32, 32]]);
        assert!((middle / self::exact(&request.network) - 1.0).abs() < 1e-5);
        // Round about it lie higher places than the one that training has found.
        assert!(f64::from(grid.range().unwrap()[1]) > 2.0 * middle);
    }

    #[test]
    fn the_plane_of_three_networks_holds_all_three() {
        let request = request(PlaneKind::ThreeNetworks, 12, 0.05);
        let slice = slice(&request).unwrap();
        let start = slice.path[&request.path.places()[0].id];
        let best = slice
            .plane
            .place(&request.path.best().unwrap().network)
            .unwrap();
        for placed in [start, best] {
            assert!(placed.distance < 1e-4, "{placed:?}");
            assert!(slice.frame.contains(placed.at));
        }
        // From the start to now is along the first axis.
        assert!(start.at[0] < 0.0 && start.at[1].abs() < 1e-4);
        assert_eq!(slice.third, None);
    }

    #[test]
    fn where_the_best_is_the_present_network_a_third_place_spans_the_plane() {
        let mut request = request(PlaneKind::ThreeNetworks, 12, 0.05);
        request.path.score(&request.network, 12, 0.1);
        let slice = slice(&request).unwrap();
        let third = slice.third.unwrap();
        assert!(third.placed.distance < 1e-4 && third.placed.at[1] > 0.0);
        assert!((1..12).contains(&third.step));
    }

    #[test]
    fn principal_components_of_a_path_hold_most_of_it_and_it_runs_from_left_to_right() {
        let request = request(PlaneKind::Principal, 40, 0.05);
        let slice = slice(&request).unwrap();
        let [first, second] = slice.shares.unwrap();
        assert!(first > second && first + second > 0.8 && first + second <= 1.0);
        let places = request.path.places().iter();
        let placed: Vec<Placed> = places
            .map(|place| slice.plane.place(&place.network).unwrap())
            .collect();
        assert!(placed.iter().all(|placed| slice.frame.contains(placed.at)));
        assert!(placed[0].at[0] < placed[40].at[0]);
        // The present network lies on its plane.
        assert!(placed[40].distance < 1e-4 && placed[40].at.iter().all(|x| x.abs() < 1e-4));
    }

    #[test]
    fn a_small_learning_rate_walks_down_and_both_walks_see_the_same_examples() {
        let slice = slice(&request(PlaneKind::Walks, 12, 0.002)).unwrap();
        let [gentle, steep] = &slice.walks[..] else {
            panic!("{} walks", slice.walks.len());
        };
        assert!((steep.learning_rate / gentle.learning_rate - 10.0).abs() < 1e-5);
        for walk in [gentle, steep] {
            assert_eq!(walk.steps.len(), WALK_STEPS + 1);
            assert_eq!(walk.diverged_after, None);
            let [first, last] = walk.ends().unwrap();
            assert!(last < first, "{first} {last}");
        }
        // The first step of plain descent is the same step, ten times as long.
        let reach = |walk: &Walk| {
            let Placed { at, distance } = walk.steps[1].placed;
            (at[0] * at[0] + at[1] * at[1] + distance * distance).sqrt()
        };
        assert!((reach(steep) / reach(gentle) - 10.0).abs() < 0.05);
        assert_eq!(gentle.steps[0], steep.steps[0]);
        assert!(
            gentle
                .steps
                .iter()
                .all(|step| slice.frame.contains(step.placed.at))
        );
    }

    #[test]
    fn ten_times_a_good_learning_rate_leaves_the_valley() {
        let slice = slice(&request(PlaneKind::Walks, 12, 0.2)).unwrap();
        let costs = |walk: &Walk| walk.steps.iter().map(|step| step.cost).fold(0.0, f32::max);
        let [first, last] = slice.walks[0].ends().unwrap();
        assert!(last < first);
        assert!(costs(&slice.walks[1]) > 2.0 * first, "{:?}", slice.walks[1]);
        assert!(slice.shares.is_some());
    }

    #[test]
    fn a_path_that_is_too_short_is_told_how_to_grow() {
        for kind in [PlaneKind::Principal, PlaneKind::ThreeNetworks] {
            let error = slice(&request(kind, 1, 0.05)).unwrap_err();
            assert_eq!(error, SliceError::TooFewPlaces { found: 2 });
            assert!(error.to_string().contains("train a few steps"));
        }
    }

    #[test]
    fn drawing_can_be_stopped_at_any_time() {
        for kind in [PlaneKind::Random { seed: 1 }, PlaneKind::Walks] {
            let request = request(kind, 3, 0.05);
            for stop_at in [0.0, 0.1, 0.31, 0.6] {
                let mut after = 0;
                let done = draw_surface(&request, &mut |part, _| {
                    if part < stop_at {
                        return ControlFlow::Continue(());
                    }
                    after += 1;
                    ControlFlow::Break(())
                });
                assert_eq!((done, after), (Err(SliceError::Stopped), 1));
            }
        }
    }

    #[test]
    fn a_rate_that_cannot_be_tenfold_is_named() {
        let error = slice(&request(PlaneKind::Walks, 3, 5e5)).unwrap_err();
        assert!(matches!(error, SliceError::NoSuchRate { .. }), "{error}");
    }
}
