use super::DataSource;
use crate::ink::Cells;
use std::sync::Arc;

/// Labelled digits, kept as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    /// 784 bytes an example.
    images: Vec<u8>,
    labels: Vec<u8>,
}

/// Some examples of a data set, in an order.
#[derive(Clone, Debug)]
pub struct Examples {
    data: Arc<Dataset>,
    indices: Arc<[u32]>,
}

/// Three sets that share no example: one to learn from, one to watch and choose by, one to be judged by once.
#[derive(Clone, Debug)]
pub struct DataSets {
    pub source: DataSource,
    /// "MNIST", "Practice digits", a folder's name.
    pub name: String,
    pub train: Examples,
    pub validation: Examples,
    pub test: Examples,
    /// What a person should know about the reading: "400 pictures of 50×50 were fitted to 28×28".
    pub notes: Vec<String>,
}

impl Dataset {
    /// `images` holds 784 bytes for each label, every label is 0..=9; `None` otherwise.
    pub fn new(images: Vec<u8>, labels: Vec<u8>) -> Option<Self> {
        let _ = (images, labels);
        todo!()
    }
    pub fn len(&self) -> usize {
        self.labels.len()
    }
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }
}

impl Examples {
    /// All of `data`, in its order.
    pub fn all(data: Arc<Dataset>) -> Self {
        let _ = data;
        todo!()
    }
    pub fn len(&self) -> usize {
        self.indices.len()
    }
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }
    /// 784 bytes.
    pub fn image(&self, index: usize) -> &[u8] {
        let _ = index;
        todo!()
    }
    pub fn cells(&self, index: usize) -> Cells {
        let _ = index;
        todo!()
    }
    pub fn label(&self, index: usize) -> u8 {
        let _ = index;
        todo!()
    }
    /// The first part of a seeded shuffle, and the rest.
    pub fn split(&self, first: usize, seed: u64) -> (Self, Self) {
        let _ = (first, seed);
        todo!()
    }
    /// How many there are of each digit.
    pub fn counts(&self) -> [usize; 10] {
        todo!()
    }
}
