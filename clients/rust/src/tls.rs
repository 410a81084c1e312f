//! Which certificates of a host are trusted, and which are shown to it.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{DigitallySignedStruct, RootCertStore, SignatureScheme};
use tonic::transport::{ClientTlsConfig, Endpoint, Identity};

use crate::{Error, Result};

/// Which certificates are trusted, and which are shown.
#[derive(Clone)]
pub struct Tls {
    config: ClientTlsConfig,
    trusted: Option<Vec<u8>>,
}

impl Tls {
    /// Trusts the authorities of this machine.
    pub fn system() -> Self {
        Self { config: ClientTlsConfig::new(), trusted: None }
    }

    /// Trusts certificates in PEM, and no others: those of authorities, or a host's own as `openssl req -x509` makes it.
    pub fn trusting(pem: impl Into<Vec<u8>>) -> Self {
        Self { config: ClientTlsConfig::new(), trusted: Some(pem.into()) }
    }

    /// The name that the certificate must have, where it is not the address's.
    pub fn server_name(self, name: impl Into<String>) -> Self {
        Self { config: self.config.domain_name(name), ..self }
    }

    /// Shows a certificate (and its key, both in PEM) to a host or a proxy that asks for one.
    pub fn identity(self, certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Self {
        Self { config: self.config.identity(Identity::from_pem(certificate, key)), ..self }
    }

    /// Errors: INVALID_FIELD.
    pub(crate) fn apply(&self, endpoint: Endpoint) -> Result<Endpoint> {
        let config = self.config.clone();
        let applied = match &self.trusted {
            None => endpoint.tls_config(config.with_native_roots()),
            Some(pem) => endpoint.tls_config_with_verifier(config, Arc::new(Trusted::read(pem)?)),
        };
        applied.map_err(|error| invalid(crate::connect::innermost(&error)).caused_by(error))
    }
}

/// Trusts what authorities have signed, as rustls does, and their own certificates where a host shows one of them: rustls
/// refuses those (`CaUsedAsEndEntity`), and they are what people make for a machine in their laboratory. Such a one must
/// have the host's name; its dates are not looked at, since it was named to be trusted.
#[derive(Debug)]
struct Trusted {
    certificates: Vec<CertificateDer<'static>>,
    authorities: Arc<WebPkiServerVerifier>,
}

impl Trusted {
    fn read(pem: &[u8]) -> Result<Self> {
        let certificates: Vec<_> =
            CertificateDer::pem_slice_iter(pem).collect::<std::result::Result<_, _>>().map_err(invalid)?;
        let mut roots = RootCertStore::empty();
        for certificate in &certificates {
            roots.add(certificate.clone()).map_err(invalid)?;
        }
        let provider = CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(ring::default_provider()));
        let authorities =
            WebPkiServerVerifier::builder_with_provider(roots.into(), provider).build().map_err(invalid)?;
        Ok(Self { certificates, authorities })
    }
}

impl ServerCertVerifier for Trusted {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        if self.certificates.iter().any(|trusted| trusted.as_ref() == shown.as_ref()) {
            verify_server_name(&ParsedCertificate::try_from(shown)?, name)?;
            return Ok(ServerCertVerified::assertion());
        }
        self.authorities.verify_server_cert(shown, intermediates, name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.authorities.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.authorities.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authorities.supported_verify_schemes()
    }
}

fn invalid(came: impl std::fmt::Display) -> Error {
    Error::invalid("tls", came, "certificates in PEM, and an address of the form host:port")
}
