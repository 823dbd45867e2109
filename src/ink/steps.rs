/// A step of the normalisation. Each can be left out, to see what it does to the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Pictures: the brightest ink becomes full ink.
    Brightness,
    /// The ink fills 20×20 cells; without it the whole pad or picture is shrunk to 28×28.
    Fit,
    /// Lines get the width that MNIST's have.
    Thickness,
    /// The centre of mass goes where MNIST has it.
    Centre,
}

/// Which steps of the normalisation are done. Data sets and `predict` do all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps([bool; Step::COUNT]);

impl Step {
    const COUNT: usize = 4;
}

impl Steps {
    pub const ALL: Self = Self([true; Step::COUNT]);

    /// What most programs do: a drawing shrunk with its whole canvas to 28×28.
    pub const NONE: Self = Self([false; Step::COUNT]);

    /// Whether `step` is done.
    pub fn has(self, step: Step) -> bool {
        self.0[step as usize]
    }

    /// The same with `step` done or left out.
    pub fn with(mut self, step: Step, done: bool) -> Self {
        self.0[step as usize] = done;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step_is_left_out_without_the_others() {
        let steps = Steps::ALL.with(Step::Fit, false);
        assert!(!steps.has(Step::Fit));
        for other in [Step::Brightness, Step::Thickness, Step::Centre] {
            assert!(steps.has(other) && !Steps::NONE.has(other));
        }
        assert_eq!(steps.with(Step::Fit, true), Steps::ALL);
    }
}
