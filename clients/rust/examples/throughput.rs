//! The client beside bare tonic, on the same host, in turns: ratios, not seconds.
//!
//!     cargo run --release --example throughput -- HOST:PORT [MEBIBYTES] [ROUNDS]
//!
//! Bare: the generated stubs, 1 MiB chunks, SHA-256 in the same loop, tonic's own settings.

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;
use std::{env, fmt::Write as _};

use bytes::Bytes;
use futures_util::stream;
use sha2::{Digest, Sha256};
use tonic::transport::{Channel, Endpoint};
use voxhost::v1::volume_service_client::VolumeServiceClient;
use voxhost::v1::{self, read_volume_response, write_volume_request};
use voxhost::{Host, Image};

type Failure = Box<dyn Error>;

const MEBIBYTE: usize = 1 << 20;

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let number = |at: usize, otherwise| words.get(at).map_or(Ok(otherwise), |word| word.parse::<usize>());
    let (Some(address), Ok(mebibytes @ 1..), Ok(rounds @ 1..)) = (words.first(), number(1, 1024), number(2, 5)) else {
        eprintln!("Usage: throughput HOST:PORT [MEBIBYTES] [ROUNDS]");
        return ExitCode::from(2);
    };
    match measure(address, mebibytes, rounds).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Seconds of each way, of one of the two that are compared.
#[derive(Default)]
struct Times {
    up: Vec<f64>,
    down: Vec<f64>,
}

async fn measure(address: &str, mebibytes: usize, rounds: usize) -> Result<(), Failure> {
    let host = voxhost::connect(address).await?;
    let channel = Endpoint::from_shared(format!("http://{address}"))?.connect().await?;
    let bare = VolumeServiceClient::new(channel).max_decoding_message_size(16 * MEBIBYTE);
    let mut voxels: Vec<u8> = (0..mebibytes * MEBIBYTE).map(|at| (at * 31 ^ at >> 7) as u8).collect();
    let (mut ours, mut theirs) = (Times::default(), Times::default());
    // The first round warms both up.
    for round in 0..=rounds {
        for turn in 0..2 {
            let is_ours = (round + turn) % 2 == 0;
            (voxels[0], voxels[1]) = (round as u8, turn as u8); // What the host has not.
            let image = Image::new(header(mebibytes), voxels);
            let start = Instant::now();
            let name = if is_ours { host.upload(&image).await?.name } else { upload(bare.clone(), &image).await? };
            let up = start.elapsed().as_secs_f64();
            let start = Instant::now();
            let back = if is_ours { download_ours(&host, &name).await? } else { download(bare.clone(), &name).await? };
            let down = start.elapsed().as_secs_f64();
            // Each upload meets a host that has nothing.
            bare.clone().delete_volume(v1::DeleteVolumeRequest { name }).await?;
            if back.len() != image.voxels.len() {
                return Err("other voxels came back".into());
            }
            voxels = image.voxels.into();
            if round > 0 {
                let times = if is_ours { &mut ours } else { &mut theirs };
                times.up.push(up);
                times.down.push(down);
            }
        }
    }
    let [up, bare_up] = [&ours.up, &theirs.up].map(|times| median(times));
    let [down, bare_down] = [&ours.down, &theirs.down].map(|times| median(times));
    let speed = |seconds: f64| mebibytes as f64 / seconds;
    eprintln!(
        "up {:.0} MiB/s beside {:.0}, down {:.0} beside {:.0}",
        speed(up),
        speed(bare_up),
        speed(down),
        speed(bare_down)
    );
    println!("{{\"up\": {:.2}, \"down\": {:.2}}}", bare_up / up, bare_down / down);
    Ok(())
}

fn header(mebibytes: usize) -> v1::VolumeHeader {
    v1::VolumeHeader {
        sizes: vec![1024, 1024, mebibytes as i64],
        component_type: v1::ComponentType::Uint8.into(),
        index_to_world_lps: vec![1., 0., 0., 0., 0., 1., 0., 0., 0., 0., 1., 0.],
        ..Default::default()
    }
}

async fn download_ours(host: &Host, name: &str) -> Result<Bytes, Failure> {
    Ok(host.download(name).await?.voxels)
}

/// One WriteVolume.
async fn upload(mut bare: VolumeServiceClient<Channel>, image: &Image) -> Result<String, Failure> {
    use write_volume_request::Message;
    let header = Message::Header(v1::WriteHeader { header: Some(image.header.clone()), ..Default::default() });
    let voxels = image.voxels.clone();
    let mut hash = Sha256::new();
    let mut at = 0;
    let mut is_finished = false;
    let rest = std::iter::from_fn(move || {
        if at < voxels.len() {
            let data = voxels.slice(at..voxels.len().min(at + MEBIBYTE));
            hash.update(&data);
            let chunk = v1::VolumeChunk { offset_bytes: at as i64, data, ..Default::default() };
            at += MEBIBYTE;
            return Some(Message::Chunk(chunk));
        }
        (!std::mem::replace(&mut is_finished, true)).then(|| {
            let sha256 = hexadecimal(&hash.finalize_reset());
            Message::Finish(v1::WriteFinish { size_bytes: voxels.len() as i64, sha256 })
        })
    });
    let messages = std::iter::once(header).chain(rest);
    let requests = messages.map(|message| v1::WriteVolumeRequest { message: Some(message) });
    let answer = bare.write_volume(stream::iter(requests)).await?.into_inner();
    Ok(answer.volume.ok_or("no volume")?.name)
}

/// One ReadVolume, compared by its digest.
async fn download(mut bare: VolumeServiceClient<Channel>, name: &str) -> Result<Bytes, Failure> {
    use read_volume_response::Message;
    let request = v1::ReadVolumeRequest { name: name.into(), ..Default::default() };
    let mut messages = bare.read_volume(request).await?.into_inner();
    let (mut voxels, mut hash, mut expected) = (Vec::new(), Sha256::new(), String::new());
    while let Some(one) = messages.message().await? {
        match one.message {
            Some(Message::Volume(volume)) => {
                voxels.reserve_exact(usize::try_from(volume.size_bytes)?);
                expected = volume.sha256;
            }
            Some(Message::Chunk(chunk)) => {
                hash.update(&chunk.data);
                voxels.extend_from_slice(&chunk.data);
            }
            None => {}
        }
    }
    if hexadecimal(&hash.finalize()) != expected {
        return Err("bare: other voxels came back".into());
    }
    Ok(voxels.into())
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
