mod arithmetic;
mod evaluation;
mod undefined;

pub use evaluation::{BackwardStep, Evaluation, EvaluationError, Sent};
pub use undefined::Undefined;

/// An expression as the operations that compute it: each node comes after the nodes that it takes its values from,
/// and the last one is the result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    nodes: Vec<Node>,
}

/// One operation, and the nodes whose values it takes, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub operation: Operation,
    pub inputs: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    Variable(String),
    Constant(f64),
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Negate,
    Function(Function),
}

/// A function of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Exp,
    /// The natural logarithm.
    Log,
    /// `1 / (1 + e^−x)`
    Sigmoid,
    Tanh,
    /// `x` above 0, else 0; its slope at 0 is taken as 0, as everywhere in this program.
    Relu,
}

impl Graph {
    /// In order: no node takes a value from one that comes later. The last one is the result.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The names of the variables in the order in which they are first used, with their nodes.
    pub fn variables(&self) -> impl Iterator<Item = (usize, &str)> {
        let nodes = self.nodes.iter().enumerate();
        nodes.filter_map(|(index, node)| match &node.operation {
            Operation::Variable(name) => Some((index, name.as_str())),
            _ => None,
        })
    }

    /// Whether the value of each node depends on any variable.
    fn depends_on_variables(&self) -> Vec<bool> {
        let mut depends = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let is_variable = matches!(node.operation, Operation::Variable(_));
            depends.push(is_variable || node.inputs.iter().any(|&input| depends[input]));
        }
        depends
    }
}

/// A graph that is being made, from its leaves to its result.
#[derive(Debug, Default)]
pub(super) struct GraphBuilder {
    nodes: Vec<Node>,
}

impl GraphBuilder {
    /// The node of this variable: the same one wherever the name is used.
    pub fn variable(&mut self, name: &str) -> usize {
        let named = |node: &Node| matches!(&node.operation, Operation::Variable(n) if n == name);
        match self.nodes.iter().position(named) {
            Some(index) => index,
            None => self.operation(Operation::Variable(name.to_owned()), Vec::new()),
        }
    }

    pub fn constant(&mut self, value: f64) -> usize {
        self.operation(Operation::Constant(value), Vec::new())
    }

    /// `−value`; a constant just takes the other sign.
    pub fn negated(&mut self, value: usize) -> usize {
        if let Operation::Constant(number) = &mut self.nodes[value].operation {
            // Not −number: that would make a −0 of a 0.
            *number = 0.0 - *number;
            return value;
        }
        self.operation(Operation::Negate, vec![value])
    }

    pub fn operation(&mut self, operation: Operation, inputs: Vec<usize>) -> usize {
        self.nodes.push(Node { operation, inputs });
        self.nodes.len() - 1
    }

    /// The graph; its result is the node that was made last.
    pub fn finish(self) -> Graph {
        Graph { nodes: self.nodes }
    }
}

impl Operation {
    /// The sign in the middle of its node: "+", "σ", or the name or number of a leaf.
    pub fn sign(&self) -> String {
        match self {
            Self::Variable(name) => name.clone(),
            Self::Constant(value) => plain(*value),
            Self::Add => "+".into(),
            Self::Subtract => "−".into(),
            Self::Multiply => "×".into(),
            Self::Divide => "÷".into(),
            Self::Power => "^".into(),
            Self::Negate => "±".into(),
            Self::Function(function) => function.name().into(),
        }
    }

    /// Whether it stands at the beginning of the graph, without inputs.
    pub fn is_leaf(&self) -> bool {
        matches!(self, Self::Variable(_) | Self::Constant(_))
    }

    /// It written out with its operands: "x + y", "σ(z)".
    pub fn of(&self, operands: &[String]) -> String {
        match (self, operands) {
            (Self::Add, [a, b]) => format!("{a} + {b}"),
            (Self::Subtract, [a, b]) => format!("{a} − {b}"),
            (Self::Multiply, [a, b]) => format!("{a} · {b}"),
            (Self::Divide, [a, b]) => format!("{a} ÷ {b}"),
            (Self::Power, [a, b]) => format!("{a} ^ {b}"),
            (Self::Negate, [a]) => format!("−({a})"),
            (Self::Function(function), [a]) => format!("{}({a})", function.name()),
            _ => self.sign(),
        }
    }
}

impl Function {
    pub const ALL: [Self; 5] = [Self::Exp, Self::Log, Self::Sigmoid, Self::Tanh, Self::Relu];

    pub fn name(self) -> &'static str {
        match self {
            Self::Exp => "exp",
            Self::Log => "log",
            Self::Sigmoid => "σ",
            Self::Tanh => "tanh",
            Self::Relu => "relu",
        }
    }
}

/// A number in a sentence, with a true minus sign.
fn plain(value: f64) -> String {
    value.to_string().replace('-', "−")
}
