//! The window: where every panel stands, and the way of commands and news through a frame.

use super::about::AboutWindow;
use super::answer_panel::AnswerPanel;
use super::crisp::Crisp;
use super::frame_times::FrameTimes;
use super::keep_row;
use super::launch::SETTINGS_KEY;
use super::lesson_panel::LessonPanel;
use super::log_window::LogWindow;
use super::menu::Menu;
use super::pace::Pace;
use super::pad_panel::{self, PadPanel};
use super::question::QuestionWindow;
use super::sees_panel::SeesPanel;
use super::shortcuts_window::ShortcutsWindow;
use super::status::StatusLine;
use super::transport::TransportBar;
use super::workbench::Workbench;
use super::{focus, keyboard, theme};
use crate::app::{AppCommand, AppState, Depth, Effect, Performer, Settings, ThemeChoice};
use egui::{
    Align2, CentralPanel, Context, FontId, Frame, Id, LayerId, Margin, Order, Panel, ScrollArea,
    Stroke, StrokeKind, Ui, UiBuilder, UiStackInfo, ViewportCommand,
};
use std::time::{Duration, Instant};

/// Width kept free for the scroll bar, which would lie over the pad.
const SCROLL_BAR: f32 = 12.0;

/// What the window needs in points to show everything well, a lesson in large letters included.
const ROOMY_WINDOW: egui::Vec2 = egui::vec2(1040.0, 740.0);

/// Large type makes everything at most so much larger.
const LARGEST_ROOM_ZOOM: f32 = 1.6;

/// The program in its window.
pub struct InkgradApp {
    state: AppState,
    performer: Performer,
    pace: Pace,
    /// Pushed by panels, carried out within the frame.
    commands: Vec<AppCommand>,
    /// What the start asks for, until there is a frame to do it in.
    first_effects: Vec<Effect>,
    panels: Panels,
    /// What the window was last told, so that it is told again only when it changes.
    told: Told,
    /// The window may close: nobody has to be asked any more.
    closing: bool,
}

#[derive(Default)]
struct Panels {
    menu: Menu,
    transport: TransportBar,
    status: StatusLine,
    pad: PadPanel,
    answer: AnswerPanel,
    sees: SeesPanel,
    workbench: Workbench,
    lesson: LessonPanel,
    shortcuts: ShortcutsWindow,
    log: LogWindow,
    about: AboutWindow,
    question: QuestionWindow,
    frame_times: FrameTimes,
}

#[derive(Default)]
struct Told {
    title: String,
    theme: Option<ThemeChoice>,
    zoom: Option<f32>,
}

impl InkgradApp {
    /// The program with these settings; news from the background ask `context` for a frame.
    pub fn new(context: &Context, settings: Settings) -> Self {
        theme::install(context);
        context.add_plugin(Crisp);
        // The command list has its own keys for the zoom, and remembers it.
        context.options_mut(|options| options.zoom_with_keyboard = false);
        let pace = Pace::new();
        let (window, paced) = (context.clone(), pace.clone());
        let performer = Performer::new(move || window.request_repaint_after(paced.rest()));
        let (state, first_effects) = AppState::new(settings);
        let mut app = Self {
            state,
            performer,
            pace,
            commands: Vec::new(),
            first_effects,
            panels: Panels::default(),
            told: Told::default(),
            closing: false,
        };
        app.tell_window(context);
        app
    }

    /// What the program is, for tests and for looking at.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    fn perform(&mut self, effects: Vec<Effect>, context: &Context, frame: &eframe::Frame) {
        for effect in effects {
            match effect {
                Effect::CloseWindow => {
                    self.closing = true;
                    context.send_viewport_cmd(ViewportCommand::Close);
                }
                effect => self.performer.perform(effect, Some(frame)),
            }
        }
    }

    /// Carries out what the panels have asked for so far. Returns whether there was anything.
    fn carry_out(&mut self, context: &Context, frame: &eframe::Frame) -> bool {
        let commands = std::mem::take(&mut self.commands);
        let any = !commands.is_empty();
        for command in commands {
            let effects = self.state.handle(command);
            self.perform(effects, context, frame);
        }
        any
    }

    /// Title, theme and zoom of the window follow the state.
    fn tell_window(&mut self, context: &Context) {
        let mark = if self.state.model.unsaved { "• " } else { "" };
        let title = format!("{mark}{} – Inkgrad", self.state.model.name);
        if self.told.title != title {
            context.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.told.title = title;
        }
        let settings = &self.state.settings;
        if self.told.theme != Some(settings.theme) {
            theme::choose(context, settings.theme);
            self.told.theme = Some(settings.theme);
        }
        // The size of the window is not known before its first frame.
        let zoom = match settings.large_type && self.told.zoom.is_some() {
            true => settings.zoom.max(zoom_for_a_room(context)),
            false => settings.zoom,
        };
        if self.told.zoom != Some(zoom) {
            context.set_zoom_factor(zoom);
            self.told.zoom = Some(zoom);
        }
    }

    /// The pad with its tools. The pen is read and obeyed before anything is painted that depends on it.
    fn pad(&mut self, ui: &mut Ui, side: f32, frame: &eframe::Frame) {
        let panels = &mut self.panels;
        let response = panels.pad.read(ui, side, &self.state, &mut self.commands);
        self.carry_out(ui.ctx(), frame);
        self.panels.pad.paint(ui, &response, &self.state);
        ui.scope(|ui| {
            ui.set_max_width(side);
            self.panels.pad.tools(ui, &self.state, &mut self.commands);
        });
    }

    /// Pad, answer and play: as large as they fit.
    fn draw_body(&mut self, ui: &mut Ui, frame: &eframe::Frame) {
        const GAP: f32 = 24.0;
        let room = ui.available_size();
        let answer_width = (room.x * 0.42).clamp(340.0, 780.0);
        let for_pad = egui::vec2(room.x - answer_width - GAP, room.y);
        let side = pad_panel::side_in(for_pad, Depth::Draw);
        let spare = (room.x - side - GAP - answer_width).max(0.0);
        ui.horizontal_top(|ui| {
            ui.add_space(spare / 2.0);
            ui.vertical(|ui| self.pad(ui, side, frame));
            ui.add_space(GAP - ui.spacing().item_spacing.x);
            ui.vertical(|ui| {
                ui.set_width(answer_width);
                let Self {
                    panels,
                    state,
                    commands,
                    ..
                } = self;
                theme::card(ui).show(ui, |ui| {
                    panels.answer.ui(ui, state, commands);
                    keep_row::ui(ui, state, commands);
                });
                if ui.available_height() > 200.0 {
                    theme::card(ui).show(ui, |ui| {
                        ui.set_width(ui.available_width());
                        panels.sees.ui(ui, state, commands);
                    });
                }
            });
        });
    }

    /// The left column: pad, answer, what the network sees.
    fn left_column(&mut self, ui: &mut Ui, frame: &eframe::Frame) {
        let room = ui.available_size() - egui::vec2(SCROLL_BAR, 0.0);
        let side = pad_panel::side_in(room, Depth::Learn);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.set_width(room.x);
            self.pad(ui, side, frame);
            ui.add_space(2.0);
            let Self {
                panels,
                state,
                commands,
                ..
            } = self;
            panels.answer.ui(ui, state, commands);
            ui.separator();
            panels.sees.ui(ui, state, commands);
        });
    }

    fn body(&mut self, ui: &mut Ui, frame: &eframe::Frame) {
        let margin = Frame::new().inner_margin(Margin::same(10));
        if self.state.settings.depth == Depth::Draw {
            CentralPanel::no_frame()
                .frame(margin)
                .show(ui, |ui| self.draw_body(ui, frame));
            return;
        }
        let smallest = pad_panel::SMALLEST_SIDE + SCROLL_BAR + 14.0;
        Panel::left("pad and answer")
            .frame(margin.inner_margin(Margin {
                right: 2,
                left: 12,
                ..Margin::same(10)
            }))
            .default_size((ui.available_width() * 0.22).clamp(smallest, 430.0))
            .size_range(smallest..=620.0)
            .show(ui, |ui| self.left_column(ui, frame));
        let Self {
            panels,
            state,
            commands,
            ..
        } = self;
        panels.workbench.ui(ui, state, commands);
    }

    fn take_dropped_files(&mut self, ui: &Ui) {
        let dropped = ui.input(|input| input.raw.dropped_files.clone());
        self.commands
            .extend(dropped.iter().map(|file| AppCommand::FileDropped {
                path: file.path().to_owned(),
            }));
    }
}

impl eframe::App for InkgradApp {
    fn logic(&mut self, context: &Context, frame: &mut eframe::Frame) {
        let first = std::mem::take(&mut self.first_effects);
        self.perform(first, context, frame);
        for news in self.performer.news() {
            let effects = self.state.receive(news);
            self.perform(effects, context, frame);
        }
        let due = self.state.tick(context.input(|input| input.time));
        self.perform(due, context, frame);
        let now_secs = context.input(|input| input.time);
        if let Some(secs) = self.state.microscope_due_in_secs(now_secs) {
            context.request_repaint_after(Duration::from_secs_f64(secs));
        }
        if let Some(secs) = self.state.recovery_due_in_secs() {
            context.request_repaint_after(Duration::from_secs_f64(secs));
        }
        let close_requested = context.input(|input| input.viewport().close_requested());
        if close_requested && !self.closing {
            let effects = self.state.handle(AppCommand::Quit);
            self.perform(effects, context, frame);
            if !self.closing {
                context.send_viewport_cmd(ViewportCommand::CancelClose);
            }
        }
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        let started = Instant::now();
        let context = ui.ctx().clone();
        keyboard::read(&context, &self.state, &mut self.commands);
        self.take_dropped_files(ui);
        let mut changed = self.carry_out(&context, frame);

        let Self {
            panels,
            state,
            commands,
            ..
        } = self;
        let bar = Frame::new()
            .fill(theme::palette(ui).panel)
            .inner_margin(Margin::symmetric(12, 4));
        Panel::top("menu")
            .frame(bar)
            .show(ui, |ui| panels.menu.ui(ui, state, commands));
        Panel::top("transport")
            .frame(bar)
            .show(ui, |ui| panels.transport.ui(ui, state, commands));
        Panel::bottom("status")
            .frame(bar.inner_margin(Margin::symmetric(12, 2)))
            .show(ui, |ui| panels.status.ui(ui, state, commands));
        panels.lesson.ui(ui, state, commands);
        // Told, not painted: the window was cleared with it.
        let behind = Frame::new().fill(theme::palette(ui).window);
        let behind = UiStackInfo::default().with_frame(behind);
        ui.scope_builder(UiBuilder::new().ui_stack_info(behind), |ui| {
            self.body(ui, frame);
        });
        let Self {
            panels,
            state,
            commands,
            ..
        } = self;
        panels.shortcuts.ui(ui, state, commands);
        panels.log.ui(ui, state, commands);
        panels.about.ui(ui, state, commands);
        panels.question.ui(ui, state, commands);
        panels.frame_times.ui(ui, state);
        focus::mark(ui);
        invite_dropped_files(ui);

        changed |= self.carry_out(&context, frame);
        self.tell_window(&context);
        if changed {
            // Panels that were painted before the change have to show it.
            context.request_repaint();
        }
        let frame_before = frame.info().cpu_usage;
        self.pace.frame_took(frame_before.unwrap_or_default());
        self.panels.frame_times.note(
            context.input(|input| input.time),
            context.current_pass_index(),
            frame_before,
            started.elapsed().as_secs_f32(),
        );
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        storage.set_string(SETTINGS_KEY, self.state.settings_to_keep().to_text());
    }

    /// What lies behind everything: no panel fills the window once more, which is much where the processor paints.
    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

/// As large as everything can be while the window still has room for what it must show.
fn zoom_for_a_room(context: &Context) -> f32 {
    let unzoomed = context.content_rect().size() * context.zoom_factor();
    let most = (unzoomed.x / ROOMY_WINDOW.x).min(unzoomed.y / ROOMY_WINDOW.y);
    // In steps, so that a window that is being resized does not tremble.
    ((most * 20.0).floor() / 20.0).clamp(1.0, LARGEST_ROOM_ZOOM)
}

/// While files hang over the window: what would happen if they were let go.
fn invite_dropped_files(ui: &Ui) {
    if ui.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let palette = theme::palette(ui);
    let rect = ui.ctx().content_rect();
    let layer = LayerId::new(Order::Foreground, Id::unique("drop"));
    let painter = ui.ctx().layer_painter(layer);
    painter.rect_filled(rect, 0.0, palette.window.gamma_multiply(0.85));
    let stroke = Stroke::new(2.0, palette.accent);
    painter.rect_stroke(rect.shrink(16.0), 12.0, stroke, StrokeKind::Inside);
    painter.text(
        rect.center(),
        Align2::CENTER_CENTER,
        "Drop a model, a picture, a drawing, a data set or a lesson to open it",
        FontId::proportional(22.0),
        palette.text,
    );
}
