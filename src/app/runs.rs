use crate::nn::Evaluation;
use crate::training::{Divergence, History, Progress, Speed};

/// What training is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// No run was made yet, or the model was replaced.
    #[default]
    Idle,
    Running,
    Paused,
    /// All epochs are done.
    Finished,
    Diverged(Divergence),
}

/// One training run and its curves.
#[derive(Clone, Debug)]
pub struct Run {
    /// "784-128-64-10, SGD 0.1"
    pub name: String,
    pub history: History,
    /// Shown in the curves.
    pub visible: bool,
    /// Scored once, at the end.
    pub test: Option<Evaluation>,
}

/// All runs since the program started; the last one is the present one.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    pub all: Vec<Run>,
    pub phase: Phase,
    pub speed: Speed,
    /// The newest news of the present run.
    pub progress: Option<Progress>,
    pub steps_per_epoch: u64,
}

/// So many runs are kept.
const CAPACITY: usize = 24;

impl Runs {
    pub fn current(&self) -> Option<&Run> {
        self.all.last()
    }

    pub(super) fn current_mut(&mut self) -> Option<&mut Run> {
        self.all.last_mut()
    }

    /// A new run with empty curves. One that never learned anything makes room for it.
    pub(super) fn begin(&mut self, name: String) {
        self.all.retain(|run| !run.history.is_empty());
        if self.all.len() == CAPACITY {
            self.all.remove(0);
        }
        let name = self.unused(name);
        self.all.push(Run {
            name,
            history: History::default(),
            visible: true,
            test: None,
        });
        self.progress = None;
    }

    /// The curves of all visible runs as one table, the run's name in the first column.
    pub fn to_csv(&self) -> String {
        let mut table = String::new();
        for run in self.all.iter().filter(|run| run.visible) {
            let name = run.name.replace('"', "\"\"");
            let csv = run.history.to_csv();
            let mut lines = csv.lines();
            let header = lines.next().unwrap_or_default();
            if table.is_empty() {
                table = format!("run,{header}\n");
            }
            for line in lines {
                table.push_str(&format!("\"{name}\",{line}\n"));
            }
        }
        table
    }

    /// Two runs with the same settings are told apart by a number.
    fn unused(&self, name: String) -> String {
        let taken = |name: &str| self.all.iter().any(|run| run.name == name);
        if !taken(&name) {
            return name;
        }
        (2..)
            .map(|number| format!("{name} ({number})"))
            .find(|numbered| !taken(numbered))
            .unwrap_or(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learn(runs: &mut Runs, step: u64) {
        runs.current_mut().unwrap().history.push(&Progress {
            step,
            epoch: 0.5,
            cost: 1.25,
            learning_rate: 0.1,
            samples_per_second: 1000.0,
            layers: Vec::new(),
        });
    }

    #[test]
    fn runs_with_the_same_settings_are_told_apart() {
        let mut runs = Runs::default();
        for _ in 0..3 {
            runs.begin("784-30-10, SGD 3".into());
            learn(&mut runs, 1);
        }
        let names: Vec<&str> = runs.all.iter().map(|run| run.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "784-30-10, SGD 3",
                "784-30-10, SGD 3 (2)",
                "784-30-10, SGD 3 (3)"
            ]
        );
    }

    #[test]
    fn a_run_that_learned_nothing_makes_room() {
        let mut runs = Runs::default();
        runs.begin("a".into());
        runs.begin("b".into());
        assert_eq!(runs.all.len(), 1);
        assert_eq!(runs.current().unwrap().name, "b");
    }

    #[test]
    fn the_table_of_curves_names_the_run_in_every_line_and_leaves_hidden_runs_out() {
        let mut runs = Runs::default();
        for name in ["one, \"odd\"", "two", "three"] {
            runs.begin(name.into());
            learn(&mut runs, 7);
        }
        runs.all[1].visible = false;
        let csv = runs.to_csv();
        let lines: Vec<&str> = csv.lines().collect();
        assert!(lines[0].starts_with("run,step,"), "{}", lines[0]);
        assert!(
            lines[1].starts_with("\"one, \"\"odd\"\"\",7,"),
            "{}",
            lines[1]
        );
        assert!(lines[2].starts_with("\"three\",7,"), "{}", lines[2]);
        assert_eq!(lines.len(), 3);
    }
}
