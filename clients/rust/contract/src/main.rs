//! Holds one conversation of test/contract: reads it as JSON from standard input, prints how it ended as one JSON line.

mod messages;

use std::time::Duration;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use voxhost::v1::run_event::Event;
use voxhost::{CancellationToken, Code, Error, Host, Image, Progress};

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let task: Value = serde_json::from_reader(std::io::stdin())?;
    let ending = match hold(&task).await {
        Ok(digest) => json!({"outcome": "succeeded", "digest": digest}),
        Err(failure) => match failure.downcast::<Error>() {
            Ok(error) => json!({
                "outcome": "failed",
                "class": class_name(error.code()),
                "reason": error.reason(),
                "message": error.message(),
            }),
            Err(other) => return Err(other),
        },
    };
    println!("{ending}");
    Ok(())
}

/// How a conversation succeeded: a digest. A [`voxhost::Error`] as it failed.
async fn hold(task: &Value) -> Result<String, Failure> {
    if task["do"] == "messages" {
        return messages::compare(text(&task["messages"])?);
    }
    let connecting = voxhost::connect(text(&task["address"])?).timeout(Duration::from_secs(60));
    let host = connecting.token(task["token"].as_str().unwrap_or_default()).await?;
    match text(&task["do"])? {
        "list" => {
            let names: Vec<_> = host.workflows().await?.into_iter().map(|workflow| workflow.name).collect();
            Ok(sha256(names.join("\n").as_bytes()))
        }
        "transfer" => {
            let volume = host.upload(&read_image(task)?).await?;
            Ok(sha256(&host.download(volume.name).await?.voxels))
        }
        "run" => run(&host, task).await,
        other => Err(format!("unknown: {other}").into()),
    }
}

async fn run(host: &Host, task: &Value) -> Result<String, Failure> {
    let token = CancellationToken::new();
    let mut new = host.run(text(&task["workflow"])?).input("image", read_image(task)?).cancel_on(&token);
    for (name, value) in task["parameters"].as_object().unwrap_or(&Map::new()) {
        new = new.parameter(name, value.as_f64().ok_or("parameters are numbers")?);
    }
    let mut running = new.start();
    while let Some(progress) = running.next().await {
        if let Progress::Event(event) = progress
            && let Some(Event::Progress(at)) = event.event
            && task["cancelAt"] == *at.stage
        {
            token.cancel();
        }
    }
    let ended = running.await?;
    let output = ended.outputs.first().ok_or("no output")?;
    Ok(sha256(&host.download(ended.volume(&output.name)?).await?.voxels))
}

fn read_image(task: &Value) -> Result<Image, Failure> {
    let image = &task["image"];
    let voxels = std::fs::read(text(&image["voxels"])?)?;
    Ok(Image::new(messages::header_from_json(&image["header"])?, voxels))
}

fn text(value: &Value) -> Result<&str, Failure> {
    value.as_str().ok_or_else(|| format!("{value} is no text").into())
}

fn sha256(data: &[u8]) -> String {
    Sha256::digest(data).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A code as the protocol writes it: NOT_FOUND for `NotFound`.
fn class_name(code: Code) -> String {
    let mut name = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}
