//! The golden messages: read as bytes by the crate's own types, and as JSON by their descriptors, a way of its own.

use prost::{Message, Name};
use prost_reflect::{DescriptorPool, DynamicMessage};
use serde_json::Value;
use voxhost::v1;

use crate::Failure;

/// Reads each message from its bytes and from its JSON and writes it again: both give the bytes back. Answers how many.
pub fn compare(file: &str) -> Result<String, Failure> {
    let golden: Vec<Value> = serde_json::from_slice(&std::fs::read(file)?)?;
    let pool = descriptors()?;
    for one in &golden {
        let (name, kind) = (crate::text(&one["name"])?, crate::text(&one["type"])?);
        let bytes = from_hex(crate::text(&one["bytes"])?)?;
        if from_json(&pool, kind, &one["json"])?.encode_to_vec() != bytes {
            return Err(format!("{name}: its JSON and its bytes are not the same message").into());
        }
        if through(kind, &bytes)? != bytes {
            return Err(format!("{name}: it did not come out as it went in").into());
        }
    }
    Ok(golden.len().to_string())
}

/// A `VolumeHeader` from protobuf's JSON.
pub fn header_from_json(json: &Value) -> Result<v1::VolumeHeader, Failure> {
    Ok(from_json(&descriptors()?, &v1::VolumeHeader::full_name(), json)?.transcode_to()?)
}

fn descriptors() -> Result<DescriptorPool, Failure> {
    Ok(DescriptorPool::decode(&include_bytes!("../../../../proto/voxhost.binpb")[..])?)
}

fn from_json(pool: &DescriptorPool, kind: &str, json: &Value) -> Result<DynamicMessage, Failure> {
    let kind = pool.get_message_by_name(kind).ok_or_else(|| format!("no message {kind}"))?;
    Ok(DynamicMessage::deserialize(kind, json)?)
}

/// Reads a message as the crate's type of that name and writes it again. A field that the type lacks would be lost.
fn through(kind: &str, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    fn read<M: Message + Default>(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
        Ok(M::decode(bytes)?.encode_to_vec())
    }
    macro_rules! by_name {
        ($($message:ident)*) => {
            match kind {
                $(_ if kind == v1::$message::full_name() => read::<v1::$message>(bytes),)*
                _ => Err(format!("the contract has a new message: add {kind} here").into()),
            }
        };
    }
    by_name! {
        HostInfo ListWorkflowsRequest Workflow
        Volume WriteVolumeRequest QueryWriteResponse FindMissingVolumesRequest ReadVolumeRequest ReadVolumeResponse
        CreateRunRequest Run RunEvent PredictRequest PredictResponse
    }
}

fn from_hex(digits: &str) -> Result<Vec<u8>, Failure> {
    let pairs = (0..digits.len()).step_by(2).map(|at| digits.get(at..at + 2).ok_or("an odd digit"));
    pairs.map(|pair| Ok(u8::from_str_radix(pair?, 16)?)).collect()
}
