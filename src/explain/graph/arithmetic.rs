//! What each operation computes, and its slopes.

use super::{Function, Node, Operation, Sent, Undefined, plain};
use std::collections::BTreeMap;

impl Node {
    /// The value of the operation, when those of the nodes before it are `values`.
    pub(super) fn value(
        &self,
        values: &[f64],
        numbers: &BTreeMap<String, f64>,
    ) -> Result<f64, Undefined> {
        let operand = |place: usize| self.operand(place, values);
        let value = match &self.operation {
            Operation::Variable(name) => *numbers
                .get(name)
                .ok_or_else(|| Undefined::NoNumber { name: name.clone() })?,
            Operation::Constant(value) => *value,
            Operation::Add => operand(0) + operand(1),
            Operation::Subtract => operand(0) - operand(1),
            Operation::Multiply => operand(0) * operand(1),
            Operation::Divide if operand(1) == 0.0 => {
                let dividend = operand(0);
                return Err(Undefined::Division { dividend });
            }
            Operation::Divide => operand(0) / operand(1),
            Operation::Power => power(operand(0), operand(1))?,
            Operation::Negate => -operand(0),
            Operation::Function(Function::Log) if operand(0) <= 0.0 => {
                return Err(Undefined::Logarithm { of: operand(0) });
            }
            Operation::Function(function) => function.value(operand(0)),
        };
        if value.is_finite() {
            // No minus before a zero.
            Ok(value + 0.0)
        } else {
            let operation = self.written(values);
            Err(Undefined::TooLarge { operation })
        }
    }

    /// `∂node/∂input` for the input at `place`, with the node's own `value`.
    fn slope(&self, place: usize, values: &[f64], value: f64) -> Result<f64, Undefined> {
        let operand = |place: usize| self.operand(place, values);
        let slope = match (&self.operation, place) {
            (Operation::Variable(_) | Operation::Constant(_), _) => 0.0,
            (Operation::Add, _) | (Operation::Subtract, 0) => 1.0,
            (Operation::Subtract | Operation::Negate, _) => -1.0,
            (Operation::Multiply, 0) => operand(1),
            (Operation::Multiply, _) => operand(0),
            (Operation::Divide, 0) => 1.0 / operand(1),
            (Operation::Divide, _) => -operand(0) / operand(1) / operand(1),
            (Operation::Power, 0) => slope_by_base(operand(0), operand(1)),
            (Operation::Power, _) => slope_by_exponent(operand(0), operand(1), value)?,
            (Operation::Function(function), _) => function.slope(operand(0), value),
        };
        if slope.is_finite() {
            Ok(slope + 0.0)
        } else {
            let operation = self.written(values);
            Err(Undefined::EndlessSlope { operation })
        }
    }

    /// Gives each input that depends on a variable its share of the derivative that the node received.
    pub(super) fn send(
        &self,
        received: f64,
        values: &[f64],
        value: f64,
        derivatives: &mut [Option<f64>],
    ) -> Result<Vec<Sent>, Undefined> {
        let mut sent = Vec::new();
        for (place, &to) in self.inputs.iter().enumerate() {
            let Some(sum) = &mut derivatives[to] else {
                continue;
            };
            let slope = self.slope(place, values, value)?;
            let share = received * slope;
            *sum += share;
            if !sum.is_finite() {
                let operation = self.written(values);
                return Err(Undefined::EndlessSlope { operation });
            }
            sent.push(Sent {
                place,
                to,
                slope,
                share,
            });
        }
        Ok(sent)
    }

    fn operand(&self, place: usize, values: &[f64]) -> f64 {
        values[self.inputs[place]]
    }

    /// The operation with its numbers: "2 ^ 3".
    fn written(&self, values: &[f64]) -> String {
        let operands: Vec<String> = self.inputs.iter().map(|&i| plain(values[i])).collect();
        self.operation.of(&operands)
    }
}

impl Function {
    fn value(self, x: f64) -> f64 {
        match self {
            Self::Exp => x.exp(),
            Self::Log => x.ln(),
            Self::Sigmoid => 1.0 / (1.0 + (-x).exp()),
            Self::Tanh => x.tanh(),
            Self::Relu if x < 0.0 => 0.0,
            Self::Relu => x,
        }
    }

    /// The slope at `x`, told from the function's `value` there where that is simpler.
    fn slope(self, x: f64, value: f64) -> f64 {
        match self {
            Self::Exp => value,
            Self::Log => 1.0 / x,
            Self::Sigmoid => value * (1.0 - value),
            Self::Tanh => 1.0 - value * value,
            Self::Relu if x > 0.0 => 1.0,
            Self::Relu => 0.0,
        }
    }
}

fn power(base: f64, exponent: f64) -> Result<f64, Undefined> {
    if base == 0.0 && exponent < 0.0 {
        return Err(Undefined::PowerOfZero { exponent });
    }
    if base < 0.0 && exponent.fract() != 0.0 {
        return Err(Undefined::PowerOfNegative { base, exponent });
    }
    Ok(base.powf(exponent))
}

/// `e·bᵉ⁻¹`, which is 0 for the exponent 0 whatever the base.
fn slope_by_base(base: f64, exponent: f64) -> f64 {
    if exponent == 0.0 {
        0.0
    } else {
        exponent * base.powf(exponent - 1.0)
    }
}

/// `bᵉ·ln b`; for the base 0 it is 0 where the power stays 0 all around.
fn slope_by_exponent(base: f64, exponent: f64, value: f64) -> Result<f64, Undefined> {
    if base > 0.0 {
        Ok(value * base.ln())
    } else if base == 0.0 && exponent > 0.0 {
        Ok(0.0)
    } else {
        Err(Undefined::SlopeByExponent { base, exponent })
    }
}
