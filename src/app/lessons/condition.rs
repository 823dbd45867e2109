use super::error::one_of;
use super::{Comparison, Measure, Problem, Since, Stage};
use crate::app::{AppCommand, AppState, Phase};
use crate::explain::{BiasAs, Mistake, Parameter, PlaneKind, Step, UnitPlace, short};

/// Something that the program can see being done.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// There is ink on the pad that can be read.
    Draw,
    /// The drawing has a label: this one, or any.
    Label(Option<u8>),
    /// The network answers with the label, or with another digit.
    Answer { right: bool },
    /// A command of this name was carried out so many times.
    Press { name: &'static str, times: u64 },
    /// This is what the window shows.
    Show(Stage),
    /// The walk through one example has come to a step of this kind.
    Walk { to: &'static str },
    /// A slice through the cost is drawn: one of this name, or any.
    Map(Option<&'static str>),
    /// So many mini-batches were learned from since the step began.
    Train { steps: u64 },
    /// Training has diverged.
    Diverge,
    Measure {
        measure: Measure,
        comparison: Comparison,
        limit: f64,
    },
}

/// How a condition can be written, for the sentence that lists them.
pub(super) const FORMS: [&str; 12] = [
    "draw",
    "label",
    "label 7",
    "right answer",
    "wrong answer",
    "press NAME OF A COMMAND",
    "show PLACE",
    "walk to cost",
    "map",
    "map walks",
    "train 100 steps",
    "diverge",
];

impl Condition {
    pub(super) fn read(text: &str) -> Result<Self, Problem> {
        let lower = text.trim().to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        match words[..] {
            ["draw"] => Ok(Self::Draw),
            ["label"] => Ok(Self::Label(None)),
            ["label", digit] => match digit.parse() {
                Ok(digit @ 0..=9) => Ok(Self::Label(Some(digit))),
                _ => Err(no_number(digit)),
            },
            ["right", "answer"] => Ok(Self::Answer { right: true }),
            ["wrong", "answer"] => Ok(Self::Answer { right: false }),
            ["press", ref rest @ .., times, "times"] => {
                let times = times.parse().map_err(|_| no_number(times))?;
                press(&rest.join(" "), times)
            }
            ["press", ref rest @ ..] => press(&rest.join(" "), 1),
            ["show", ref rest @ ..] => Ok(Self::Show(Stage::read(&rest.join(" "))?)),
            ["map"] => Ok(Self::Map(None)),
            ["map", ref rest @ ..] => map(&rest.join(" ")),
            ["walk", "to", ref rest @ ..] => walk(&rest.join(" ")),
            ["train", steps, "step" | "steps"] => {
                let steps = steps.parse().map_err(|_| no_number(steps))?;
                Ok(Self::Train { steps })
            }
            ["diverge"] => Ok(Self::Diverge),
            [ref measure @ .., comparison @ ("below" | "above"), limit] => {
                self::measure(&measure.join(" "), comparison == "below", limit)
            }
            _ => Err(unknown(&lower)),
        }
    }

    /// Whether it is true now; `pressed` says how often its command was carried out in this step.
    pub fn is_met(&self, state: &AppState, since: &Since, pressed: u64) -> bool {
        match self {
            Self::Draw => state.reading.is_some(),
            Self::Label(None) => state.reading.is_some() && state.pad.drawing.label.is_some(),
            Self::Label(label) => state.reading.is_some() && state.pad.drawing.label == *label,
            Self::Answer { right } => match (&state.reading, state.pad.drawing.label) {
                (Some(reading), Some(label)) => (reading.answer == label) == *right,
                _ => false,
            },
            Self::Press { times, .. } => pressed >= *times,
            Self::Show(stage) => stage.is_shown(state),
            Self::Walk { to } => state.reading.is_some() && step_name(state.examined_step()) == *to,
            Self::Map(wanted) => state.surface.drawn.as_ref().is_some_and(|drawn| {
                wanted.is_none_or(|wanted| wanted == map_name(drawn.slice.kind))
            }),
            Self::Train { steps } => since.steps_of(state) >= *steps,
            Self::Diverge => matches!(state.runs.phase, Phase::Diverged(_)),
            Self::Measure {
                measure,
                comparison,
                limit,
            } => measure
                .of(state)
                .is_some_and(|value| comparison.holds(value, *limit)),
        }
    }

    /// How far it is, where that is a number: "37 of 100 steps".
    pub fn how_far(&self, state: &AppState, since: &Since, pressed: u64) -> Option<String> {
        match self {
            Self::Press { times, .. } if *times > 1 => {
                Some(format!("{} of {times} times", pressed.min(*times)))
            }
            Self::Train { steps } => {
                let done = since.steps_of(state).min(*steps);
                Some(format!(
                    "{} of {} steps",
                    crate::data::grouped(done),
                    crate::data::grouped(*steps)
                ))
            }
            Self::Measure { measure, .. } => {
                let value = measure.of(state)?;
                Some(format!("{} now", short(value)))
            }
            _ => None,
        }
    }
}

/// The kinds of steps of the walk through one example.
pub(super) const WALK: [&str; 9] = [
    "input",
    "forward",
    "cost",
    "output error",
    "gradients",
    "wishes",
    "error",
    "update",
    "end",
];

/// What a lesson calls a step of the walk, in whatever layer it is.
fn step_name(step: Step) -> &'static str {
    match step {
        Step::Input => "input",
        Step::Forward { .. } => "forward",
        Step::Cost => "cost",
        Step::OutputDelta => "output error",
        Step::Gradients { .. } => "gradients",
        Step::Wishes { .. } => "wishes",
        Step::Delta { .. } => "error",
        Step::Update => "update",
        Step::ForwardAgain => "end",
    }
}

fn walk(text: &str) -> Result<Condition, Problem> {
    let found = WALK.into_iter().find(|name| *name == text);
    found
        .map(|to| Condition::Walk { to })
        .ok_or_else(|| Problem::UnknownName {
            what: "step of the walk called",
            text: text.to_owned(),
            known: one_of(&WALK),
        })
}

/// The slices through the cost.
pub(super) const MAPS: [&str; 4] = ["random", "networks", "path", "walks"];

fn map_name(kind: PlaneKind) -> &'static str {
    match kind {
        PlaneKind::Random { .. } => "random",
        PlaneKind::ThreeNetworks => "networks",
        PlaneKind::Principal => "path",
        PlaneKind::Walks => "walks",
    }
}

fn map(text: &str) -> Result<Condition, Problem> {
    let found = MAPS.into_iter().find(|name| *name == text);
    found
        .map(|name| Condition::Map(Some(name)))
        .ok_or_else(|| Problem::UnknownName {
            what: "map of the cost called",
            text: text.to_owned(),
            known: one_of(&MAPS),
        })
}

fn press(text: &str, times: u64) -> Result<Condition, Problem> {
    let wanted = text.trim_end_matches('…');
    let mut names = AppCommand::listed()
        .into_iter()
        .chain(with_values())
        .map(|command| command.name());
    let found = names.find(|name| name.to_lowercase() == wanted);
    found
        .map(|name| Condition::Press { name, times })
        .ok_or_else(|| Problem::UnknownCommand {
            text: text.to_owned(),
        })
}

/// Commands that no menu has, because they come with a value; a lesson may wait for any of their kind.
fn with_values() -> Vec<AppCommand> {
    vec![
        AppCommand::SetTapeBias(BiasAs::default()),
        AppCommand::SetTapeMistake(Some(Mistake::TransposeForgotten)),
        AppCommand::SetTapeMistake(Some(Mistake::BiasLeftOut)),
        AppCommand::MoveBall { at: [0.0; 2] },
        AppCommand::ChooseUnit(UnitPlace { layer: 1, unit: 0 }),
        AppCommand::ChooseParameter(Parameter::Bias { layer: 0, unit: 0 }),
    ]
}

fn measure(name: &str, is_below: bool, limit: &str) -> Result<Condition, Problem> {
    let found = Measure::ALL.into_iter().find(|one| one.name() == name);
    let measure = found.ok_or_else(|| unknown(name))?;
    let limit = limit.parse().map_err(|_| no_number(limit))?;
    let comparison = match is_below {
        true => Comparison::Below,
        false => Comparison::Above,
    };
    Ok(Condition::Measure {
        measure,
        comparison,
        limit,
    })
}

fn unknown(text: &str) -> Problem {
    let measures = Measure::ALL.map(|measure| format!("{} below 0.1", measure.name()));
    let forms = FORMS.map(str::to_owned);
    let known: Vec<String> = forms.into_iter().chain(measures).collect();
    Problem::UnknownCondition {
        text: text.to_owned(),
        known: one_of(&known),
    }
}

fn no_number(text: &str) -> Problem {
    Problem::NoNumber {
        text: text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Tab;

    #[test]
    fn every_form_is_read() {
        let read = |text: &str| Condition::read(text).unwrap();
        assert_eq!(read("draw"), Condition::Draw);
        assert_eq!(read("label 7"), Condition::Label(Some(7)));
        assert_eq!(read("wrong answer"), Condition::Answer { right: false });
        assert_eq!(read("train 1 step"), Condition::Train { steps: 1 });
        assert_eq!(
            read("press Train one mini-batch 3 times"),
            Condition::Press {
                name: "Train one mini-batch",
                times: 3
            }
        );
        assert_eq!(
            read("press Open model"),
            Condition::Press {
                name: "Open model",
                times: 1
            }
        );
        let Condition::Show(stage) = read("show weights") else {
            panic!("no place");
        };
        assert_eq!(stage.tab, Some(Tab::Weights));
        for measure in Measure::ALL {
            let text = format!("{} above 0.25", measure.name());
            let expected = Condition::Measure {
                measure,
                comparison: Comparison::Above,
                limit: 0.25,
            };
            assert_eq!(read(&text), expected);
        }
    }

    #[test]
    fn every_step_of_the_walk_can_be_waited_for() {
        for step in Step::all(3) {
            let to = step_name(step);
            assert_eq!(walk(to), Ok(Condition::Walk { to }));
        }
    }

    #[test]
    fn a_condition_that_cannot_be_checked_is_refused_with_those_that_can() {
        let problem = |text| Condition::read(text).unwrap_err().to_string();
        assert!(problem("dance").contains("“dance” is no condition: use draw, label"));
        assert!(problem("label x").contains("“x” is no number"));
        assert!(problem("label 12").contains("“12” is no number"));
        assert!(problem("cost of living below 3").contains("“cost of living” is no condition"));
        assert!(problem("press fly").contains("no command is called “fly”"));
        assert!(problem("walk to town").contains("called “town”: use input, forward, cost"));
        assert!(problem("train many steps").contains("“many” is no number"));
    }
}
