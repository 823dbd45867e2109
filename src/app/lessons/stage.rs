use super::Problem;
use super::error::one_of;
use crate::app::{AppState, Depth, MicroscopeView, Tab, World};

/// What a lesson shows and hides; what it says nothing about stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    pub depth: Option<Depth>,
    pub tab: Option<Tab>,
    pub view: Option<MicroscopeView>,
    /// Of the small worlds.
    pub world: Option<World>,
    /// The curves beneath the tabs.
    pub curves: Option<bool>,
    /// The settings at the right, in the depth 'Lab'.
    pub settings: Option<bool>,
    /// While a question is open, what the tab shows is covered: it is to be answered before looking.
    pub covered: Option<bool>,
}

const DEPTHS: [(&str, Depth); 3] = [
    ("draw", Depth::Draw),
    ("learn", Depth::Learn),
    ("lab", Depth::Lab),
];

impl Stage {
    /// Reads "learn, backprop, no curves".
    pub(super) fn read(text: &str) -> Result<Self, Problem> {
        let mut stage = Self::default();
        for part in text.split(',') {
            stage.read_part(&part.trim().to_lowercase())?;
        }
        Ok(stage)
    }

    /// This one, with what `other` says in its place.
    pub fn with(self, other: Self) -> Self {
        Self {
            depth: other.depth.or(self.depth),
            tab: other.tab.or(self.tab),
            view: other.view.or(self.view),
            world: other.world.or(self.world),
            curves: other.curves.or(self.curves),
            settings: other.settings.or(self.settings),
            covered: other.covered.or(self.covered),
        }
    }

    /// Whether all of it is seen now.
    pub fn is_shown(&self, state: &AppState) -> bool {
        let settings = &state.settings;
        let has_tabs = settings.depth != Depth::Draw;
        self.depth.is_none_or(|depth| depth == settings.depth)
            && self.tab.is_none_or(|tab| has_tabs && tab == settings.tab)
            && self.view.is_none_or(|view| {
                settings.tab == Tab::Backprop && view == settings.microscope_view
            })
            && self.world.is_none_or(|world| world == state.worlds.shown)
    }

    fn read_part(&mut self, part: &str) -> Result<(), Problem> {
        if let Some((_, depth)) = DEPTHS.into_iter().find(|(name, _)| *name == part) {
            self.depth = Some(depth);
        } else if let Some(tab) = Tab::ALL.into_iter().find(|tab| is_name(part, tab.name())) {
            self.tab = Some(tab);
        } else if let Some(view) = view_named(part) {
            self.tab = Some(Tab::Backprop);
            self.view = Some(view);
        } else if let Some(world) = World::ALL.into_iter().find(|one| is_name(part, one.name())) {
            self.tab = Some(Tab::Backprop);
            self.view = Some(MicroscopeView::Worlds);
            self.world = Some(world);
        } else {
            match part {
                "curves" => self.curves = Some(true),
                "no curves" => self.curves = Some(false),
                "settings" => self.settings = Some(true),
                "no settings" => self.settings = Some(false),
                "covered" => self.covered = Some(true),
                "uncovered" => self.covered = Some(false),
                _ => {
                    return Err(Problem::UnknownPlace {
                        text: part.to_owned(),
                        known: one_of(&names()),
                    });
                }
            }
        }
        Ok(())
    }
}

/// Everything that can be shown, by name.
pub(super) fn names() -> Vec<String> {
    let depths = DEPTHS.iter().map(|(name, _)| (*name).to_owned());
    let tabs = Tab::ALL.iter().map(|tab| tab.name().to_lowercase());
    let views = MicroscopeView::ALL
        .iter()
        .map(|view| view.name().to_lowercase());
    let worlds = World::ALL.iter().map(|world| world.name().to_lowercase());
    let parts = [
        "curves",
        "no curves",
        "settings",
        "no settings",
        "covered",
        "uncovered",
    ]
    .map(str::to_owned);
    depths
        .chain(tabs)
        .chain(views)
        .chain(worlds)
        .chain(parts)
        .collect()
}

fn view_named(name: &str) -> Option<MicroscopeView> {
    let mut views = MicroscopeView::ALL.into_iter();
    views.find(|view| is_name(name, view.name()))
}

fn is_name(text: &str, name: &str) -> bool {
    text == name.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_in_its_tab() {
        let stage = Stage::read("learn, Cost surface, no curves").unwrap();
        assert_eq!(stage.depth, Some(Depth::Learn));
        assert_eq!(stage.tab, Some(Tab::Backprop));
        assert_eq!(stage.view, Some(MicroscopeView::Surface));
        assert_eq!((stage.curves, stage.settings), (Some(false), None));
    }

    #[test]
    fn every_name_that_is_offered_can_be_shown() {
        for name in names() {
            assert_ne!(Stage::read(&name).unwrap(), Stage::default(), "{name}");
        }
    }

    #[test]
    fn later_steps_change_only_what_they_name() {
        let first = Stage::read("lab, weights, no curves").unwrap();
        let both = first.with(Stage::read("network").unwrap());
        assert_eq!(both, Stage::read("lab, network, no curves").unwrap());
    }

    #[test]
    fn an_unknown_place_is_named_with_those_that_there_are() {
        let problem = Stage::read("learn, kitchen").unwrap_err().to_string();
        assert!(
            problem.starts_with("“kitchen” cannot be shown: use draw, "),
            "{problem}"
        );
        assert!(problem.contains("small worlds"), "{problem}");
    }
}
