use super::news::{self, News};
use super::outbox::Outbox;
use super::team::Sharing;
use super::{Command, Divergence, Event, LiveSettings, Run, Scoring, Speed, StepSize};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A run as the thread carries it on: what it is to do next, and what was told of it so far.
pub(super) struct Session {
    run: Run,
    activity: Activity,
    /// Steps asked for while another is being done.
    queue: VecDeque<StepSize>,
    /// Survives a pause: it goes on where it was.
    scoring: Option<PendingScoring>,
    /// The validation set was scored before the first step, so that curves begin where the network does.
    opened: bool,
    /// The test set was scored after the last step.
    tested: bool,
    news: News,
    /// When the last step of slow motion was due.
    last_due: Option<Instant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Activity {
    Paused,
    Diverged,
    Going(Goal),
}

/// How far to go before pausing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goal {
    AllEpochs,
    /// Until so many epochs are done.
    Epochs(u64),
    OneStep {
        size: StepSize,
        taken: bool,
    },
}

struct PendingScoring {
    scoring: Scoring,
    purpose: Purpose,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Validation { epoch_finished: bool },
    Test,
}

/// How long a command waits, beside the step that is being taken.
const MOMENT: Duration = Duration::from_millis(1);

impl Session {
    pub(super) fn new(run: Run) -> Self {
        Self {
            run,
            activity: Activity::Paused,
            queue: VecDeque::new(),
            scoring: None,
            opened: false,
            tested: false,
            news: News::default(),
            last_due: None,
        }
    }

    /// How long until there is work; `None`: not before a command comes.
    pub(super) fn wait(&self, speed: Speed, now: Instant) -> Option<Duration> {
        let Activity::Going(_) = self.activity else {
            return None;
        };
        let steps_next = self.opened && self.scoring.is_none() && !self.run.is_done();
        Some(match (speed.period(), self.last_due) {
            (Some(period), Some(last)) if steps_next => {
                (last + period).saturating_duration_since(now)
            }
            _ => Duration::ZERO,
        })
    }

    /// The next work: some steps or chunks of a scoring, as many as leave a command unanswered for a moment only.
    pub(super) fn work(&mut self, speed: Speed, outbox: &Outbox) {
        let end = Instant::now() + MOMENT;
        let team = self.run.team();
        team.work(|| {
            loop {
                self.work_once(speed, team.crew(), outbox);
                let now = Instant::now();
                if now >= end || self.wait(speed, now) != Some(Duration::ZERO) {
                    return;
                }
            }
        });
    }

    /// The next small piece of work: a step, or a chunk of a scoring.
    fn work_once(&mut self, speed: Speed, crew: Sharing, outbox: &Outbox) {
        let Activity::Going(goal) = self.activity else {
            return;
        };
        let outcome = if let Some(pending) = &mut self.scoring {
            pending.scoring.advance_by(self.run.network(), crew);
            Ok(())
        } else if !self.opened {
            self.opened = true;
            self.begin_validation(false);
            Ok(())
        } else if self.run.is_done() {
            self.begin_test(outbox)
        } else {
            self.step(goal, speed, outbox)
        };
        match outcome {
            Ok(()) => {
                self.finish_scoring(outbox);
                self.pause_at_goal(outbox);
            }
            Err(divergence) => self.diverge(divergence, outbox),
        }
    }

    /// Carries out the commands that concern a run; the error says why it cannot be.
    pub(super) fn obey(&mut self, command: Command, outbox: &Outbox) -> Result<(), String> {
        match command {
            Command::Pause => self.pause(outbox),
            Command::Resume => {
                self.require_something_left()?;
                self.queue.clear();
                self.begin(Goal::AllEpochs, outbox);
            }
            Command::Step(size) => {
                self.require_something_left()?;
                match self.activity {
                    Activity::Going(Goal::Epochs(_) | Goal::OneStep { .. }) => {
                        self.queue.push_back(size);
                    }
                    _ => self.begin_step(size, outbox),
                }
            }
            Command::Adjust(settings) => self.adjust(settings)?,
            Command::Reset => {
                self.run.reset();
                self.opened = false;
                self.start_over(outbox);
                outbox.tell(Event::Reset);
                self.tell_paused(outbox);
            }
            Command::Recover { learning_rate } => {
                if self.activity != Activity::Diverged {
                    return Err(
                        "training has not diverged: there is nothing to recover from".into(),
                    );
                }
                self.adjust(LiveSettings {
                    learning_rate,
                    ..self.run.settings()
                })?;
                self.run.recover();
                self.start_over(outbox);
                self.tell_paused(outbox);
            }
            // The worker itself sees to these.
            Command::Load(_) | Command::Speed(_) | Command::Stop => {}
        }
        Ok(())
    }

    fn adjust(&mut self, settings: LiveSettings) -> Result<(), String> {
        settings.check().map_err(|errors| {
            let sentences: Vec<String> = errors.iter().map(ToString::to_string).collect();
            sentences.join("; ")
        })?;
        self.run.adjust(settings);
        // With more epochs to come, a final score is not final.
        let not_final = !self.run.is_done();
        self.scoring
            .take_if(|pending| not_final && pending.purpose == Purpose::Test);
        Ok(())
    }

    fn require_something_left(&self) -> Result<(), String> {
        if self.activity == Activity::Diverged {
            return Err("training diverged: go back to the last good network, or reset".into());
        }
        if self.is_finished() {
            return Err(format!(
                "all {} epochs are done: set more epochs to go on",
                self.run.settings().epochs
            ));
        }
        Ok(())
    }

    fn is_finished(&self) -> bool {
        self.tested && self.run.is_done()
    }

    fn begin(&mut self, goal: Goal, outbox: &Outbox) {
        self.activity = Activity::Going(goal);
        self.news.begin();
        self.last_due = None;
        outbox.tell(Event::Running);
    }

    fn begin_step(&mut self, size: StepSize, outbox: &Outbox) {
        let goal = match size {
            StepSize::Epoch => Goal::Epochs(self.run.epochs_done() + 1),
            StepSize::Example | StepSize::Batch => Goal::OneStep { size, taken: false },
        };
        self.begin(goal, outbox);
    }

    fn step(&mut self, goal: Goal, speed: Speed, outbox: &Outbox) -> Result<(), Divergence> {
        let started = Instant::now();
        let batch_size = self.run.settings().batch_size;
        let (limit, period) = match goal {
            Goal::OneStep { size, .. } => {
                let taken = true;
                self.activity = Activity::Going(Goal::OneStep { size, taken });
                let limit = if size == StepSize::Example {
                    1
                } else {
                    batch_size
                };
                (limit, None)
            }
            Goal::AllEpochs | Goal::Epochs(_) => (batch_size, speed.period()),
        };
        self.tested = false;

        // What an epoch cost is told before it is scored, and what a person asked for before the pause.
        let told = self.news.is_due(started)
            || self.run.ends_epoch(limit)
            || matches!(goal, Goal::OneStep { .. })
            || period.is_some_and(|period| period >= news::INTERVAL);
        let (outcome, health) = if told {
            let (outcome, health) = self.run.step_with_health(limit)?;
            (outcome, Some(health))
        } else {
            (self.run.step_on(limit)?, None)
        };
        let stepped = Instant::now();
        let mut took = stepped - started;
        if let Some(period) = period {
            self.last_due = Some(match self.last_due {
                // Late by less than a step: catch up, so that the pace is kept on average.
                Some(last) if started < last + 2 * period => last + period,
                _ => started,
            });
            took = took.max(period);
        }
        self.news.record(&outcome, took);
        if let Some(health) = health {
            outbox.publish(self.run.snapshot()?);
            outbox.tell(Event::Progress(self.news.take(&self.run, health)));
            let now = Instant::now();
            self.news.told(now, now - stepped);
        }
        if outcome.validation_due {
            self.begin_validation(outcome.epoch_finished);
        }
        Ok(())
    }

    fn begin_validation(&mut self, epoch_finished: bool) {
        let examples = self.run.setup().data.validation.clone();
        self.scoring = Some(PendingScoring {
            scoring: Scoring::new(self.run.network(), examples),
            purpose: Purpose::Validation { epoch_finished },
        });
    }

    fn begin_test(&mut self, outbox: &Outbox) -> Result<(), Divergence> {
        self.publish_present(outbox)?;
        let examples = self.run.setup().data.test.clone();
        self.scoring = Some(PendingScoring {
            scoring: Scoring::new(self.run.network(), examples),
            purpose: Purpose::Test,
        });
        Ok(())
    }

    fn finish_scoring(&mut self, outbox: &Outbox) {
        let Some(PendingScoring { scoring, purpose }) =
            self.scoring.take_if(|pending| pending.scoring.is_done())
        else {
            return;
        };
        let step = self.run.steps();
        let evaluation = scoring.into_evaluation();
        match purpose {
            Purpose::Validation { epoch_finished } => {
                if evaluation.count() > 0 {
                    outbox.tell(Event::Validated {
                        step,
                        epoch: self.run.epoch(),
                        evaluation,
                        network: Arc::new(self.run.network().clone()),
                    });
                }
                if epoch_finished {
                    let epoch = self.run.epochs_done();
                    outbox.tell(Event::EpochFinished { epoch, step });
                }
            }
            Purpose::Test => {
                self.tested = true;
                self.activity = Activity::Paused;
                self.queue.clear();
                let test = evaluation;
                outbox.tell(Event::Finished { step, test });
            }
        }
    }

    /// Pauses where a step button wanted it, and goes on with the next step that was asked for.
    fn pause_at_goal(&mut self, outbox: &Outbox) {
        let reached = match self.activity {
            Activity::Going(Goal::Epochs(epochs)) => self.run.epochs_done() >= epochs,
            Activity::Going(Goal::OneStep { taken, .. }) => taken,
            _ => false,
        };
        // After the last step of all comes the test, and that is the end.
        if !reached || self.scoring.is_some() || self.run.is_done() {
            return;
        }
        self.activity = Activity::Paused;
        self.tell_paused(outbox);
        if let Some(size) = self.queue.pop_front() {
            self.begin_step(size, outbox);
        }
    }

    fn pause(&mut self, outbox: &Outbox) {
        self.queue.clear();
        // A run that has just ended has told so, and that holds.
        if self.activity == Activity::Diverged || self.is_finished() {
            return;
        }
        self.activity = Activity::Paused;
        match self.publish_present(outbox) {
            Ok(()) => self.tell_paused(outbox),
            Err(divergence) => self.diverge(divergence, outbox),
        }
    }

    /// After the network was changed by other means than training.
    fn start_over(&mut self, outbox: &Outbox) {
        self.activity = Activity::Paused;
        self.queue.clear();
        self.scoring = None;
        self.tested = false;
        self.news = News::default();
        outbox.publish(self.run.last_snapshot().clone());
    }

    fn diverge(&mut self, divergence: Divergence, outbox: &Outbox) {
        self.activity = Activity::Diverged;
        self.queue.clear();
        self.scoring = None;
        outbox.tell(Event::Diverged(divergence));
    }

    /// Publishes the network as it is now, unless that was done.
    fn publish_present(&mut self, outbox: &Outbox) -> Result<(), Divergence> {
        if self.run.last_snapshot().step != self.run.steps() {
            outbox.publish(self.run.snapshot()?);
        }
        Ok(())
    }

    fn tell_paused(&self, outbox: &Outbox) {
        let step = self.run.steps();
        outbox.tell(Event::Paused { step });
    }
}
