//! Makes `src/v1.rs` of the crate from the descriptors that `make proto` keeps fresh, or with `--check` says whether the
//! committed file is what this makes. The descriptors hold the comments too, so no protoc is needed here either.

use std::error::Error;
use std::path::Path;
use std::{env, fs, process::ExitCode};

use prost::Message;
use prost_types::FileDescriptorSet;

const HEAD: &str = "// Made by `cargo run -p voxhost-stubs` from proto/voxhost/v1: not edited by hand.\n\n";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("no folder")?;
    let descriptors = crate_folder.join("../../proto/voxhost.binpb");
    let made = format!("{HEAD}{}", make(&fs::read(descriptors)?)?);
    let file = crate_folder.join("src/v1.rs");
    if env::args().any(|word| word == "--check") {
        // Git may have checked the file out with the line ends of this machine.
        let committed = fs::read_to_string(file)?.replace("\r\n", "\n");
        if committed != made {
            eprintln!("src/v1.rs is not fresh: cargo run -p voxhost-stubs");
            return Ok(ExitCode::FAILURE);
        }
        println!("src/v1.rs is fresh");
    } else {
        fs::write(file, made)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The module of `voxhost.v1`: messages by prost, clients by tonic. Voxels are `Bytes`, so that a part of an image is
/// sent without being copied; maps are ordered, so that a message has one form on the wire.
fn make(descriptors: &[u8]) -> Result<String, Box<dyn Error>> {
    let mut set = FileDescriptorSet::decode(descriptors)?;
    set.file.retain(|file| ["voxhost.v1", "google.protobuf"].contains(&file.package()));
    let folder = env::temp_dir().join(format!("voxhost-stubs-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let mut messages = prost_build::Config::new();
    messages.bytes(["."]).btree_map(["."]).enable_type_names();
    let generated = tonic_prost_build::configure()
        .build_server(false)
        .build_transport(false)
        .out_dir(&folder)
        .compile_fds_with_config(set, messages)
        .and_then(|()| fs::read_to_string(folder.join("voxhost.v1.rs")));
    fs::remove_dir_all(&folder)?;
    Ok(generated?)
}
