use super::place::Place;
use crate::answering::WrongCalibration;
use crate::data::WriteError;
use crate::nn::{NetworkError, NonFinite};
use std::path::PathBuf;

/// Why a model cannot be opened: which file, and what is wrong with it.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {problem}", path = path.display())]
pub struct ModelFileError {
    pub path: PathBuf,
    #[source]
    pub problem: ModelProblem,
}

/// The ways in which a file can fail to be a model, with the place and the numbers.
#[derive(Debug, thiserror::Error)]
pub enum ModelProblem {
    #[error(
        "no such file and no such model; there are {known}, and models are looked for in {places}"
    )]
    NoSuchModel { known: String, places: String },
    #[error("cannot be read: {0}")]
    Unreadable(std::io::Error),
    #[error("this is a folder; a model is a file")]
    Folder,
    #[error("this is neither a file nor a folder but a device or a pipe; a model is a file")]
    NotAFile,
    #[error(
        "the file is too large for a model: {mib} MiB, and at most {limit} MiB are read",
        mib = .bytes.div_ceil(1 << 20),
        limit = super::MAX_FILE_BYTES >> 20
    )]
    TooLarge { bytes: u64 },
    #[error("the file is empty")]
    Empty,
    #[error(
        "this is not text (byte {offset} is not UTF-8), and a model is a JSON text or a safetensors file"
    )]
    NotText { offset: usize },
    #[error("this is not JSON: {reason} (line {line}, column {column})")]
    NotJson {
        line: usize,
        column: usize,
        reason: String,
    },
    #[error(
        "this is JSON, but not an Inkgrad model: \"format\" should be \"inkgrad-model\" and {found}"
    )]
    NotAModel { found: String },
    #[error(
        "the model was written by a newer Inkgrad: it has format version {found}, and this program reads version {supported}; update Inkgrad to open it",
        supported = super::VERSION
    )]
    NewerVersion { found: u64 },
    #[error(
        "format version {found} does not exist; this program reads version {supported}",
        supported = super::VERSION
    )]
    NoSuchVersion { found: u64 },
    #[error("{place}: the field \"{field}\" is missing")]
    MissingField { place: Place, field: String },
    #[error("{place}: the field \"{field}\" is there twice (line {line})")]
    DuplicateField {
        place: Place,
        field: String,
        line: usize,
    },
    #[error("{place}: {reason} (line {line}, column {column})")]
    WrongValue {
        place: Place,
        reason: String,
        line: usize,
        column: usize,
    },
    #[error("{place}: {found} is not a finite number (line {line}, column {column})")]
    NotANumber {
        place: Place,
        found: String,
        line: usize,
        column: usize,
    },
    #[error("the model has no layers")]
    NoLayers,
    #[error("layer {layer} has no units")]
    NoUnits { layer: usize },
    #[error("layer {layer}, unit 1 has no weights")]
    NoInputs { layer: usize },
    #[error("layer {layer}: unit {unit} has {found} weights, and unit 1 has {expected}")]
    RaggedRow {
        layer: usize,
        unit: usize,
        found: usize,
        expected: usize,
    },
    #[error("layer {layer} has weights for {units} units, but {biases} biases")]
    BiasCount {
        layer: usize,
        units: usize,
        biases: usize,
    },
    #[error(
        "layer {layer} has {inputs} weights for each unit, but layer {previous} has {units} units",
        previous = layer - 1
    )]
    SizesDoNotFit {
        layer: usize,
        inputs: usize,
        units: usize,
    },
    #[error(
        "the network has {inputs} inputs and {outputs} outputs; to read digits it needs 784 inputs (28×28 cells) and 10 outputs"
    )]
    NotADigitReader { inputs: usize, outputs: usize },
    #[error("layer {layer}: the activation {found} is not known; there are {known}")]
    UnknownActivation {
        layer: usize,
        found: String,
        known: String,
    },
    #[error("the cost {found} is not known; there are {known}")]
    UnknownCost { found: String, known: String },
    #[error(
        "the model wants pictures normalised as {found}, and this program normalises as \"{known}\"",
        known = crate::ink::NORMALIZATION_ID
    )]
    UnknownNormalization { found: String },
    #[error("field \"calibration\": {0}")]
    Calibration(#[from] WrongCalibration),
    #[error("{0}")]
    Network(#[from] NetworkError),
    #[error("this is not a safetensors file, or a damaged one: {0}")]
    NotSafetensors(String),
    #[error(
        "the header of this safetensors file would take {bytes} bytes; a network of dense layers needs less than {limit}",
        limit = super::safetensors_file::MAX_HEADER_BYTES
    )]
    HeaderTooLarge { bytes: u64 },
    #[error("the name {name} is there twice in the header")]
    DuplicateName { name: String },
    #[error("what the metadata say under \"inkgrad\" is wrong: {0}")]
    Description(#[source] Box<ModelProblem>),
    #[error("the file holds no tensors")]
    NoTensors,
    #[error(
        "the tensor {name} ({shape}) is no part of a dense layer: of other programs' networks only dense layers are read, each a matrix NAME.weight with a row for each unit, and NAME.bias"
    )]
    NotDense { name: String, shape: String },
    #[error("the numbers of the tensor {name} are of type {found}; F32, F16 and BF16 are read")]
    UnknownNumbers { name: String, found: String },
    #[error("the tensor {name} is missing")]
    MissingTensor { name: String },
    #[error("the tensor {name} belongs to none of the model's {layers} layers")]
    SuperfluousTensor { name: String, layers: usize },
    #[error(
        "in which order the layers {names} come is not clear from their names and sizes; number them in their names"
    )]
    UnclearOrder { names: String },
}

/// Why a model was not written; an older file is untouched.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    #[error(
        "the model was not written: {what} of layer {layer} hold a number that is not finite",
        what = if .0.in_biases { "the biases" } else { "the weights" },
        layer = .0.layer
    )]
    NotFinite(NonFinite),
    #[error("the model was not written: its training record cannot be put into JSON ({0})")]
    Record(serde_json::Error),
    #[error("the model was not written: {0}")]
    Tensors(safetensors::SafeTensorError),
    #[error(transparent)]
    Write(#[from] WriteError),
}
