//! Models as safetensors files: the same bits come back, networks of PyTorch open, and what is neither is refused with
//! a sentence. `tests/pytorch/make.py` made the files of that program.

use inkgrad::answering::Calibration;
use inkgrad::model_file::{
    MAX_FILE_BYTES, Model, ModelProblem, TrainingRecord, bundled_model, open_model, read_model,
    save_model, write_model,
};
use inkgrad::nn::{Activation, Cost, Layer, Network};
use ndarray::{Array1, Array2};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

fn from_pytorch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/pytorch")
        .join(name)
}

/// 784-3-2-10 with three kinds of activations, numbers that are all different and some that are easily lost.
fn small_model() -> Model {
    let awkward = [-0.0, 1e-45, f32::MAX, f32::MIN_POSITIVE, 0.1];
    let layer = |inputs: usize, outputs: usize, activation| Layer {
        weights: Array2::from_shape_fn((inputs, outputs), |(i, j)| {
            let place = j * inputs + i;
            let ordinary = (place as f32 * 0.618_034).sin();
            awkward.get(place).copied().unwrap_or(ordinary)
        }),
        biases: Array1::from_shape_fn(outputs, |j| 0.3 * j as f32),
        activation,
    };
    let layers = vec![
        layer(784, 3, Activation::LeakyRelu),
        layer(3, 2, Activation::Tanh),
        layer(2, 10, Activation::Sigmoid),
    ];
    Model {
        name: "an \"odd\" näme\n".to_owned(),
        network: Network::new(layers, Cost::Quadratic).unwrap(),
        record: TrainingRecord {
            data: "MNIST".to_owned(),
            steps: 1234,
            validation_accuracy: Some(0.1 + 0.2),
            ..TrainingRecord::default()
        },
        calibration: Some(Calibration {
            temperature: 1.0 / 3.0,
            likeness_limit: None,
            examples: 5000,
        }),
    }
}

/// The bytes that the program writes.
fn written(model: &Model) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.safetensors");
    save_model(&path, model).unwrap();
    let files = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 1, "a temporary file was left over");
    fs::read(path).unwrap()
}

/// A tensor of zeros, or of what `bytes` repeat.
struct Tensor(&'static str, Dtype, Vec<usize>, u8);

fn zeros(name: &'static str, shape: &[usize]) -> Tensor {
    Tensor(name, Dtype::F32, shape.to_vec(), 0)
}

/// A file of another program with these tensors.
fn foreign(tensors: &[Tensor], metadata: &[(&str, &str)]) -> Vec<u8> {
    let data: Vec<Vec<u8>> = tensors
        .iter()
        .map(|Tensor(_, dtype, shape, byte)| {
            vec![*byte; shape.iter().product::<usize>() * dtype.bitsize() / 8]
        })
        .collect();
    let views = tensors.iter().zip(&data).map(|(tensor, data)| {
        let Tensor(name, dtype, shape, _) = tensor;
        (*name, TensorView::new(*dtype, shape.clone(), data).unwrap())
    });
    let metadata: HashMap<String, String> = metadata
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    safetensors::serialize(views, Some(metadata)).unwrap()
}

/// A file with this header and so many bytes behind it.
fn with_header(header: &str, data_bytes: usize) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend(vec![0; data_bytes]);
    bytes
}

fn read(bytes: &[u8]) -> Result<Model, inkgrad::model_file::ModelFileError> {
    read_model(Path::new("m.safetensors"), bytes)
}

/// What is wrong with a file, once its sentence was found to be one.
fn refusal(bytes: &[u8]) -> String {
    let error = read(bytes).unwrap_err();
    let sentence = error.to_string();
    assert!(sentence.starts_with("m.safetensors: "), "{sentence}");
    assert!(!sentence.contains('\n'), "{sentence}");
    assert!(sentence.chars().count() < 320, "{sentence}");
    error.problem.to_string()
}

/// The sentence about a file of this program in whose description one thing was changed.
fn damaged(damage: impl FnOnce(&mut Value)) -> String {
    let bytes = written(&small_model());
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let mut metadata = header.metadata().clone().unwrap();
    let mut description: Value = serde_json::from_str(&metadata["inkgrad"]).unwrap();
    damage(&mut description);
    metadata.insert("inkgrad".to_owned(), description.to_string());
    let file = SafeTensors::deserialize(&bytes).unwrap();
    refusal(&safetensors::serialize(file.tensors(), Some(metadata)).unwrap())
}

#[test]
fn a_model_comes_back_bit_for_bit() {
    let model = small_model();
    let bytes = written(&model);
    let back = read(&bytes).unwrap();
    assert_eq!(back, model);
    // `==` takes -0 for 0; the text tells them apart.
    assert_eq!(write_model(&back).unwrap(), write_model(&model).unwrap());
    assert_eq!(written(&back), bytes);
    // What is inside tells what a file is, not its name.
    assert_eq!(read_model(Path::new("m.json"), &bytes).unwrap(), model);
}

#[test]
fn the_tensors_are_named_and_laid_out_as_pytorch_has_them() {
    let model = small_model();
    let bytes = written(&model);
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut names = file.names();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "layers.0.bias",
            "layers.0.weight",
            "layers.1.bias",
            "layers.1.weight",
            "layers.2.bias",
            "layers.2.weight"
        ]
    );
    let weights = file.tensor("layers.0.weight").unwrap();
    assert_eq!(
        (weights.dtype(), weights.shape()),
        (Dtype::F32, &[3, 784][..])
    );
    // Unit 2, input 100.
    let place = 4 * (2 * 784 + 100);
    let number = f32::from_le_bytes(weights.data()[place..place + 4].try_into().unwrap());
    assert_eq!(number, model.network.layers()[0].weights[[100, 2]]);
}

#[test]
fn networks_of_pytorch_answer_as_pytorch_does() {
    let answers = fs::read_to_string(from_pytorch("answers.json")).unwrap();
    let answers: Value = serde_json::from_str(&answers).unwrap();
    let input = Array2::from_shape_fn((1, 784), |(_, cell)| (cell % 29) as f32 / 28.0);
    for name in ["sequential", "named_half"] {
        let model = open_model(&from_pytorch(&format!("{name}.safetensors"))).unwrap();
        assert_eq!(model.name, name);
        let found = model.network.forward(input.view());
        for (digit, found) in found.iter().enumerate() {
            let expected = answers[name][digit].as_f64().unwrap();
            let difference = (f64::from(*found) - expected).abs();
            assert!(
                difference < 1e-6,
                "{name}, {digit}: {found} and not {expected}"
            );
        }
    }

    let model = open_model(&from_pytorch("sequential.safetensors")).unwrap();
    let [first, last] = model.network.layers() else {
        panic!("two layers");
    };
    let bits = |number: f32| Value::from(number.to_bits().cast_signed());
    for (input, expected) in answers["first_weights"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
    {
        assert_eq!(bits(first.weights[[input, 0]]), *expected);
    }
    assert_eq!(bits(last.biases[9]), answers["last_bias"]);
}

#[test]
fn what_a_file_of_another_program_does_not_say_is_assumed_and_told() {
    let model = open_model(&from_pytorch("named_half.safetensors")).unwrap();
    assert_eq!(model.network.layers()[0].activation, Activation::Relu);
    assert_eq!(model.network.layers()[1].activation, Activation::Softmax);
    assert_eq!(
        model.record.assumed.as_deref(),
        Some(
            "ReLU in the hidden layers, softmax at the output, biases of 0 where there are none, cells from 0 for paper to 1 for ink"
        )
    );
    // It is still known when the model was saved as one of this program.
    let back = read(&written(&model)).unwrap();
    assert_eq!(back.record.assumed, model.record.assumed);

    let tensors = [
        zeros("fc1.weight", &[5, 784]),
        zeros("fc1.bias", &[5]),
        zeros("fc2.weight", &[10, 5]),
        zeros("fc2.bias", &[10]),
    ];
    let said = [("activation", "tanh"), ("output_activation", "linear")];
    let model = read(&foreign(&tensors, &said)).unwrap();
    assert_eq!(model.network.layers()[0].activation, Activation::Tanh);
    assert_eq!(model.network.layers()[1].activation, Activation::Linear);
    let sentence = refusal(&foreign(&tensors, &[("activation", "gelu")]));
    assert!(sentence.contains("\"gelu\" is not known"), "{sentence}");
}

#[test]
fn only_dense_layers_of_known_numbers_are_read() {
    for (tensor, part) in [
        (
            zeros("conv.weight", &[8, 1, 3, 3]),
            "\"conv.weight\" (8×1×3×3)",
        ),
        (zeros("norm.weight", &[784]), "\"norm.weight\" (784)"),
        (
            zeros("out.running_mean", &[10]),
            "\"out.running_mean\" (10)",
        ),
        (zeros("scale", &[]), "\"scale\" (a single number)"),
        (zeros("other.bias", &[10]), "\"other.bias\" (10)"),
    ] {
        let sentence = refusal(&foreign(&[zeros("out.weight", &[10, 784]), tensor], &[]));
        assert!(sentence.contains(part), "{sentence}");
        assert!(sentence.contains("only dense layers"), "{sentence}");
    }
    let whole = Tensor("out.weight", Dtype::I64, vec![10, 784], 0);
    let sentence = refusal(&foreign(&[whole], &[]));
    assert!(
        sentence.contains("\"out.weight\" are of type I64"),
        "{sentence}"
    );
    assert_eq!(refusal(&with_header("{}", 0)), "the file holds no tensors");
}

#[test]
fn numbers_that_are_not_finite_are_refused_with_their_layer() {
    for dtype in [Dtype::F32, Dtype::F16, Dtype::BF16] {
        // All bits set is NaN in each of them.
        let nan = Tensor("out.weight", dtype, vec![10, 784], 0xff);
        let sentence = refusal(&foreign(&[nan], &[]));
        assert!(sentence.contains("layer 1"), "{sentence}");
    }
}

#[test]
fn sizes_that_do_not_fit_are_refused_with_both() {
    let sentence = refusal(&foreign(
        &[zeros("0.weight", &[5, 784]), zeros("1.weight", &[10, 6])],
        &[],
    ));
    assert_eq!(
        sentence,
        "layer 2 has 6 weights for each unit, but layer 1 has 5 units"
    );
    let sentence = refusal(&foreign(&[zeros("0.weight", &[784, 10])], &[]));
    assert!(sentence.contains("10 inputs and 784 outputs"), "{sentence}");
    let sentence = refusal(&foreign(
        &[zeros("0.weight", &[10, 784]), zeros("0.bias", &[9])],
        &[],
    ));
    assert_eq!(sentence, "layer 1 has weights for 10 units, but 9 biases");
    for shape in [[0, 784], [10, 0]] {
        refusal(&foreign(&[zeros("0.weight", &shape)], &[]));
    }
}

#[test]
fn the_description_of_an_own_file_is_checked_as_in_json() {
    let newer = damaged(|model| model["version"] = json!(2));
    assert!(newer.contains("update Inkgrad"), "{newer}");
    let activation = damaged(|model| model["layers"][1]["activation"] = json!("gelu"));
    assert!(
        activation.contains("layer 2: the activation"),
        "{activation}"
    );
    let cost = damaged(|model| model["cost"] = json!("hinge"));
    assert!(
        cost.contains("metadata") && cost.contains("hinge"),
        "{cost}"
    );
    let missing = damaged(|model| {
        model["layers"]
            .as_array_mut()
            .unwrap()
            .push(json!({"activation": "relu"}))
    });
    assert_eq!(missing, "the tensor \"layers.3.weight\" is missing");
    let left_over = damaged(|model| {
        model["layers"].as_array_mut().unwrap().pop();
    });
    assert_eq!(
        left_over,
        "the tensor \"layers.2.weight\" belongs to none of the model's 2 layers"
    );
}

#[test]
fn a_damaged_file_is_refused() {
    let whole = written(&small_model());
    for length in [1, 7, 8, 9, 200, whole.len() / 2, whole.len() - 1] {
        refusal(&whole[..length]);
    }
    let mut longer = whole.clone();
    longer.push(0);
    let sentence = refusal(&longer);
    assert!(
        sentence.contains("not a safetensors file, or a damaged one"),
        "{sentence}"
    );
    // What stands in place of a large file where it was not fetched.
    let sentence = refusal(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
    assert!(sentence.contains("header"), "{sentence}");
    assert!(matches!(
        read(b"").unwrap_err().problem,
        ModelProblem::Empty
    ));
}

#[test]
fn a_header_that_asks_for_too_much_is_refused() {
    let mut bytes = (1u64 << 40).to_le_bytes().to_vec();
    bytes.extend(b"{}");
    let sentence = refusal(&bytes);
    assert!(sentence.contains("1099511627776 bytes"), "{sentence}");
    // Sizes whose product does not fit a machine word.
    let huge =
        r#"{"0.weight":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#;
    refusal(&with_header(huge, 4));
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    refusal(&with_header(&deep, 0));
    // Two tensors in the same place.
    let twice = r#"{"0.weight":{"dtype":"F32","shape":[10,784],"data_offsets":[0,31360]},"1.weight":{"dtype":"F32","shape":[10,784],"data_offsets":[0,31360]}}"#;
    refusal(&with_header(twice, 31_360));
}

#[test]
fn a_name_that_is_there_twice_is_refused() {
    let tensor = r#""0.weight":{"dtype":"F32","shape":[10,784],"data_offsets":[0,31360]}"#;
    let sentence = refusal(&with_header(&format!("{{{tensor},{tensor}}}"), 31_360));
    assert_eq!(
        sentence,
        "the name \"0.weight\" is there twice in the header"
    );
    let metadata = r#""__metadata__":{"inkgrad":"a","inkgrad":"b"}"#;
    let sentence = refusal(&with_header(&format!("{{{metadata},{tensor}}}"), 31_360));
    assert_eq!(
        sentence,
        "the name \"inkgrad\" is there twice in the header"
    );
}

#[test]
fn the_largest_network_fits_into_a_file() {
    let parameters = inkgrad::training::Hyperparameters::MAX_PARAMETERS;
    assert!(4 * parameters + (1 << 20) <= MAX_FILE_BYTES as usize);
}

#[test]
fn a_bundled_model_can_be_taken_to_pytorch_and_back() {
    let model = bundled_model("textbook").unwrap();
    assert_eq!(read(&written(&model)).unwrap(), model);
}
