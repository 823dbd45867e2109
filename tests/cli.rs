//! The command line as a person or a script meets it: the built program, its output and its exit codes.

use inkgrad::model_file::{bundled_model, open_model, save_model};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use tempfile::TempDir;

/// A folder with `m.json`, a small network that has seen the practice digits once.
static TRAINED: LazyLock<(TempDir, Output)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let output = inkgrad(
        folder.path(),
        "train --data practice --layers 784,24,10 --epochs 1 --seed 3 --out m.json",
    );
    (folder, output)
});

fn program(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inkgrad"));
    command
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .env("INKGRAD_HOME", folder)
        .env_remove("INKGRAD_DATA_DIR")
        .stdin(Stdio::null());
    command
}

fn inkgrad(folder: &Path, arguments: &str) -> Output {
    program(folder, arguments).output().unwrap()
}

fn trained() -> &'static Path {
    assert!(TRAINED.1.status.success(), "{}", stderr(&TRAINED.1));
    TRAINED.0.path()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The sentence of a task that failed: exit code 1 and one line on standard error.
fn sentence(output: &Output) -> String {
    let text = stderr(output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    match text.strip_prefix("error: ") {
        Some(sentence) => sentence.trim_end().to_owned(),
        None => panic!("no error sentence: {text}"),
    }
}

/// White paper with a thick upright stroke, which is a 1.
fn write_one(path: &Path) {
    let picture = image::GrayImage::from_fn(120, 120, |x, y| {
        let ink = (55..65).contains(&x) && (20..100).contains(&y);
        image::Luma([if ink { 0 } else { 255 }])
    });
    picture.save(path).unwrap();
}

fn copy_of_model(folder: &Path) -> PathBuf {
    let path = folder.join("m.json");
    fs::copy(trained().join("m.json"), &path).unwrap();
    path
}

#[test]
fn training_writes_a_model_and_says_how_good_it_is() {
    let text = stdout(&TRAINED.1);
    let model = open_model(&trained().join("m.json")).unwrap();
    assert_eq!(model.name, "m");
    assert_eq!(model.network.sizes(), [784, 24, 10]);
    assert_eq!(model.record.data, "Practice digits");
    assert_eq!(model.record.epochs, 1.0);
    assert_eq!(
        model.record.command.as_deref(),
        Some("inkgrad train --data practice --layers 784,24,10 --epochs 1 --seed 3 --out m.json")
    );
    let accuracy = model.record.test_accuracy.unwrap();
    assert!(accuracy > 0.5, "{accuracy}");
    assert!(model.record.validation_accuracy.is_some());
    assert_eq!(model.record.test_count, Some(2000));

    let epochs = text.lines().filter(|line| line.starts_with("epoch "));
    assert_eq!(epochs.count(), 1, "{text}");
    let score = format!("test accuracy {:.2} % ± ", 100.0 * accuracy);
    assert!(text.contains(&score), "{text}");
    assert!(text.ends_with("m.json written\n"), "{text}");
    assert_eq!(stderr(&TRAINED.1), "");
}

#[test]
fn scoring_again_gives_the_score_of_training() {
    let model = open_model(&trained().join("m.json")).unwrap();
    let output = inkgrad(trained(), "eval m.json --data practice --json");
    assert!(output.status.success(), "{}", stderr(&output));
    let json: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(json["accuracy"].as_f64(), model.record.test_accuracy);
    assert_eq!(json["n"], 2000);
    let confusion: Vec<Vec<u64>> = serde_json::from_value(json["confusion"].clone()).unwrap();
    assert_eq!(confusion.iter().flatten().sum::<u64>(), 2000);
    let correct: u64 = (0..10).map(|digit| confusion[digit][digit]).sum();
    assert_eq!(json["correct"], correct);
    assert!(json["mean_cost"].as_f64().unwrap() > 0.0);
    assert_eq!(json["split"], "test");
    assert_eq!(json.as_object().unwrap().len(), 11);

    let report = inkgrad(trained(), "eval m.json --data practice --split validation");
    let report = stdout(&report);
    for part in ["±", "precision", "recall", "validation"] {
        assert!(report.contains(part), "{report}");
    }
}

#[test]
fn training_goes_on_from_a_model() {
    let folder = tempfile::tempdir().unwrap();
    copy_of_model(folder.path());
    let output = inkgrad(
        folder.path(),
        "train --data practice --from m.json --epochs 1 --out next.json",
    );
    assert!(output.status.success(), "{}", stderr(&output));
    let first = open_model(&folder.path().join("m.json")).unwrap();
    let next = open_model(&folder.path().join("next.json")).unwrap();
    assert_eq!(next.record.epochs, 2.0);
    assert_eq!(next.record.steps, 2 * first.record.steps);
    assert!(next.record.test_accuracy > first.record.test_accuracy);
}

/// Sixty drawings of an upright stroke, which is a 1, by six writers; the last is blank.
fn write_drawings(folder: &Path) {
    let mut lines = String::new();
    for index in 0..60 {
        let (writer, x) = (index / 10 + 1, 40 + index % 10);
        let strokes = match index {
            59 => String::new(),
            _ => format!("[[{x},10],[50,50],[{x},90]]"),
        };
        lines += &format!(
            "{{\"label\":1,\"size\":[100,100],\"strokes\":[{strokes}],\"writer\":{writer}}}\n"
        );
    }
    fs::write(folder.join("d.jsonl"), lines).unwrap();
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", stderr(output));
    serde_json::from_str(&stdout(output)).unwrap()
}

#[test]
fn drawings_are_scored_whole_and_by_writer_and_a_blank_one_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    write_drawings(folder.path());
    let score = json(&inkgrad(
        folder.path(),
        "eval default --data d.jsonl --json",
    ));
    assert_eq!((&score["n"], &score["blank"]), (&60.into(), &1.into()));
    assert_eq!(score["split"], "all");
    let writers = score["writers"].as_array().unwrap();
    let numbers: Vec<u64> = writers
        .iter()
        .map(|writer| writer["writer"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    assert_eq!(writers[5]["n"], 10);
    assert!(writers[5]["correct"].as_u64().unwrap() < 10);

    let some = "eval default --data d.jsonl --writers 2,5-6 --json";
    assert_eq!(json(&inkgrad(folder.path(), some))["n"], 30);
    let validation = "eval default --data d.jsonl --split validation --json";
    assert_eq!(json(&inkgrad(folder.path(), validation))["n"], 10);

    let report = inkgrad(folder.path(), "eval default --data d.jsonl --by-writer");
    let report = stdout(&report);
    for part in [
        "d.jsonl, all examples",
        "Split by writer: 5 train, 1 validate (6), none test",
        "1 without ink, counted as wrong",
        "worst      writer 6 with ",
        "writer  accuracy",
    ] {
        assert!(report.contains(part), "{report}");
    }

    for (arguments, part) in [
        ("--data d.jsonl --split test", "there are none"),
        ("--data d.jsonl --writers 9", "theirs are from 1 to 6"),
        ("--data practice --writers 1", "the writers are not known"),
        ("--data practice --by-writer", "the writers are not known"),
    ] {
        let output = inkgrad(folder.path(), &format!("eval default {arguments}"));
        let sentence = sentence(&output);
        assert!(sentence.contains(part), "{sentence}");
    }
}

#[test]
fn prepared_digits_score_as_they_did_before() {
    let folder = tempfile::tempdir().unwrap();
    write_drawings(folder.path());
    let output = inkgrad(folder.path(), "prepare --data d.jsonl --out idx");
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(
        text.starts_with("d.jsonl, all examples: 60 digits"),
        "{text}"
    );
    let writers = fs::read_to_string(folder.path().join("idx/t10k-writers.txt")).unwrap();
    assert_eq!(writers.lines().count(), 60);
    let before = json(&inkgrad(
        folder.path(),
        "eval default --data d.jsonl --json",
    ));
    let after = json(&inkgrad(folder.path(), "eval default --data idx --json"));
    for field in ["n", "correct", "mean_cost", "confusion", "blank"] {
        assert_eq!(before[field], after[field], "{field}");
    }
    let again = inkgrad(folder.path(), "prepare --data d.jsonl --out idx");
    assert!(sentence(&again).contains("it is there already"));
}

#[test]
fn a_mix_is_trained_on_and_recorded_with_its_shares() {
    let folder = tempfile::tempdir().unwrap();
    write_drawings(folder.path());
    let drawings = fs::read_to_string(folder.path().join("d.jsonl")).unwrap();
    let inked: Vec<&str> = drawings.lines().take(59).collect();
    fs::write(folder.path().join("d.jsonl"), inked.join("\n")).unwrap();
    let output = inkgrad(
        folder.path(),
        "train --data d.jsonl:3+practice:1 --layers 784,10 --epochs 1 --out m.json",
    );
    assert!(output.status.success(), "{}", stderr(&output));
    let record = open_model(&folder.path().join("m.json")).unwrap().record;
    assert_eq!(record.data, "75 % d.jsonl + 25 % Practice digits");
    let text = stdout(&output);
    assert!(
        text.contains("50 of d.jsonl; 17 of Practice digits"),
        "{text}"
    );

    // Drawings alone that are split by writer have no test.
    let output = inkgrad(
        folder.path(),
        "train --data d.jsonl --layers 784,10 --epochs 1 --out alone.json",
    );
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(
        text.contains("50 examples to train, 9 to validate, none to test"),
        "{text}"
    );
    let record = open_model(&folder.path().join("alone.json"))
        .unwrap()
        .record;
    assert_eq!((record.test_accuracy, record.test_count), (None, None));
    assert!(record.validation_accuracy.is_some());
}

#[test]
fn a_picture_is_answered_by_the_bundled_model() {
    let folder = tempfile::tempdir().unwrap();
    write_one(&folder.path().join("one.png"));
    let text = inkgrad(folder.path(), "predict one.png");
    assert!(text.status.success(), "{}", stderr(&text));
    let line = stdout(&text);
    assert!(
        line.starts_with("one.png: 1 (") && line.ends_with(" %)\n"),
        "{line}"
    );

    let json = inkgrad(folder.path(), "predict --json one.png one.png");
    let lines = stdout(&json);
    assert_eq!(lines.lines().count(), 2);
    for line in lines.lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        assert_eq!(answer["file"], "one.png");
        assert_eq!(answer["digit"], 1);
        let probabilities: Vec<f64> =
            serde_json::from_value(answer["probabilities"].clone()).unwrap();
        assert_eq!(probabilities.len(), 10);
        assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-4);
        assert!(answer["confidence"].as_f64().unwrap() > 0.8, "{answer}");
        assert_eq!(answer["sure"], true);
        assert_eq!(answer["refused"], false);
    }
}

#[test]
fn every_drawing_of_a_file_is_answered_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let one = r#"{"size": [100, 100], "strokes": [[[50, 20], [50, 80]]]}"#;
    let blank = r#"{"size": [100, 100], "strokes": []}"#;
    let text = format!("{one}\n{blank}\n{one}\n");
    fs::write(folder.path().join("d.jsonl"), text).unwrap();
    let output = inkgrad(folder.path(), "predict d.jsonl");
    let lines = stdout(&output);
    assert_eq!(lines.lines().count(), 2, "{lines}");
    assert!(lines.starts_with("d.jsonl:1: 1 ("), "{lines}");
    assert!(lines.contains("\nd.jsonl:3: 1 ("), "{lines}");
    assert!(sentence(&output).starts_with("d.jsonl:2 is blank"));
}

#[test]
fn a_cross_is_not_read_as_a_digit() {
    let folder = tempfile::tempdir().unwrap();
    let cross = r#"{"size": [100, 100], "strokes": [[[20, 20], [80, 80]], [[80, 20], [20, 80]]]}"#;
    fs::write(folder.path().join("d.jsonl"), cross).unwrap();
    let line = stdout(&inkgrad(folder.path(), "predict d.jsonl"));
    assert!(
        line.starts_with("d.jsonl:1: not a digit (closest: "),
        "{line}"
    );
    let json = stdout(&inkgrad(folder.path(), "predict --json d.jsonl"));
    let answer: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(answer["refused"], true);
    assert_eq!(answer["sure"], false);
}

#[test]
fn a_model_is_calibrated_without_training_it() {
    let folder = tempfile::tempdir().unwrap();
    let output = inkgrad(
        folder.path(),
        "calibrate default --data practice --out m.json",
    );
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        stdout(&output).starts_with("temperature "),
        "{}",
        stdout(&output)
    );
    let model = open_model(&folder.path().join("m.json")).unwrap();
    assert_eq!(model.network, bundled_model("default").unwrap().network);
    assert!(model.calibration.is_some());
}

#[test]
fn models_are_joined_to_one_that_can_be_trained_further() {
    let folder = tempfile::tempdir().unwrap();
    copy_of_model(folder.path());
    let output = inkgrad(
        folder.path(),
        "join m.json m.json --data practice --out pair.json",
    );
    assert!(
        stdout(&output).starts_with("2 models side by side: 784-48-10\n"),
        "{output:?}"
    );
    let score = |name| {
        let output = inkgrad(
            folder.path(),
            &format!("eval {name} --data practice --json"),
        );
        json(&output)["correct"].clone()
    };
    assert_eq!(score("pair.json"), score("m.json"));
    let pair = open_model(&folder.path().join("pair.json")).unwrap();
    let alone = open_model(&folder.path().join("m.json")).unwrap();
    assert_eq!(pair.record.test_accuracy, alone.record.test_accuracy);
    assert_eq!(
        pair.record.data,
        "a committee of 2 networks, Practice digits"
    );
    assert!(pair.calibration.is_some());

    let refused = inkgrad(
        folder.path(),
        "join m.json textbook --data practice --out other.json",
    );
    let refused = sentence(&refused);
    assert_eq!(
        refused,
        "network 2 has 3 layers, but network 1 has 2; only networks of one kind make a committee"
    );
    assert!(!folder.path().join("other.json").exists());
}

#[test]
fn what_practising_brings_is_told_hand_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    // One who writes a 7 as others write a 1, and a second who writes a 1 as all do.
    let mut lines = String::new();
    for (writer, label) in [(4, 7), (9, 1)] {
        for x in 40..48 {
            lines += &format!(
                "{{\"label\":{label},\"size\":[100,100],\"strokes\":[[[{x},10],[50,50],[{x},90]]],\"writer\":{writer}}}\n"
            );
        }
    }
    fs::write(folder.path().join("d.jsonl"), &lines).unwrap();
    fs::write(
        folder.path().join("nobody.jsonl"),
        lines.replace(",\"writer\":9", ""),
    )
    .unwrap();
    let told = inkgrad(
        folder.path(),
        "eval-practise default --drawings d.jsonl --times 1 --data practice",
    );
    let report = stdout(&told);
    assert!(told.status.success(), "{}", stderr(&told));
    let row = |writer: &str| -> Vec<u32> {
        let line = report
            .lines()
            .find(|line| line.trim_start().starts_with(writer));
        line.unwrap_or_else(|| panic!("{report}"))
            .split_whitespace()
            .map(|cell| cell.parse().unwrap())
            .collect()
    };
    let (seven, one) = (row("4 "), row("9 "));
    assert_eq!(seven[..3], [4, 7, 7], "{report}");
    assert!(seven[3] <= 1, "{report}");
    assert_eq!(one, [9, 7, 0, 0], "{report}");
    assert!(
        report.contains("(of the one hand that had any)"),
        "{report}"
    );

    for (arguments, part) in [
        ("--drawings nobody.jsonl", "does not name its writer"),
        ("--drawings d.jsonl --shown 8", "none is left to judge by"),
        ("--drawings d.jsonl --writers 5", "by the chosen writers"),
        ("--drawings absent.jsonl", "absent.jsonl"),
    ] {
        let arguments = format!("eval-practise default {arguments} --data practice");
        let sentence = sentence(&inkgrad(folder.path(), &arguments));
        assert!(sentence.contains(part), "{sentence}");
    }
}

#[test]
fn a_bad_picture_does_not_keep_the_others_from_their_answers() {
    let folder = tempfile::tempdir().unwrap();
    write_one(&folder.path().join("one.png"));
    fs::write(folder.path().join("text.png"), "not a picture").unwrap();
    let output = inkgrad(folder.path(), "predict text.png one.png");
    assert!(stdout(&output).starts_with("one.png: 1 ("));
    assert!(sentence(&output).contains("text.png"));

    let white = image::GrayImage::from_pixel(40, 40, image::Luma([255]));
    white.save(folder.path().join("white.png")).unwrap();
    let output = inkgrad(folder.path(), "predict white.png");
    assert!(sentence(&output).contains("white.png is blank"));
}

#[test]
fn usage_errors_have_exit_code_2() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        "nonsense",
        "train",
        "eval",
        "predict",
        "eval default --data practice --split other",
        "train --data practice --out m.json --activation gelu",
        "train --data practice --out m.json --from default --layers 784,10",
        "train --data practice --out m.json --epochs many",
    ] {
        let output = inkgrad(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert!(stderr(&output).starts_with("error: "), "{arguments}");
    }
    for arguments in ["--help", "train --help", "--version"] {
        let output = inkgrad(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments}");
        assert!(stdout(&output).contains("inkgrad"), "{arguments}");
    }
}

#[test]
fn what_is_absent_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, part) in [
        ("eval absent.json --data practice", "absent.json"),
        ("eval default --data absent", "absent"),
        ("eval default --data mnist", "fetch-mnist"),
        ("predict absent.png", "absent.png"),
        ("predict --model absent.json one.png", "absent.json"),
        ("train --data absent --out m.json", "absent"),
    ] {
        let sentence = sentence(&inkgrad(folder.path(), arguments));
        assert!(sentence.contains(part), "{sentence}");
    }
    assert!(!folder.path().join("m.json").exists());
}

#[test]
fn settings_and_places_are_checked_before_the_data_is_read() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, parts) in [
        ("--out m.json --layers 784,30,9", ["784,30,9", "10"]),
        (
            "--out m.json --epochs 0 --momentum 2",
            ["epochs", "momentum"],
        ),
        ("--out no/m.json", ["no/m.json", "nothing was trained"]),
        ("--out .", ["folder", "nothing was trained"]),
    ] {
        // Were the data read first, its absence would be the sentence.
        let output = inkgrad(folder.path(), &format!("train --data absent {arguments}"));
        let sentence = sentence(&output);
        for part in parts {
            assert!(sentence.contains(part), "{sentence}");
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_divergence_keeps_the_last_good_network() {
    let folder = tempfile::tempdir().unwrap();
    let output = inkgrad(
        folder.path(),
        "train --data practice --layers 784,16,10 --cost quadratic --output-activation linear \
         --optimizer sgd --learning-rate 1000 --epochs 1 --out m.json",
    );
    let sentence = sentence(&output);
    assert!(
        sentence.contains("diverged") && sentence.contains("1000"),
        "{sentence}"
    );
    let model = open_model(&folder.path().join("m.json")).unwrap();
    assert_eq!(model.record.test_accuracy, None);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_training_with_the_model_saved() {
    let folder = tempfile::tempdir().unwrap();
    let mut training = program(
        folder.path(),
        "train --data practice --layers 784,16,10 --epochs 10000 --out m.json",
    )
    .stdout(Stdio::piped())
    .spawn()
    .unwrap();
    let mut lines = BufReader::new(training.stdout.take().unwrap()).lines();
    let first = lines.find(|line| line.as_ref().unwrap().starts_with("epoch 1 "));
    assert!(first.is_some(), "no epoch was finished");
    let interrupted = Command::new("kill")
        .args(["-INT", &training.id().to_string()])
        .status();
    assert!(interrupted.unwrap().success());
    let last = lines.last().unwrap().unwrap();
    assert_eq!(training.wait().unwrap().code(), Some(0));
    assert!(last.contains("stopped on request"), "{last}");
    assert!(last.ends_with("m.json written"), "{last}");
    let model = open_model(&folder.path().join("m.json")).unwrap();
    assert!(model.record.epochs >= 1.0, "{}", model.record.epochs);
    assert!(
        last.contains(&format!("step {}", model.record.steps)),
        "{last}"
    );
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let mut scoring = program(trained(), "eval m.json --data practice")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(scoring.stdout.take());
    let output = scoring.wait_with_output().unwrap();
    assert_eq!(stderr(&output), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_model_in_the_folder_of_models_has_a_name() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("models")).unwrap();
    let model = open_model(&trained().join("m.json")).unwrap();
    let path = folder.path().join("models/mine.safetensors");
    save_model(&path, &model).unwrap();

    let list = stdout(&inkgrad(folder.path(), "models"));
    let line = |name: &str| {
        let line = list.lines().find(|line| line.starts_with(name));
        line.unwrap_or_else(|| panic!("{name} is not in: {list}"))
    };
    assert!(line("default").ends_with("comes with Inkgrad"), "{list}");
    assert!(line("textbook").contains("784-16-16-10"), "{list}");
    assert!(line("mine").contains("784-24-10"), "{list}");
    assert!(line("mine").contains("mine.safetensors"), "{list}");

    write_one(&folder.path().join("one.png"));
    let by_name = inkgrad(folder.path(), "predict --model mine --json one.png");
    assert!(by_name.status.success(), "{}", stderr(&by_name));
    let by_path = inkgrad(
        folder.path(),
        "predict --model models/mine.safetensors --json one.png",
    );
    assert_eq!(stdout(&by_name), stdout(&by_path));
    let nobody = sentence(&inkgrad(folder.path(), "predict --model yours one.png"));
    assert!(nobody.contains("textbook and mine"), "{nobody}");
}
