use super::Stop;
use crate::model_file::{Model, bundled_model, bundled_names, found_models, open_model};
use std::io::{self, Write};

/// Lists every model that has a name: name, layers, accuracy and where it lies.
pub(super) fn models() -> Result<(), Stop> {
    let mut lines = Vec::new();
    for name in bundled_names() {
        let place = "comes with Inkgrad".to_owned();
        lines.push(line(name, bundled_model(name).as_ref(), place));
    }
    for found in found_models() {
        let bytes = std::fs::metadata(&found.path).map_or(0, |file| file.len());
        let place = format!("{}, {}", found.path.display(), size(bytes));
        lines.push(match open_model(&found.path) {
            Ok(model) => line(&found.name, Some(&model), place),
            Err(error) => [found.name, String::new(), String::new(), error.to_string()],
        });
    }
    let titles = ["name", "layers", "test accuracy", "where"].map(str::to_owned);
    lines.insert(0, titles);

    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
    let widths = [0, 1, 2].map(|column| width(column).unwrap_or(0));
    let mut out = io::stdout().lock();
    for [name, layers, accuracy, place] in &lines {
        writeln!(
            out,
            "{name:0$}  {layers:1$}  {accuracy:2$}  {place}",
            widths[0], widths[1], widths[2]
        )?;
    }
    out.flush()?;
    Ok(())
}

fn line(name: &str, model: Option<&Model>, place: String) -> [String; 4] {
    let Some(model) = model else {
        return [
            name.to_owned(),
            String::new(),
            String::new(),
            "damaged".to_owned(),
        ];
    };
    let accuracy = match (model.record.test_accuracy, &model.record.data) {
        (Some(accuracy), data) if !data.is_empty() => format!("{:.2} %, {data}", 100.0 * accuracy),
        (Some(accuracy), _) => format!("{:.2} %", 100.0 * accuracy),
        (None, _) => "not told".to_owned(),
    };
    [
        name.to_owned(),
        model.network.architecture().to_string(),
        accuracy,
        place,
    ]
}

/// "5.1 MB"
fn size(bytes: u64) -> String {
    match bytes {
        0..100_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
