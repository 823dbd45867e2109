use egui::Response;

/// Gives a widget the name that a screen reader says, where its label stands beside it.
pub fn name(widget: &Response, label: &str) {
    let label = label.to_owned();
    widget
        .ctx
        .accesskit_node_builder(widget.id, |node| node.set_label(label));
}
