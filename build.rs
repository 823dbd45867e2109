//! Puts the bundled models into the program as safetensors, a third of the size of their JSON and read in a moment, and
//! the gate as gzip.

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::{env, fs};

/// Names of the models inside the program, the default first: `models/NAME.json`.
const BUNDLED: [&str; 2] = ["default", "textbook"];

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::var("OUT_DIR")?;
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let gate = Path::new(&root).join("assets/gate.json");
    println!("cargo::rerun-if-changed={}", gate.display());
    let zipped = fs::File::create(Path::new(&out).join("gate.json.gz"))?;
    let mut zip = GzEncoder::new(zipped, Compression::best());
    zip.write_all(&fs::read(&gate)?)?;
    zip.finish()?;

    let models = Path::new(&root).join("models");
    let mut list = String::new();
    for name in BUNDLED {
        let json = models.join(format!("{name}.json"));
        println!("cargo::rerun-if-changed={}", json.display());
        let model = serde_json::from_slice(&fs::read(&json)?)?;
        let file = Path::new(&out).join(format!("{name}.safetensors"));
        fs::write(&file, safetensors(model)?)?;
        list += &format!("({name:?}, include_bytes!({file:?})),\n");
    }
    fs::write(Path::new(&out).join("bundled.rs"), format!("&[\n{list}]\n"))?;
    Ok(())
}

/// As `model_file` writes it: the numbers as tensors, everything else as the text of the metadata "inkgrad".
fn safetensors(mut model: Value) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut header = json!({});
    let mut data = Vec::new();
    let layers = model["layers"].as_array_mut().ok_or("no layers")?;
    for (index, layer) in layers.iter_mut().enumerate() {
        let layer = layer.as_object_mut().ok_or("a layer is no object")?;
        let weights = layer.remove("weights").ok_or("no weights")?;
        let biases = layer.remove("biases").ok_or("no biases")?;
        for (part, values) in [("weight", &weights), ("bias", &biases)] {
            let start = data.len();
            let shape = append(values, &mut data)?;
            header[format!("layers.{index}.{part}")] =
                json!({"dtype": "F32", "shape": shape, "data_offsets": [start, data.len()]});
        }
    }
    header["__metadata__"] = json!({"inkgrad": model.to_string()});
    let header = header.to_string();
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend(data);
    Ok(file)
}

/// Appends a number, or the numbers of a list of lists, and tells the sizes of the lists.
fn append(value: &Value, data: &mut Vec<u8>) -> Result<Vec<usize>, Box<dyn Error>> {
    if let Some(number) = value.as_f64() {
        data.extend((number as f32).to_le_bytes());
        return Ok(Vec::new());
    }
    let list = value.as_array().ok_or("neither a number nor a list")?;
    let mut inner = Vec::new();
    for element in list {
        inner = append(element, data)?;
    }
    inner.insert(0, list.len());
    Ok(inner)
}
