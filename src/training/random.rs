use rand::SeedableRng;
use rand::rngs::StdRng;

/// What random numbers of a run are for. Each purpose has a stream of its own, so that none depends on how many
/// numbers another one took, nor on the thread that took them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Weights,
    /// The order of the examples in an epoch.
    Order {
        epoch: u64,
    },
    /// The change to the examples from this place of the order on that are changed alike.
    Augmentation {
        epoch: u64,
        place: u64,
    },
    /// What a hand writes anew, and the examples that are mixed in.
    Practice,
}

impl Stream {
    pub(super) fn rng(self, seed: u64) -> StdRng {
        let [purpose, epoch, place] = match self {
            Self::Weights => [0, 0, 0],
            Self::Order { epoch } => [1, epoch, 0],
            Self::Practice => [3, 0, 0],
            Self::Augmentation { epoch, place } => [2, epoch, place],
        };
        // The numbers side by side are the key of the generator: no two streams can meet.
        let mut key = [0; 32];
        for (bytes, number) in key.chunks_exact_mut(8).zip([seed, purpose, epoch, place]) {
            bytes.copy_from_slice(&number.to_le_bytes());
        }
        StdRng::from_seed(key)
    }
}
