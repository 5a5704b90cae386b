//! TLS as libpq's sslmode and certificate settings ask for it.

use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::Error;
use crate::settings::Settings;

/// How much of the server's certificate is checked.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Check {
    /// Nothing: the connection is encrypted, to whomever.
    Nothing,
    /// That a trusted authority signed it.
    Authority,
    /// That, and that it is for this host.
    Host,
}

/// Makes the connector that `settings` ask for; `None` where they forbid TLS.
pub(crate) fn config(settings: &Settings) -> Result<Option<ClientConfig>, Error> {
    let roots = settings.get("sslrootcert");
    let check = match settings.get("sslmode").unwrap_or("prefer") {
        "disable" => return Ok(None),
        "allow" | "prefer" => Check::Nothing,
        // As libpq: a given root certificate is used even where none was asked for.
        "require" if roots.is_none() => Check::Nothing,
        "require" | "verify-ca" => Check::Authority,
        "verify-full" => Check::Host,
        other => {
            return Err(Error::Setting {
                name: "sslmode".into(),
                reason: format!(
                    "{other:?} is none of disable, allow, prefer, require, verify-ca, verify-full"
                ),
            });
        }
    };
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier { inner: inner(check, roots, &provider)?, check, provider: provider.clone() };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| setting("sslmode", &error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let config = match (settings.get("sslcert"), settings.get("sslkey")) {
        (Some(cert), Some(key)) => {
            let key = PrivateKeyDer::from_pem_file(key).map_err(|error| setting("sslkey", &error))?;
            builder
                .with_client_auth_cert(certificates("sslcert", cert)?, key)
                .map_err(|error| setting("sslcert", &error))?
        }
        _ => builder.with_no_client_auth(),
    };
    Ok(Some(config))
}

fn setting(name: &str, error: &dyn std::error::Error) -> Error {
    Error::Setting { name: name.to_owned(), reason: crate::error::chain(error) }
}

fn certificates(name: &str, path: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    CertificateDer::pem_file_iter(Path::new(path))
        .and_then(Iterator::collect)
        .map_err(|error| Error::Setting { name: name.to_owned(), reason: format!("{path}: {error}") })
}

/// The verifier of rustls over the given or the system's authorities.
fn inner(
    check: Check,
    roots: Option<&str>,
    provider: &Arc<CryptoProvider>,
) -> Result<Option<Arc<WebPkiServerVerifier>>, Error> {
    if check == Check::Nothing {
        return Ok(None);
    }
    let mut store = RootCertStore::empty();
    let trusted = match roots {
        None | Some("system") => rustls_native_certs::load_native_certs().certs,
        Some(path) => certificates("sslrootcert", path)?,
    };
    store.add_parsable_certificates(trusted);
    WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone())
        .build()
        .map(Some)
        .map_err(|error| setting("sslrootcert", &error))
}

#[derive(Debug)]
struct Verifier {
    inner: Option<Arc<WebPkiServerVerifier>>,
    check: Check,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(inner) = &self.inner else {
            return Ok(ServerCertVerified::assertion());
        };
        match inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            // The name is checked last, so whoever fails there has passed all else.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.check == Check::Authority => Ok(ServerCertVerified::assertion()),
            result => result,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
