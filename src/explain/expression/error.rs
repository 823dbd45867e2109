use super::LONGEST;
use thiserror::Error;

/// Why a text is no expression. Places are characters, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExpressionError {
    #[error("Nothing stands here yet: type an expression, for example (x + y)·z")]
    Empty,
    #[error("This expression has {length} characters; no more than {LONGEST} can be drawn")]
    TooLong { length: usize },
    #[error(
        "Character {at}: ‘{sign}’ is not known here. Known are numbers, names, + − · ÷ ^ ( ) and the functions {FUNCTIONS}"
    )]
    UnknownSign { sign: char, at: usize },
    #[error("Character {at}: ‘{text}’ is no number")]
    NotANumber { text: String, at: usize },
    #[error(
        "Character {at}: there is no function ‘{name}’ here. Known are {FUNCTIONS}; to multiply by a number called {name}, write {name}·( … )"
    )]
    UnknownFunction { name: String, at: usize },
    #[error("Character {at}: ‘{name}’ needs what it is taken of in parentheses: {name}( … )")]
    ArgumentMissing { name: String, at: usize },
    #[error("Character {at}: a number, a name or ‘(’ should stand here instead of ‘{found}’")]
    ValueExpected { found: String, at: usize },
    #[error("Character {at}: the expression ends where a number, a name or ‘(’ should follow")]
    ValueMissing { at: usize },
    #[error("Character {at}: an operation (+ − · ÷ ^) is missing before ‘{found}’")]
    OperationMissing { found: String, at: usize },
    #[error("Character {at}: this ‘(’ is never closed")]
    NotClosed { at: usize },
    #[error("Character {at}: this ‘)’ closes nothing")]
    ClosesNothing { at: usize },
}

const FUNCTIONS: &str = "exp, log (or ln), sigmoid (or σ), tanh, relu";

impl ExpressionError {
    /// The character that it is about, from 1; `None` when it is about the whole text.
    pub fn place(&self) -> Option<usize> {
        match self {
            Self::Empty | Self::TooLong { .. } => None,
            Self::UnknownSign { at, .. }
            | Self::NotANumber { at, .. }
            | Self::UnknownFunction { at, .. }
            | Self::ArgumentMissing { at, .. }
            | Self::ValueExpected { at, .. }
            | Self::ValueMissing { at }
            | Self::OperationMissing { at, .. }
            | Self::NotClosed { at }
            | Self::ClosesNothing { at } => Some(*at),
        }
    }
}
