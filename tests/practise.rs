//! Practising on one hand: what it brings that hand, and what it costs the digits that the network knew before.

use inkgrad::data::{DataSets, DataSource, Dataset, Examples};
use inkgrad::ink::{Cells, Drawing, Hands, Ink, Point, Stroke, cells_of, practice_digits};
use inkgrad::model_file::bundled_model;
use inkgrad::nn::{Evaluation, Network};
use inkgrad::training::{PractiseError, PractiseSetup, evaluate, practise};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::env;
use std::fs::File;
use std::io::{BufRead, BufReader, Write as _};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

fn default_network() -> Arc<Network> {
    Arc::new(bundled_model("default").unwrap().network)
}

fn examples(digits: impl IntoIterator<Item = (Cells, u8)>) -> Examples {
    let (images, labels): (Vec<_>, Vec<u8>) = digits.into_iter().unzip();
    let images = images.iter().flat_map(|cells| cells.0).collect();
    Examples::all(Arc::new(Dataset::new(images, labels).unwrap()))
}

fn written(count: usize) -> Arc<DataSets> {
    let [train, validation] =
        [1, 2].map(|seed| examples(practice_digits(Hands::Known, count, seed)));
    Arc::new(DataSets {
        source: DataSource::Practice,
        name: "Practice digits".into(),
        train,
        test: validation.clone(),
        validation,
        notes: Vec::new(),
    })
}

/// So many of each of three digits, by somebody who writes them as nobody else does: 3 as E, 4 as L, 7 as Γ.
fn strange_hand(of_each: usize, seed: u64) -> Vec<Drawing> {
    const THREE: &[&[[f32; 2]]] = &[
        &[[190.0, 60.0], [90.0, 60.0], [90.0, 220.0], [190.0, 220.0]],
        &[[90.0, 140.0], [170.0, 140.0]],
    ];
    const FOUR: &[&[[f32; 2]]] = &[&[[100.0, 50.0], [100.0, 230.0], [190.0, 230.0]]];
    const SEVEN: &[&[[f32; 2]]] = &[&[[190.0, 60.0], [100.0, 60.0], [100.0, 230.0]]];
    let mut rng = StdRng::seed_from_u64(seed);
    let mut drawings = Vec::new();
    for (label, strokes) in [(3, THREE), (4, FOUR), (7, SEVEN)].repeat(of_each) {
        let mut drawing = Drawing::new([280.0, 280.0]);
        drawing.label = Some(label);
        for places in strokes {
            let mut near = |place: f32| place + rng.random_range(-12.0..12.0);
            let points = places
                .iter()
                .map(|&[x, y]| Point::new(near(x), near(y)))
                .collect();
            drawing.strokes.push(Stroke {
                points,
                width: 20.0,
            });
        }
        drawings.push(drawing);
    }
    drawings
}

fn cells(drawings: &[Drawing]) -> Examples {
    examples(drawings.iter().map(|drawing| {
        let cells = cells_of(Ink::Drawing(drawing)).unwrap();
        (cells, drawing.label.unwrap())
    }))
}

fn errors(evaluation: &Evaluation) -> u32 {
    evaluation.count() - evaluation.correct()
}

fn setup(of_each: usize) -> PractiseSetup {
    PractiseSetup {
        network: default_network(),
        replay: written(1000),
        own: strange_hand(of_each, 1),
        seed: 1,
    }
}

#[test]
fn a_strange_hand_is_learned_and_the_usual_ones_are_not_forgotten() {
    let setup = setup(3);
    let practised = practise(&setup, &mut |_| ControlFlow::Continue(())).unwrap();
    let [learned, kept_aside, replay] =
        [&practised.learned, &practised.kept_aside, &practised.replay];
    assert_eq!((learned.before.count(), kept_aside.before.count()), (6, 3));
    assert!(
        errors(&kept_aside.before) == 3 && errors(&kept_aside.after) <= 1,
        "{kept_aside:?}"
    );
    // What it says of itself is true of digits that it never saw.
    let others = cells(&strange_hand(40, 2));
    let before = errors(&evaluate(&setup.network, &others));
    let after = errors(&evaluate(&practised.network, &others));
    assert!(
        after * 2 < before,
        "{before} to {after} of {}",
        others.len()
    );
    let lost = replay.before.accuracy() - replay.after.accuracy();
    // Three shapes that contradict what it knew cost a little, with so few digits to hold against them.
    assert!(lost < 0.04, "{lost}");
}

#[test]
fn the_same_seed_practises_the_same_way() {
    let setup = setup(1);
    let [first, second] =
        [(); 2].map(|()| practise(&setup, &mut |_| ControlFlow::Continue(())).unwrap());
    assert_eq!(first.network, second.network);
    assert_eq!(
        first.kept_aside.before.count(),
        0,
        "one of each leaves none to keep aside"
    );
}

#[test]
fn practising_can_be_stopped_at_any_time_and_tells_how_far_it_is() {
    let setup = setup(1);
    let mut told = Vec::new();
    practise(&setup, &mut |done| {
        told.push(done);
        ControlFlow::Continue(())
    })
    .unwrap();
    assert!(told.is_sorted() && told[0] == 0.0 && *told.last().unwrap() == 1.0);
    for stop_after in [1, 40, told.len() / 4] {
        let mut calls = 0;
        let stopped = practise(&setup, &mut |_| {
            calls += 1;
            if calls == stop_after {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        assert_eq!(stopped.unwrap_err(), PractiseError::Cancelled);
    }
}

#[test]
fn without_a_digit_there_is_nothing_to_practise() {
    let mut setup = setup(0);
    setup.own = vec![Drawing::new([280.0, 280.0])];
    let refused = practise(&setup, &mut |_| ControlFlow::Continue(()));
    assert_eq!(refused.unwrap_err(), PractiseError::NoDigits);
}

/// The digits of pen writers 28 to 30, whom no bundled model has learned from.
fn new_hands() -> Option<Vec<Vec<Drawing>>> {
    let beside = || Some(PathBuf::from(env::var_os("INKGRAD_DATA_DIR")?).join("../strokes"));
    let folder = env::var_os("INKGRAD_STROKES_DIR").map(PathBuf::from);
    let path = folder.or_else(beside)?.join("pendigits-train.jsonl");
    let file = File::open(path).ok()?;
    let mut hands = vec![Vec::new(); 3];
    for line in BufReader::new(file).lines() {
        let line = line.unwrap();
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        if let Some(hand @ 0..3) = value["writer"].as_u64().and_then(|w| w.checked_sub(28)) {
            hands[hand as usize].push(serde_json::from_str(&line).unwrap());
        }
    }
    Some(hands)
}

#[test]
fn one_drawing_of_each_digit_takes_away_errors_of_a_new_hand() {
    let mnist = DataSource::Mnist.load(&mut |_| ControlFlow::Continue(()));
    let (Some(hands), Ok(mnist)) = (new_hands(), mnist) else {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED one drawing of each digit takes away errors of a new hand: \
             this needs MNIST and, in INKGRAD_STROKES_DIR, pendigits-train.jsonl"
        );
        return;
    };
    let mut setup = PractiseSetup {
        network: default_network(),
        replay: Arc::new(mnist),
        own: Vec::new(),
        seed: 1,
    };
    let (mut before, mut after, mut lost) = (0, 0, 0.0);
    for hand in &hands {
        // The first drawing of each digit is shown, all others judge.
        let (own, others): (Vec<_>, Vec<_>) =
            hand.iter().enumerate().partition(|(index, drawing)| {
                hand[..*index]
                    .iter()
                    .all(|earlier| earlier.label != drawing.label)
            });
        setup.own = own
            .into_iter()
            .map(|(_, drawing)| drawing.clone())
            .collect();
        let others: Vec<Drawing> = others
            .into_iter()
            .map(|(_, drawing)| drawing.clone())
            .collect();
        let others = cells(&others);
        let practised = practise(&setup, &mut |_| ControlFlow::Continue(())).unwrap();
        before += errors(&evaluate(&setup.network, &others));
        after += errors(&evaluate(&practised.network, &others));
        let replay = &practised.replay;
        lost += (replay.before.accuracy() - replay.after.accuracy()) / hands.len() as f64;
    }
    // How many go depends on how strange the hand is to the network: the first bundled one lost three quarters of its
    // errors with hands like these; one that has learned from other pens has few left, and those are the hardest.
    assert!(after < before, "{before} to {after} errors");
    assert!(lost <= 0.003, "{lost} of MNIST's validation digits");
}
