//! Model files: the same bits come back, and whatever is not a model is refused with a sentence.

use inkgrad::answering::Calibration;
use inkgrad::ink::NORMALIZATION_ID;
use inkgrad::model_file::{
    MAX_FILE_BYTES, Model, ModelProblem, SaveError, TrainingRecord, open_model, read_model,
    resolve_model, save_model, write_model,
};
use inkgrad::nn::{Activation, Cost, Layer, Network};
use inkgrad::training::Hyperparameters;
use ndarray::{Array1, Array2};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Numbers that are easily lost on the way through decimal digits.
const AWKWARD: [f32; 12] = [
    0.0,
    -0.0,
    0.1,
    -1.0 / 3.0,
    f32::MAX,
    f32::MIN_POSITIVE,
    f32::EPSILON,
    1e-45,
    -1e-45,
    16_777_217.0,
    9.007_199e15,
    1.000_000_1,
];

/// 784-2-10, with weights that are all different and some that are awkward.
fn small_model() -> Model {
    let weight = |place: usize| match AWKWARD.get(place) {
        Some(awkward) => *awkward,
        None => (place as f32 * 0.618_034).sin(),
    };
    let layer = |inputs: usize, outputs: usize, activation| Layer {
        weights: Array2::from_shape_fn((inputs, outputs), |(i, j)| weight(j * inputs + i)),
        biases: Array1::from_shape_fn(outputs, |j| 0.25 * j as f32),
        activation,
    };
    let layers = vec![
        layer(784, 2, Activation::Relu),
        layer(2, 10, Activation::Softmax),
    ];
    Model {
        name: "an \"odd\" näme\n".to_owned(),
        network: Network::new(layers, Cost::CrossEntropy).unwrap(),
        record: TrainingRecord {
            data: "MNIST".to_owned(),
            hyperparameters: Some(Hyperparameters::default()),
            epochs: 1.5,
            steps: 1234,
            validation_accuracy: Some(0.1 + 0.2),
            test_accuracy: None,
            test_count: Some(10_000),
            command: Some("inkgrad train".to_owned()),
            assumed: None,
        },
        calibration: None,
    }
}

fn bits(network: &Network) -> Vec<u32> {
    network
        .layers()
        .iter()
        .flat_map(|layer| layer.weights.iter().chain(&layer.biases))
        .map(|number| number.to_bits())
        .collect()
}

fn read(text: impl AsRef<[u8]>) -> Result<Model, inkgrad::model_file::ModelFileError> {
    read_model(Path::new("m.json"), text.as_ref())
}

/// What is wrong with a text, once its sentence was found to be one.
fn refusal(text: impl AsRef<[u8]>) -> ModelProblem {
    let error = read(text).unwrap_err();
    let sentence = error.to_string();
    assert!(sentence.starts_with("m.json: "), "{sentence}");
    assert!(!sentence.contains('\n'), "{sentence}");
    assert!(sentence.chars().count() < 300, "{sentence}");
    error.problem
}

/// The sentence about a model in which one thing was changed.
fn damaged(damage: impl FnOnce(&mut Value)) -> String {
    let text = write_model(&small_model()).unwrap();
    let mut value: Value = serde_json::from_str(&text).unwrap();
    damage(&mut value);
    refusal(value.to_string()).to_string()
}

/// The sentence about a model in whose text one thing was replaced.
fn replaced(from: &str, to: &str) -> String {
    let text = write_model(&small_model()).unwrap();
    assert!(text.contains(from), "{from} is not in the file");
    refusal(text.replacen(from, to, 1)).to_string()
}

#[test]
fn a_model_comes_back_bit_for_bit() {
    let model = small_model();
    let text = write_model(&model).unwrap();
    let back = read(&text).unwrap();
    assert_eq!(back, model);
    // `==` takes -0 for 0.
    assert_eq!(bits(&back.network), bits(&model.network));
    assert_eq!(write_model(&back).unwrap(), text);
}

#[test]
fn numbers_from_all_over_the_range_come_back_bit_for_bit() {
    let mut layers = small_model().network.layers().to_vec();
    // An odd stride through all bit patterns meets every exponent and both signs.
    let mut pattern = 1u32;
    layers[0].weights = Array2::from_shape_fn((784, 40), |_| {
        loop {
            pattern = pattern.wrapping_add(2_654_435_769);
            let number = f32::from_bits(pattern);
            if number.is_finite() {
                return number;
            }
        }
    });
    layers[0].biases = Array1::zeros(40);
    layers[1].weights = Array2::zeros((40, 10));
    let network = Network::new(layers, Cost::CrossEntropy).unwrap();
    let model = Model {
        network,
        ..small_model()
    };
    let back = read(write_model(&model).unwrap()).unwrap();
    assert_eq!(bits(&back.network), bits(&model.network));
}

#[test]
fn the_file_has_one_row_for_each_unit() {
    let model = small_model();
    let value: Value = serde_json::from_str(&write_model(&model).unwrap()).unwrap();
    assert_eq!(value["format"], "inkgrad-model");
    assert_eq!(value["version"], 1);
    assert_eq!(value["normalization"], NORMALIZATION_ID);
    let rows = value["layers"][0]["weights"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let weights = &model.network.layers()[0].weights;
    let written = rows[1][100].as_f64().unwrap() as f32;
    assert_eq!(written, weights[[100, 1]]);
}

#[test]
fn a_calibration_comes_back_and_a_file_without_one_opens() {
    let mut model = small_model();
    assert_eq!(
        read(write_model(&model).unwrap()).unwrap().calibration,
        None
    );
    for likeness_limit in [None, Some(0.03)] {
        model.calibration = Some(Calibration {
            temperature: 1.0 / 3.0,
            likeness_limit,
            examples: 5000,
        });
        assert_eq!(read(write_model(&model).unwrap()).unwrap(), model);
    }
}

#[test]
fn a_calibration_that_cannot_be_is_refused() {
    for (calibration, part) in [
        (json!({"temperature": 0, "examples": 1}), "temperature is 0"),
        (
            json!({"temperature": -2, "examples": 1}),
            "temperature is -2",
        ),
        (
            json!({"temperature": 1e300, "examples": 1}),
            "temperature is inf",
        ),
        (
            json!({"temperature": 1, "likeness_limit": 7, "examples": 1}),
            "limit is 7",
        ),
        (
            json!({"temperature": "warm", "examples": 1}),
            "calibration.temperature",
        ),
        (json!({"examples": 1}), "temperature"),
    ] {
        let sentence = damaged(|model| model["calibration"] = calibration);
        assert!(sentence.contains("calibration"), "{sentence}");
        assert!(sentence.contains(part), "{sentence}");
    }
}

#[test]
fn an_unknown_field_is_passed_over() {
    let text = write_model(&small_model()).unwrap();
    let mut value: Value = serde_json::from_str(&text).unwrap();
    value["color"] = json!({"red": [1, 2, {"deep": null}]});
    value["layers"][0]["note"] = json!("mine");
    value["training"]["mood"] = json!("good");
    let back = read(value.to_string()).unwrap();
    assert_eq!(back, small_model());
}

#[test]
fn what_is_not_json_is_refused_with_line_and_column() {
    let sentence = refusal("{\n  \"format\" 3").to_string();
    assert!(sentence.contains("not JSON"), "{sentence}");
    assert!(sentence.contains("line 2, column 12"), "{sentence}");

    let text = write_model(&small_model()).unwrap();
    let cut = refusal(&text[..text.len() / 2]);
    assert!(matches!(cut, ModelProblem::NotJson { .. }), "{cut}");
    let twice = refusal(format!("{text}{text}"));
    assert!(matches!(twice, ModelProblem::NotJson { .. }), "{twice}");
    let missing_comma = replaced("3.4028235e+38,", "3.4028235e+38 ");
    assert!(missing_comma.contains("not JSON"), "{missing_comma}");
}

#[test]
fn an_empty_file_is_called_empty() {
    for text in ["", " \n\t"] {
        assert!(matches!(refusal(text), ModelProblem::Empty));
    }
}

#[test]
fn what_is_not_text_is_refused_with_the_byte() {
    let problem = refusal(b"{\"format\": \"\xff\"}");
    assert!(matches!(problem, ModelProblem::NotText { offset: 12 }));
}

#[test]
fn other_json_is_no_model() {
    for text in [
        "{}",
        "[]",
        "5",
        "null",
        "\"inkgrad-model\"",
        "[[[1]]]",
        "{\"format\": \"onnx\"}",
        "{\"format\": 3}",
        "{\"format\": [\"inkgrad-model\"]}",
        "{\"version\": 1, \"layers\": []}",
    ] {
        let problem = refusal(text);
        assert!(
            matches!(problem, ModelProblem::NotAModel { .. }),
            "{text}: {problem}"
        );
    }
    let sentence = replaced("\"inkgrad-model\"", "\"other-model\"");
    assert!(sentence.contains("is \"other-model\""), "{sentence}");
}

#[test]
fn a_newer_version_asks_for_an_update() {
    let sentence = damaged(|model| model["version"] = json!(2));
    for part in ["format version 2", "reads version 1", "update"] {
        assert!(sentence.contains(part), "{sentence}");
    }
    // Whatever else a newer version changed is not held against it.
    let changed = refusal(r#"{"format": "inkgrad-model", "version": 7, "layers": "elsewhere"}"#);
    assert!(matches!(changed, ModelProblem::NewerVersion { found: 7 }));
}

#[test]
fn a_version_that_does_not_exist_is_refused() {
    let zero = damaged(|model| model["version"] = json!(0));
    assert!(zero.contains("version 0 does not exist"), "{zero}");
    for version in [json!("1"), json!(1.5), json!(-1)] {
        let sentence = damaged(|model| model["version"] = version);
        assert!(sentence.starts_with("field \"version\": "), "{sentence}");
    }
}

#[test]
fn a_missing_field_is_named_with_its_place() {
    for field in [
        "version",
        "name",
        "cost",
        "normalization",
        "training",
        "layers",
    ] {
        let sentence = damaged(|model| {
            model.as_object_mut().unwrap().remove(field);
        });
        assert_eq!(
            sentence,
            format!("the model: the field \"{field}\" is missing")
        );
    }
    for field in ["activation", "weights", "biases"] {
        let sentence = damaged(|model| {
            model["layers"][1].as_object_mut().unwrap().remove(field);
        });
        assert_eq!(
            sentence,
            format!("layer 2: the field \"{field}\" is missing")
        );
    }
}

#[test]
fn a_field_that_is_there_twice_is_refused_at_every_level() {
    for (field, value, place) in [
        ("format", "\"inkgrad-model\"", "the model"),
        ("version", "1", "the model"),
        ("cost", "\"quadratic\"", "the model"),
        ("layers", "[]", "the model"),
        ("biases", "[]", "layer 1"),
        ("steps", "1", "field \"training\""),
        ("momentum", "0.5", "field \"training.hyperparameters\""),
    ] {
        let name = format!("\"{field}\": ");
        let sentence = replaced(&name, &format!("{name}{value}, {name}"));
        let expected = format!("{place}: the field \"{field}\" is there twice (line ");
        assert!(sentence.starts_with(&expected), "{sentence}");
    }
}

#[test]
fn a_number_that_is_not_finite_is_refused_with_layer_unit_and_input() {
    for found in [
        "NaN",
        "null",
        "-Infinity",
        "1e400",
        "-1e39",
        "\"0.5\"",
        "true",
    ] {
        let sentence = replaced("3.4028235e+38", found);
        let expected =
            format!("layer 1, unit 1, weight from input 5: {found} is not a finite number (line ");
        assert!(sentence.starts_with(&expected), "{sentence}");
    }
    let bias = damaged(|model| model["layers"][1]["biases"][9] = Value::Null);
    assert!(
        bias.starts_with("layer 2, unit 10, bias: null is not a finite number"),
        "{bias}"
    );
}

#[test]
fn a_list_in_place_of_a_number_is_refused_with_its_place() {
    let nested = damaged(|model| model["layers"][0]["weights"][1][2] = json!([1]));
    assert!(
        nested.starts_with("layer 1, unit 2, weight from input 3: "),
        "{nested}"
    );
    let no_row = damaged(|model| model["layers"][0]["weights"][1] = json!(0.5));
    assert!(no_row.starts_with("layer 1, unit 2: "), "{no_row}");
    let no_list = damaged(|model| model["layers"][1]["weights"] = json!({}));
    assert!(
        no_list.starts_with("layer 2, field \"weights\": "),
        "{no_list}"
    );
}

#[test]
fn rows_of_different_lengths_are_refused_with_both() {
    let sentence = damaged(|model| {
        let row = &mut model["layers"][0]["weights"][1];
        row.as_array_mut().unwrap().pop();
    });
    assert_eq!(
        sentence,
        "layer 1: unit 2 has 783 weights, and unit 1 has 784"
    );
}

#[test]
fn layers_that_do_not_fit_are_refused_with_both_sizes() {
    let sentence = damaged(|model| {
        for row in model["layers"][1]["weights"].as_array_mut().unwrap() {
            row.as_array_mut().unwrap().push(json!(0.5));
        }
    });
    assert_eq!(
        sentence,
        "layer 2 has 3 weights for each unit, but layer 1 has 2 units"
    );
    let biases = damaged(|model| model["layers"][1]["biases"] = json!([1, 2, 3]));
    assert_eq!(biases, "layer 2 has weights for 10 units, but 3 biases");
}

#[test]
fn a_model_without_numbers_is_refused() {
    let no_layers = damaged(|model| model["layers"] = json!([]));
    assert_eq!(no_layers, "the model has no layers");
    let no_units = damaged(|model| model["layers"][0]["weights"] = json!([]));
    assert_eq!(no_units, "layer 1 has no units");
    let no_inputs = damaged(|model| model["layers"][0]["weights"] = json!([[], []]));
    assert_eq!(no_inputs, "layer 1, unit 1 has no weights");
}

#[test]
fn a_network_that_does_not_read_digits_is_refused_with_its_ends() {
    let sentence = damaged(|model| {
        model["layers"].as_array_mut().unwrap().remove(0);
    });
    assert!(sentence.contains("2 inputs and 10 outputs"), "{sentence}");
}

#[test]
fn unknown_names_are_refused_with_the_known_ones() {
    let activation = damaged(|model| model["layers"][0]["activation"] = json!("gelu"));
    assert_eq!(
        activation,
        "layer 1: the activation \"gelu\" is not known; there are linear, sigmoid, tanh, relu, leaky_relu, softmax"
    );
    let cost = damaged(|model| model["cost"] = json!("hinge"));
    assert_eq!(
        cost,
        "the cost \"hinge\" is not known; there are quadratic, cross_entropy"
    );
    let normalization = damaged(|model| model["normalization"] = json!("raw"));
    for part in ["\"raw\"", NORMALIZATION_ID] {
        assert!(normalization.contains(part), "{normalization}");
    }
}

#[test]
fn what_no_network_can_be_is_refused() {
    let softmax_inside = damaged(|model| model["layers"][0]["activation"] = json!("softmax"));
    assert!(softmax_inside.contains("softmax"), "{softmax_inside}");
    let no_probabilities = damaged(|model| model["layers"][1]["activation"] = json!("tanh"));
    assert!(no_probabilities.contains("tanh"), "{no_probabilities}");
}

#[test]
fn deep_nesting_does_no_harm() {
    let open = "[".repeat(200_000);
    let closed = format!("{open}{}", "]".repeat(200_000));
    let version_1 = "{\"format\": \"inkgrad-model\", \"version\": 1, \"layers\": ";
    refusal(&open);
    refusal(format!("{version_1}{open}"));
    refusal(format!("{version_1}{closed}}}"));
    refusal(format!("{{\"format\": {closed}}}"));
}

#[test]
fn a_very_long_text_in_a_file_makes_no_long_sentence() {
    let long = json!("x\n".repeat(100_000));
    refusal(json!({ "format": long }).to_string());
    damaged(|model| model["version"] = long.clone());
    damaged(|model| model["cost"] = long.clone());
    damaged(|model| model["layers"][0]["activation"] = long.clone());
    damaged(|model| model["layers"][0]["biases"] = long.clone());
    damaged(|model| model["layers"][0]["weights"][0][0] = long.clone());
}

#[test]
fn what_cannot_be_a_file_with_a_model_is_refused_unread() {
    let folder = tempfile::tempdir().unwrap();
    let problem = |path: &Path| open_model(path).unwrap_err().problem;
    let absent = folder.path().join("absent.json");
    assert!(matches!(problem(folder.path()), ModelProblem::Folder));
    assert!(matches!(problem(&absent), ModelProblem::Unreadable(_)));

    let large = folder.path().join("large.json");
    // Two gigabytes that take no place on the disk.
    fs::File::create(&large).unwrap().set_len(2 << 30).unwrap();
    let sentence = problem(&large).to_string();
    let limit = format!("at most {} MiB", MAX_FILE_BYTES >> 20);
    for part in ["2048 MiB", &limit] {
        assert!(sentence.contains(part), "{sentence}");
    }
}

/// Says so aloud: past the test runner, which keeps what a passing test prints to itself.
#[cfg(unix)]
fn skipped(what: &str, why: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "SKIPPED {what}: {why}");
}

#[cfg(unix)]
#[test]
fn a_pipe_and_a_device_are_refused_without_waiting() {
    let zeros = open_model(Path::new("/dev/zero")).unwrap_err();
    assert!(matches!(zeros.problem, ModelProblem::NotAFile));

    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.json");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if made.is_ok_and(|status| status.success()) {
        let error = open_model(&pipe).unwrap_err();
        assert!(matches!(error.problem, ModelProblem::NotAFile));
    } else {
        skipped("a pipe in place of a model", "there is no mkfifo here");
    }
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_refused_with_the_reason() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("locked.json");
    save_model(&path, &small_model()).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        skipped("a file without permission", "this user may read every file");
        return;
    }
    let error = open_model(&path).unwrap_err();
    assert!(matches!(error.problem, ModelProblem::Unreadable(_)));
}

/// What lies there is offered by its name, so nothing else may.
#[test]
fn everything_in_the_folder_of_models_is_a_model() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "md") {
            open_model(&path).unwrap();
        }
    }
}

#[test]
fn a_name_that_is_nothing_lists_the_bundled_models() {
    let sentence = resolve_model("defalt").unwrap_err().to_string();
    assert!(sentence.starts_with("defalt: no such file"), "{sentence}");
    assert!(sentence.contains("there are default"), "{sentence}");
    assert!(sentence.contains("looked for in models, "), "{sentence}");
    let bundled = resolve_model("default").unwrap();
    assert_eq!(bundled.network.output_size(), 10);
}

#[test]
fn a_saved_model_can_be_opened_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.json");
    let mut model = small_model();
    save_model(&path, &model).unwrap();
    model.name = "second".to_owned();
    save_model(&path, &model).unwrap();
    assert_eq!(open_model(&path).unwrap(), model);
    let files = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 1, "a temporary file was left over");
}

#[test]
fn a_save_that_fails_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gone").join("m.json");
    let error = save_model(&path, &small_model()).unwrap_err();
    assert!(matches!(error, SaveError::Write(_)));
    assert!(error.to_string().contains("m.json"), "{error}");
}

/// Runs this test again as a program that saves for ever, kills it at odd moments and looks at the file.
#[test]
fn a_kill_in_the_middle_of_saving_leaves_a_whole_file() {
    const FOLDER: &str = "INKGRAD_TEST_SAVE_FOR_EVER";
    if let Some(folder) = std::env::var_os(FOLDER) {
        let path = Path::new(&folder).join("m.json");
        loop {
            save_model(&path, &small_model()).unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.json");
    save_model(&path, &small_model()).unwrap();
    for round in 0..6 {
        let mut saver = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "a_kill_in_the_middle_of_saving_leaves_a_whole_file",
            ])
            .env(FOLDER, folder.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(40 + 13 * round));
        saver.kill().unwrap();
        saver.wait().unwrap();
        assert_eq!(open_model(&path).unwrap(), small_model());
    }
}

#[test]
fn every_network_that_can_be_trained_can_be_opened_again() {
    let longest = serde_json::to_string(&-1.175_494_4e-38_f32).unwrap();
    let bytes = (longest.len() + ",".len()) * Hyperparameters::MAX_PARAMETERS;
    // All else in the file is small beside that.
    assert!(bytes + (1 << 20) <= MAX_FILE_BYTES as usize, "{bytes}");
}
