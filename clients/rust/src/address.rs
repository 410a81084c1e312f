//! Where a host listens, as people write it: `host:port`, `host`, `[::1]:50151`, `unix:/path`. Pure.

use std::net::{IpAddr, Ipv6Addr};

use crate::{Error, Result};

pub(crate) const DEFAULT_PORT: u16 = 50151;

/// A host's address, taken apart.
#[derive(Debug, PartialEq)]
pub(crate) struct Address {
    /// What tonic connects to, without the scheme: `127.0.0.1:50151`; or the whole of `unix:/path`.
    pub target: String,
    pub is_unix: bool,
    /// Whether it is this machine, so that nobody on the way can read.
    pub is_local: bool,
}

/// Reads an address. Errors: INVALID_FIELD.
pub(crate) fn parse(address: &str) -> Result<Address> {
    if address.strip_prefix("unix:").is_some_and(|path| !path.is_empty()) {
        return Ok(Address { target: address.into(), is_unix: true, is_local: true });
    }
    let wrong =
        || Error::invalid("address", format!("{address:?}"), "host:port or unix:/path, such as 127.0.0.1:50151");
    let (name, port) = split_port(address).ok_or_else(wrong)?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_:%".contains(c);
    if name.is_empty() || !name.chars().all(is_plain) {
        return Err(wrong());
    }
    let is_local = name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    let name = if name.contains(':') { format!("[{name}]") } else { name.to_owned() };
    Ok(Address { target: format!("{name}:{port}"), is_unix: false, is_local })
}

fn split_port(address: &str) -> Option<(&str, u16)> {
    if let Some(rest) = address.strip_prefix('[') {
        let (name, port) = rest.split_once(']')?;
        name.parse::<Ipv6Addr>().ok()?;
        return match port.strip_prefix(':') {
            Some(port) => Some((name, port.parse().ok()?)),
            None => port.is_empty().then_some((name, DEFAULT_PORT)),
        };
    }
    match address.split_once(':') {
        None => Some((address, DEFAULT_PORT)),
        Some(_) if address.parse::<Ipv6Addr>().is_ok() => Some((address, DEFAULT_PORT)),
        Some((name, port)) => Some((name, port.parse().ok()?)),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_port_left_out_is_the_hosts_own_and_this_machine_is_known_by_any_of_its_names() {
        for (written, target, is_local) in [
            ("127.0.0.1:4000", "127.0.0.1:4000", true),
            ("localhost", "localhost:50151", true),
            ("::1", "[::1]:50151", true),
            ("[::1]:4000", "[::1]:4000", true),
            ("gpu.example:4000", "gpu.example:4000", false),
            ("gpu.example", "gpu.example:50151", false),
            ("unix:/run/voxhost.sock", "unix:/run/voxhost.sock", true),
        ] {
            let address = parse(written).unwrap();
            assert_eq!((address.target.as_str(), address.is_local), (target, is_local), "{written}");
        }
    }

    #[test]
    fn what_is_no_address_is_named() {
        for written in ["", "http://gpu.example", "gpu:port", "gpu:70000", "unix:", "a b:1", "[gpu]:1", "[::1]x"] {
            let error = parse(written).unwrap_err();
            assert_eq!((error.reason(), error.metadata()["field"].as_str()), ("INVALID_FIELD", "address"), "{written}");
        }
    }
}
