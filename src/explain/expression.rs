mod error;
mod token;

pub use error::ExpressionError;

use super::graph::{Function, Graph, GraphBuilder, Operation};
use token::{Token, TokenKind, tokens};

/// The graph of an expression of `+ − · ÷ ^`, parentheses, numbers, names, and the functions exp, log, ln, sigmoid,
/// σ, tanh and relu. Powers bind strongest and from the right, so `−x^2` is `−(x^2)`; what stands side by side, as
/// in `2x` and `w₀x₀`, is multiplied.
pub fn parse_expression(text: &str) -> Result<Graph, ExpressionError> {
    let length = text.chars().count();
    if length > LONGEST {
        return Err(ExpressionError::TooLong { length });
    }
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Err(ExpressionError::Empty);
    }
    let mut parser = Parser {
        tokens,
        next: 0,
        end: length + 1,
        graph: GraphBuilder::default(),
    };
    parser.sum()?;
    match parser.peek() {
        None => Ok(parser.graph.finish()),
        Some(token) if token.kind == TokenKind::Close => {
            Err(ExpressionError::ClosesNothing { at: token.at })
        }
        Some(token) => Err(ExpressionError::OperationMissing {
            found: token.text.clone(),
            at: token.at,
        }),
    }
}

/// In characters. It also keeps the nesting within what the stack holds.
pub(super) const LONGEST: usize = 200;

/// Recursive descent: one method a level of binding, each returns the node of what it has read.
struct Parser {
    tokens: Vec<Token>,
    next: usize,
    /// The place just behind the text, from 1.
    end: usize,
    graph: GraphBuilder,
}

impl Parser {
    fn sum(&mut self) -> Result<usize, ExpressionError> {
        let mut left = self.product()?;
        loop {
            let operation = match self.peek_kind() {
                Some(TokenKind::Plus) => Operation::Add,
                Some(TokenKind::Minus) => Operation::Subtract,
                _ => return Ok(left),
            };
            self.next += 1;
            let right = self.product()?;
            left = self.graph.operation(operation, vec![left, right]);
        }
    }

    fn product(&mut self) -> Result<usize, ExpressionError> {
        let mut left = self.signed()?;
        loop {
            let operation = match self.peek_kind() {
                Some(TokenKind::Times) => Operation::Multiply,
                Some(TokenKind::Divide) => Operation::Divide,
                // Side by side: the sign is left out, so there is none to step over.
                Some(TokenKind::Name | TokenKind::Open) => {
                    let right = self.power()?;
                    left = self.graph.operation(Operation::Multiply, vec![left, right]);
                    continue;
                }
                _ => return Ok(left),
            };
            self.next += 1;
            let right = self.signed()?;
            left = self.graph.operation(operation, vec![left, right]);
        }
    }

    fn signed(&mut self) -> Result<usize, ExpressionError> {
        match self.peek_kind() {
            Some(TokenKind::Minus) => {
                self.next += 1;
                let value = self.signed()?;
                Ok(self.graph.negated(value))
            }
            Some(TokenKind::Plus) => {
                self.next += 1;
                self.signed()
            }
            _ => self.power(),
        }
    }

    fn power(&mut self) -> Result<usize, ExpressionError> {
        let base = self.value()?;
        if self.peek_kind() != Some(TokenKind::Power) {
            return Ok(base);
        }
        self.next += 1;
        let exponent = self.signed()?;
        Ok(self.graph.operation(Operation::Power, vec![base, exponent]))
    }

    fn value(&mut self) -> Result<usize, ExpressionError> {
        let Some(token) = self.peek().cloned() else {
            return Err(ExpressionError::ValueMissing { at: self.end });
        };
        self.next += 1;
        match token.kind {
            TokenKind::Number(value) => Ok(self.graph.constant(value)),
            TokenKind::Open => self.closed(token.at),
            TokenKind::Name => self.named(&token),
            _ => Err(ExpressionError::ValueExpected {
                found: token.text,
                at: token.at,
            }),
        }
    }

    /// A variable, or a function with its argument.
    fn named(&mut self, name: &Token) -> Result<usize, ExpressionError> {
        let opened = self.peek().filter(|token| token.kind == TokenKind::Open);
        let opened_at = opened.map(|token| token.at);
        match (function(&name.text), opened_at) {
            (Some(function), Some(at)) => {
                self.next += 1;
                let argument = self.closed(at)?;
                let operation = Operation::Function(function);
                Ok(self.graph.operation(operation, vec![argument]))
            }
            (Some(_), None) => Err(ExpressionError::ArgumentMissing {
                name: name.text.clone(),
                at: name.at,
            }),
            (None, Some(_)) => Err(ExpressionError::UnknownFunction {
                name: name.text.clone(),
                at: name.at,
            }),
            (None, None) => Ok(self.graph.variable(&name.text)),
        }
    }

    /// What stands between a parenthesis that was opened and its closing one.
    fn closed(&mut self, opened_at: usize) -> Result<usize, ExpressionError> {
        let inside = self.sum()?;
        match self.peek() {
            Some(token) if token.kind == TokenKind::Close => {
                self.next += 1;
                Ok(inside)
            }
            Some(token) => Err(ExpressionError::OperationMissing {
                found: token.text.clone(),
                at: token.at,
            }),
            None => Err(ExpressionError::NotClosed { at: opened_at }),
        }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn peek_kind(&self) -> Option<TokenKind> {
        self.peek().map(|token| token.kind)
    }
}

fn function(name: &str) -> Option<Function> {
    match name.to_lowercase().as_str() {
        "exp" => Some(Function::Exp),
        "log" | "ln" => Some(Function::Log),
        "sigmoid" | "σ" => Some(Function::Sigmoid),
        "tanh" => Some(Function::Tanh),
        "relu" => Some(Function::Relu),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// The value with x = 2, y = 3 and z = 5.
    fn value(text: &str) -> f64 {
        let numbers = [("x", 2.0), ("y", 3.0), ("z", 5.0)];
        let numbers: BTreeMap<_, _> = numbers.map(|(name, v)| (name.to_owned(), v)).into();
        let graph = parse_expression(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        graph.evaluate(&numbers).unwrap().result()
    }

    #[test]
    fn operations_bind_as_at_school() {
        for (text, expected) in [
            ("x + y·z", 17.0),
            ("(x + y)·z", 25.0),
            ("x − y − z", -6.0),
            ("60 ÷ x ÷ y", 10.0),
            ("60/x*y", 90.0),
            ("2^3^x", 512.0),
            ("-x^2", -4.0),
            ("(−x)²", 4.0),
            ("x^-1", 0.5),
            ("x⁻¹", 0.5),
            ("--x", 2.0),
            ("+x - -y", 5.0),
            ("2x", 4.0),
            ("2x^2", 8.0),
            ("(x)(y)", 6.0),
            ("1.5e1x", 30.0),
            ("((((x))))", 2.0),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn functions_have_their_textbook_values() {
        for (text, expected) in [
            ("exp(0)", 1.0),
            ("log(exp(x))", 2.0),
            ("ln(exp(y))", 3.0),
            ("sigmoid(0)", 0.5),
            ("σ(ln(3))", 0.75),
            ("tanh(ln(2))", 0.6),
            ("relu(x)", 2.0),
            ("ReLU(−x)", 0.0),
        ] {
            let value = value(text);
            assert!((value - expected).abs() < 1e-15, "{text} = {value}");
        }
    }

    #[test]
    fn a_variable_that_is_used_twice_is_one_node() {
        let graph = parse_expression("x·x + x").unwrap();
        assert_eq!(graph.nodes().len(), 3);
        let names: Vec<_> = graph.variables().collect();
        assert_eq!(names, [(0, "x")]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_and_what_is_known() {
        for (text, place, said) in [
            ("", None, "type an expression"),
            ("   ", None, "type an expression"),
            ("x + $", Some(5), "‘$’ is not known here. Known are numbers"),
            ("0,5·x", Some(2), "‘,’ is not known"),
            ("x + 1.2.3", Some(5), "‘1.2.3’ is no number"),
            (
                "x·sin(y)",
                Some(3),
                "no function ‘sin’ here. Known are exp, log",
            ),
            ("y(z)", Some(1), "write y·( … )"),
            ("2 + exp", Some(5), "exp( … )"),
            ("exp x", Some(1), "exp( … )"),
            ("x + ", Some(5), "ends where a number, a name"),
            ("x + ÷ y", Some(5), "instead of ‘÷’"),
            ("x**y", Some(3), "instead of ‘*’"),
            ("()", Some(2), "instead of ‘)’"),
            ("x 2", Some(3), "(+ − · ÷ ^) is missing before ‘2’"),
            ("(x 2)", Some(4), "is missing before ‘2’"),
            ("(x + y", Some(1), "‘(’ is never closed"),
            ("x + y)·z", Some(6), "closes nothing"),
        ] {
            let error = parse_expression(text).unwrap_err();
            assert_eq!(error.place(), place, "{text}");
            assert!(error.to_string().contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn a_very_long_or_deeply_nested_text_is_refused_or_read() {
        let error = parse_expression(&"x+".repeat(101)).unwrap_err();
        assert_eq!(error, ExpressionError::TooLong { length: 202 });
        let deep = format!("{}x{}", "(".repeat(99), ")".repeat(99));
        assert!(parse_expression(&deep).is_ok());
        assert!(parse_expression(&"-".repeat(200)).is_err());
        assert!(parse_expression(&"(".repeat(200)).is_err());
    }
}
