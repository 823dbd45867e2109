use super::Lesson;

/// A lesson that comes with the program, as a menu shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LessonCard {
    /// Of its file, without `.md`.
    pub name: &'static str,
    pub title: &'static str,
    pub summary: &'static str,
}

/// Names and texts of the lessons inside the program, in the order in which they are learned.
const BUNDLED: [(&str, &str); 9] = [
    (
        "what-a-network-computes",
        include_str!("../../../assets/lessons/what-a-network-computes.md"),
    ),
    ("cost", include_str!("../../../assets/lessons/cost.md")),
    (
        "which-way-is-down",
        include_str!("../../../assets/lessons/which-way-is-down.md"),
    ),
    (
        "one-step-back",
        include_str!("../../../assets/lessons/one-step-back.md"),
    ),
    (
        "the-chain-rule",
        include_str!("../../../assets/lessons/the-chain-rule.md"),
    ),
    ("shapes", include_str!("../../../assets/lessons/shapes.md")),
    (
        "averaging-nudges",
        include_str!("../../../assets/lessons/averaging-nudges.md"),
    ),
    (
        "the-walk",
        include_str!("../../../assets/lessons/the-walk.md"),
    ),
    (
        "when-learning-fails",
        include_str!("../../../assets/lessons/when-learning-fails.md"),
    ),
];

/// All lessons inside the program, in their order.
pub fn bundled_lessons() -> impl Iterator<Item = LessonCard> {
    BUNDLED.iter().map(|(name, text)| card(name, text))
}

/// A lesson that comes with the program; `None` for another name.
pub fn bundled_lesson(name: &str) -> Option<Lesson> {
    let (_, text) = BUNDLED.iter().find(|(bundled, _)| *bundled == name)?;
    Lesson::read(text).ok()
}

/// The first two lines that say something are the title and the summary.
fn card(name: &'static str, text: &'static str) -> LessonCard {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let title = lines.next().unwrap_or(name);
    LessonCard {
        name,
        title: title.strip_prefix("# ").unwrap_or(title),
        summary: lines.next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_bundled_lesson_is_whole() {
        for (name, text) in BUNDLED {
            let lesson = Lesson::read(text).unwrap_or_else(|error| panic!("{name}.md, {error}"));
            let card = card(name, text);
            assert_eq!(
                (card.title, card.summary),
                (&*lesson.title, &*lesson.summary)
            );
        }
    }

    #[test]
    fn every_lesson_in_the_folder_is_in_the_program() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/lessons");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let is_lesson = name != "README";
            let is_bundled = BUNDLED.iter().any(|(bundled, _)| *bundled == name);
            assert_eq!(is_bundled, is_lesson, "{name}");
        }
    }

    #[test]
    fn another_name_is_no_bundled_lesson() {
        assert!(bundled_lesson("cooking").is_none());
    }
}
