//! Lists a host's workflows, sends a volume, runs a workflow on it with progress and writes the mask.
//!
//!     cargo run --example extract -- 127.0.0.1:50151 brain_extraction_deepbet head-mri mask
//!
//! reads head-mri.raw (voxels, first axis fastest, little-endian) and head-mri.json (a VolumeHeader as protobuf writes it
//! in JSON), and writes mask.raw. VOXHOST_TOKEN is the host's bearer token, if it asks for one.

use std::error::Error;
use std::process::ExitCode;
use std::{env, fs};

use serde_json::Value;
use voxhost::Image;
use voxhost::v1::{ComponentType, VolumeHeader};

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let [address, workflow, image, mask] = words.as_slice() else {
        eprintln!("Usage: extract ADDRESS WORKFLOW IMAGE MASK   (names without .raw and .json)");
        return ExitCode::from(2);
    };
    match extract(address, workflow, image, mask).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn extract(address: &str, workflow: &str, image: &str, mask: &str) -> Result<(), Box<dyn Error>> {
    let host = voxhost::connect(address).token(env::var("VOXHOST_TOKEN").unwrap_or_default()).await?;
    for one in host.workflows().await? {
        println!("{}: {}", one.name, one.title);
    }
    let image = Image::new(read_header(image)?, fs::read(format!("{image}.raw"))?);

    let mut running = host.run(workflow).input("image", image).start();
    loop {
        tokio::select! {
            progress = running.next() => match progress {
                Some(progress) => println!("{progress}"),
                None => break,
            },
            // Stops the run on the host too; it is awaited below.
            _ = tokio::signal::ctrl_c() => running.cancel(),
        }
    }
    let run = running.await?;

    let output = run.outputs.first().ok_or("the workflow gave nothing")?;
    for found in &output.segments {
        let name = found.segment.as_ref().map_or("?", |segment| &segment.name);
        println!("{name}: {:.1} mL", found.volume_ml);
    }
    fs::write(format!("{mask}.raw"), host.download(run.volume(&output.name)?).await?.voxels)?;
    Ok(())
}

/// Sizes are texts in protobuf's JSON, since they have 64 bits.
fn read_header(name: &str) -> Result<VolumeHeader, Box<dyn Error>> {
    let json: Value = serde_json::from_slice(&fs::read(format!("{name}.json"))?)?;
    let kind = json["componentType"].as_str().and_then(ComponentType::from_str_name);
    let sizes = json["sizes"].as_array().into_iter().flatten();
    let matrix = json["indexToWorldLps"].as_array().into_iter().flatten();
    Ok(VolumeHeader {
        sizes: sizes
            .map(|size| Ok(size.as_str().ok_or("sizes are texts")?.parse()?))
            .collect::<Result<_, Box<dyn Error>>>()?,
        component_type: kind.ok_or("componentType is none")?.into(),
        components: json["components"].as_i64().unwrap_or(1).try_into()?,
        index_to_world_lps: matrix.filter_map(Value::as_f64).collect(),
        modality: json["modality"].as_str().unwrap_or_default().into(),
    })
}
