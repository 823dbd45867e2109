use crate::explain::{Graph, Operation};

/// Where a node stands: columns from the variables to the result, rows from above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    pub column: usize,
    pub row: f32,
}

/// The place of every node. Variables stand in the first column in the order of their first use, an operation stands
/// one column behind the last of its inputs, and a constant just before the operation that takes it.
pub fn lay_out(graph: &Graph) -> Vec<Spot> {
    let columns = columns(graph);
    let mut leaves = 0.0;
    let mut spots: Vec<Spot> = Vec::with_capacity(columns.len());
    for (node, &column) in graph.nodes().iter().zip(&columns) {
        let row = if node.operation.is_leaf() {
            leaves += 1.0;
            leaves - 1.0
        } else {
            let rows: f32 = node.inputs.iter().map(|&input| spots[input].row).sum();
            rows / node.inputs.len() as f32
        };
        spots.push(Spot { column, row });
    }
    let last = columns.iter().copied().max().unwrap_or_default();
    for column in 1..=last {
        keep_apart(&mut spots, column);
    }
    spots
}

fn columns(graph: &Graph) -> Vec<usize> {
    let nodes = graph.nodes();
    let mut columns: Vec<usize> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let behind = node.inputs.iter().map(|&input| columns[input] + 1);
        columns.push(behind.max().unwrap_or(0));
    }
    for (index, node) in nodes.iter().enumerate() {
        if matches!(node.operation, Operation::Constant(_)) {
            let mut users = nodes.iter().zip(&columns);
            let user = users.find(|(user, _)| user.inputs.contains(&index));
            let column = user.map_or(0, |(_, &column)| column.saturating_sub(1));
            columns[index] = column;
        }
    }
    columns
}

/// Moves the nodes of a column down until none lies on another, which shared variables can lead to.
fn keep_apart(spots: &mut [Spot], column: usize) {
    let mut within: Vec<usize> = (0..spots.len())
        .filter(|&index| spots[index].column == column)
        .collect();
    within.sort_by(|&i, &j| spots[i].row.total_cmp(&spots[j].row));
    for pair in within.windows(2) {
        let least = spots[pair[0]].row + 1.0;
        spots[pair[1]].row = spots[pair[1]].row.max(least);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::parse_expression;

    fn spots(text: &str) -> Vec<Spot> {
        lay_out(&parse_expression(text).unwrap())
    }

    #[test]
    fn the_graph_of_the_texts_goes_from_left_to_right() {
        // x, y, x + y, z and the product.
        let spots = spots("(x + y)·z");
        let columns: Vec<usize> = spots.iter().map(|spot| spot.column).collect();
        assert_eq!(columns, [0, 0, 1, 0, 2]);
        let rows: Vec<f32> = spots.iter().map(|spot| spot.row).collect();
        assert_eq!(rows, [0.0, 1.0, 0.5, 2.0, 1.25]);
    }

    #[test]
    fn a_constant_stands_just_before_its_operation() {
        // x, y, x + y, 2 and the power.
        assert_eq!(spots("(x + y)^2")[3].column, 1);
    }

    #[test]
    fn no_two_nodes_lie_on_each_other() {
        for text in [
            "x·y + x ÷ y − x^y",
            "exp(x) + exp(x) + exp(x)·exp(x)",
            "((a + b)·(b + c) + (a − c)²)·log(a·b·c)",
        ] {
            let spots = spots(text);
            for (index, spot) in spots.iter().enumerate() {
                for other in &spots[..index] {
                    let beside = spot.column != other.column;
                    assert!(beside || (spot.row - other.row).abs() >= 1.0, "{text}");
                }
            }
        }
    }
}
