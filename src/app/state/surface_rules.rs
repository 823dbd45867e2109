//! The cost surface: what is drawn, the path that is remembered for it, and the network under the ball.

use super::saving::Errand;
use super::{AppState, JobKind};
use crate::app::surface::BeforePut;
use crate::app::{AppCommand, Effect, ModelState, Origin, Phase};
use crate::explain::{PlaneKind, SliceRequest, Surface};
use crate::nn::Network;
use crate::training::{CheckedHyperparameters, Hyperparameters};
use std::sync::Arc;

impl AppState {
    /// Whether a slice can be drawn now; the error says in words why not.
    pub(in crate::app) fn can_draw_surface(&self, kind: PlaneKind) -> Result<(), &'static str> {
        if self.data.sets.is_none() {
            return Err("The data is not loaded yet");
        }
        match kind {
            PlaneKind::ThreeNetworks | PlaneKind::Principal if !self.surface.has_path() => {
                Err("This network has no path yet: train it for a few steps")
            }
            PlaneKind::Walks if self.walking().is_none() => {
                Err("The settings do not make sense as they are: see the field that is marked")
            }
            _ => Ok(()),
        }
    }

    /// In place of one that is being drawn. The last one stays until there is something to see of this one.
    pub(super) fn draw_surface(&mut self, named: Option<PlaneKind>) -> Vec<Effect> {
        let kind = named.unwrap_or(self.surface.kind());
        let data = self.data.sets.clone();
        let (Ok(()), Some(data)) = (self.can_draw_surface(kind), data) else {
            return Vec::new();
        };
        let usual = || Hyperparameters::default().check().ok();
        let Some(hyperparameters) = self.walking().or_else(usual) else {
            return Vec::new();
        };
        let mut effects = self.cancel_jobs(JobKind::DrawSurface);
        let job = self.add_job(JobKind::DrawSurface, "Drawing the cost surface".into());
        self.surface.chosen = named.or(self.surface.chosen);
        self.surface.error = None;
        let step = match &self.microscope.frozen {
            Some((_, step)) => *step,
            None => self.model.record.steps,
        };
        effects.push(Effect::DrawSurface {
            job,
            request: Box::new(SliceRequest {
                kind,
                network: Arc::clone(self.examined_network()),
                step,
                path: self.surface.path.clone(),
                data,
                hyperparameters,
            }),
        });
        effects
    }

    /// Nothing comes of it; the last one stays, and none is drawn without being asked for.
    pub(super) fn surface_stopped(&mut self, sentence: String) {
        self.surface.error = Some(sentence);
    }

    pub(super) fn surface_refined(&mut self, job: u64, fraction: f32, surface: Option<Surface>) {
        self.set_job_progress(job, fraction);
        let is_wanted = self.jobs.iter().any(|other| other.id == job);
        if let Some(surface) = surface.filter(|_| is_wanted) {
            self.surface.show(surface);
        }
    }

    pub(super) fn surface_drawn(&mut self, job: u64, result: Result<(), String>) {
        if self.end_job(job)
            && let Err(sentence) = result
        {
            self.complain(sentence.clone());
            self.surface_stopped(sentence);
        }
    }

    /// The path goes on with the present network, or begins anew with another one or at its first weights.
    pub(super) fn follow_path(&mut self) {
        let surface = &mut self.surface;
        let (network, step) = (&self.model.network, self.model.record.steps);
        let is_other = surface.generation != self.model.generation;
        surface.generation = self.model.generation;
        if is_other || self.model.is_at_its_start() {
            surface.path.begin(network, step);
        } else {
            surface.path.remember(network, step);
        }
    }

    /// What is drawn belongs to a model that goes.
    pub(super) fn forget_surface(&mut self) -> Vec<Effect> {
        self.surface.drawn = None;
        self.surface.chosen = None;
        self.surface.error = None;
        self.cancel_jobs(JobKind::DrawSurface)
    }

    pub(in crate::app) fn can_put_network(&self) -> Result<(), &'static str> {
        if self.surface.drawn.is_none() {
            Err("No cost surface is drawn yet")
        } else if self.runs.phase == Phase::Running {
            Err("Training is running: pause it first")
        } else {
            Ok(())
        }
    }

    pub(super) fn put_network_here(&mut self) -> Vec<Effect> {
        let network = match &self.surface.drawn {
            Some(surface) if self.can_put_network().is_ok() => {
                surface.slice.plane.network_at(self.surface.ball)
            }
            _ => return Vec::new(),
        };
        match network {
            Ok(network) => self.unless_unsaved(Errand::PutNetwork {
                network: Arc::new(network),
            }),
            Err(error) => {
                self.complain(format!("There is no network at this point: {error}"));
                Vec::new()
            }
        }
    }

    /// The map stays as it is, and the path begins anew at the point where the ball lies.
    pub(super) fn put_network(&mut self, network: Arc<Network>) -> Vec<Effect> {
        let put = ModelState {
            origin: match &self.model.origin {
                Origin::Bundled => Origin::Fresh,
                other => other.clone(),
            },
            network,
            gradients: None,
            // It was fitted to other weights.
            calibration: None,
            record: self.model.record.after_moving(),
            unsaved: true,
            ..self.model.clone()
        };
        let path = self.surface.path.clone();
        let (before, mut effects) = self.replace_on_the_map(put);
        self.surface.before_put = Some(BeforePut {
            model: Box::new(before),
            path,
            of_generation: self.model.generation,
        });
        effects.extend(self.calibrate_at_rest());
        self.say("The network has the weights under the ball; the ones before can be put back");
        effects
    }

    /// Whether the network before the one from the map can be put back; the error says in words why not.
    pub(in crate::app) fn can_put_network_back(&self) -> Result<(), &'static str> {
        let before = self.surface.before_put.as_ref();
        if before.is_none_or(|before| before.of_generation != self.model.generation) {
            Err("No network was taken from the cost surface")
        } else if self.runs.phase == Phase::Running {
            Err("Training is running: pause it first")
        } else {
            Ok(())
        }
    }

    pub(super) fn put_network_back(&mut self) -> Vec<Effect> {
        if AppCommand::PutNetworkBack.enabled(self).is_err() {
            return Vec::new();
        }
        let Some(before) = self.surface.before_put.take() else {
            return Vec::new();
        };
        let (_, effects) = self.replace_on_the_map(*before.model);
        self.surface.path = before.path;
        self.say(format!("“{}” has its weights again", self.model.name));
        effects
    }

    /// Another network of the same map: what is drawn goes on to hold.
    fn replace_on_the_map(&mut self, model: ModelState) -> (ModelState, Vec<Effect>) {
        let drawn = self.surface.drawn.take();
        let (chosen, ball) = (self.surface.chosen, self.surface.ball);
        let (before, effects) = self.replace_network(model);
        self.surface.drawn = drawn;
        self.surface.chosen = chosen;
        self.surface.ball = ball;
        (before, effects)
    }

    /// How copies of the network walk: as it learns now, or as it would. The learning rate is the one that is in use,
    /// after the schedule.
    fn walking(&self) -> Option<CheckedHyperparameters> {
        let hyperparameters = match &self.active {
            Some(active) => &active.hyperparameters,
            None => &self.settings.hyperparameters,
        };
        let factor = match (&self.active, &self.runs.progress) {
            (Some(_), Some(progress)) => {
                let done = f64::from(progress.epoch) / self.run_epochs().max(1) as f64;
                hyperparameters.schedule.factor(done.min(1.0)) as f32
            }
            _ => 1.0,
        };
        // A schedule that has come to its end leaves nothing to walk with.
        let factor = if factor > 0.0 { factor } else { 1.0 };
        let walking = Hyperparameters {
            learning_rate: factor * hyperparameters.learning_rate,
            ..hyperparameters.clone()
        };
        walking.check().ok()
    }
}
