//! Places where snapshots are kept by several people and jobs: a folder, a bucket of Amazon's, Google's or Azure's
//! kind, or a web server to read from.
//!
//! A write says what it replaces, and fails where something else is there by then: of two jobs that write at the
//! same time, one is told.

mod error;
mod folder;

use object_store::path::Path;
use object_store::{
    Attribute, Attributes, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload, UpdateVersion,
};
use url::Url;

pub use error::Error;

/// The schemes of addresses that mean a store.
const SCHEMES: [&str; 10] = ["s3", "s3a", "gs", "az", "adl", "azure", "abfs", "abfss", "http", "https"];

/// What is larger is not read: as much as the page can hold.
const LARGEST: u64 = 400 << 20;

/// Whether a text is the address of something in a store, such as `s3://bucket/prod.json`.
pub fn is_address(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| SCHEMES.contains(&scheme))
}

/// A place with things in it, by their names.
#[derive(Debug)]
pub struct Store {
    inner: Box<dyn ObjectStore>,
    /// What stands before all names.
    base: Path,
    /// The place, as people know it: without what may be a secret.
    shown: String,
    /// The folder, where it is one.
    folder: Option<std::path::PathBuf>,
}

/// What stands under a name, and which version of it that is.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The content.
    pub bytes: Vec<u8>,
    /// The version.
    pub version: Version,
}

/// A version of what stands under a name; the default is that there is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version(Option<UpdateVersion>);

impl Store {
    /// A bucket, or a folder within one, by its address; any other text is a folder of this machine, which is made.
    /// Keys and endpoints are read from the environment, by the names that the providers' own tools have for them.
    ///
    /// # Errors
    /// Where the address is none, or says too little.
    pub fn open(text: &str) -> Result<Self, Error> {
        if is_address(text) { Self::remote(text) } else { Self::local(text) }
    }

    /// The store and the name within it of what an address leads to: `s3://bucket/teams/prod.json` is `prod.json` of
    /// `s3://bucket/teams`.
    ///
    /// # Errors
    /// As [`Store::open`] has, and where the address names nothing.
    pub fn of_file(address: &str) -> Result<(Self, String), Error> {
        let (place, name) = address.rsplit_once('/').unwrap_or((".", address));
        if name.is_empty() || place.ends_with("//") || place.ends_with(":/") {
            return Err(Error::Address {
                text: shown(address),
                reason: "it names no file; end it with one, such as /prod.json".to_owned(),
            });
        }
        Ok((Self::open(place)?, name.to_owned()))
    }

    fn remote(text: &str) -> Result<Self, Error> {
        let refuse = |reason: String| Error::Address { text: shown(text), reason };
        let url = Url::parse(text).map_err(|error| refuse(error.to_string()))?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("an address with `?` or `#` cannot be used".to_owned()));
        }
        // Only these: a variable such as TOKEN or REGION is somebody else's.
        let is_ours = |name: &str| ["AWS_", "GOOGLE_", "AZURE_"].iter().any(|start| name.starts_with(start));
        let set = std::env::vars().filter(|(name, _)| is_ours(name));
        let plain = (url.scheme() == "http").then(|| ("allow_http".to_owned(), "true".to_owned()));
        // Another part of the program may have done so before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (inner, base) = object_store::parse_url_opts(&url, set.chain(plain))
            .map_err(|error| refuse(error::reason(&error)))?;
        Ok(Self { inner, base, shown: shown(text), folder: None })
    }

    /// The place, as people know it.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// What stands under a name; `None` where nothing does.
    ///
    /// # Errors
    /// Where the store cannot be reached, or refuses.
    pub async fn get(&self, name: &str) -> Result<Option<Found>, Error> {
        let failed = |cause| self.failed("read", name, cause);
        let found = match self.inner.get(&self.path(name)?).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            found => found.map_err(failed)?,
        };
        if found.meta.size > LARGEST {
            return Err(Error::TooLarge { what: format!("{}/{name}", self.shown) });
        }
        let version = UpdateVersion { e_tag: found.meta.e_tag.clone(), version: found.meta.version.clone() };
        let bytes = found.bytes().await.map_err(failed)?.to_vec();
        Ok(Some(Found { bytes, version: Version(Some(version)) }))
    }

    /// The version of what stands under a name.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub async fn version(&self, name: &str) -> Result<Version, Error> {
        match self.inner.head(&self.path(name)?).await {
            Err(object_store::Error::NotFound { .. }) => Ok(Version::default()),
            Ok(meta) => Ok(Version(Some(UpdateVersion { e_tag: meta.e_tag, version: meta.version }))),
            Err(cause) => Err(self.failed("read", name, cause)),
        }
    }

    /// Writes under a name, whole or not at all, where what stands there is still of version `before`. Tells whether
    /// it is: if not, nothing was written.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub async fn put(&self, name: &str, bytes: Vec<u8>, before: &Version) -> Result<bool, Error> {
        let _lock = match &self.folder {
            // A folder has no conditional writes of its own.
            Some(folder) => {
                let lock = folder::lock(folder)?;
                if self.version(name).await? != *before {
                    return Ok(false);
                }
                Some(lock)
            }
            None => None,
        };
        let mode = match &before.0 {
            None => PutMode::Create,
            Some(_) if self.folder.is_some() => PutMode::Overwrite,
            Some(version) => PutMode::Update(version.clone()),
        };
        let attributes = if self.folder.is_some() { Attributes::new() } else { kind_of(name) };
        let options = PutOptions { mode, attributes, ..PutOptions::default() };
        let done = self.inner.put_opts(&self.path(name)?, PutPayload::from(bytes), options).await;
        match done {
            Ok(_) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => {
                Ok(false)
            }
            // Somebody has removed it meanwhile.
            Err(object_store::Error::NotFound { .. }) if *before != Version::default() => Ok(false),
            Err(cause) => Err(self.failed("write", name, cause)),
        }
    }

    fn path(&self, name: &str) -> Result<Path, Error> {
        let wrong = |reason: object_store::path::Error| Error::Address {
            text: format!("{}/{name}", self.shown),
            reason: reason.to_string(),
        };
        let name = Path::parse(name).map_err(wrong)?;
        Ok(self.base.parts().chain(name.parts()).collect())
    }

    fn failed(&self, doing: &'static str, name: &str, cause: object_store::Error) -> Error {
        Error::Store { doing, what: format!("{}/{name}", self.shown), cause }
    }
}

/// What browsers are to take a file for: a bucket hands on what it was told.
fn kind_of(name: &str) -> Attributes {
    let kind = match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "gz" => "application/gzip",
        _ => "text/plain; charset=utf-8",
    };
    [(Attribute::ContentType, kind)].into_iter().collect()
}

/// An address without what may be a secret: what stands before its `@`.
fn shown(text: &str) -> String {
    match text.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').map_or((rest, ""), |(host, path)| (host, path));
            let host = match host.rsplit_once('@') {
                Some((_, host)) => format!("…@{host}"),
                None => host.to_owned(),
            };
            let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
            let slash = if path.is_empty() { "" } else { "/" };
            format!("{scheme}://{host}{slash}{path}")
        }
        None => text.trim_end_matches('/').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_files() {
        for text in ["s3://b/a.json", "gs://b/a", "az://c/a", "https://host/a.json", "http://host/a.json"] {
            assert!(is_address(text), "{text}");
        }
        for text in ["a.json", "models:a", "postgres://h/d", "C:\\a.json", "./s3/a.json"] {
            assert!(!is_address(text), "{text}");
        }
    }

    #[test]
    fn no_secret_is_shown() {
        assert_eq!(shown("https://me:pw@host/a.json?sig=secret"), "https://…@host/a.json");
        assert_eq!(shown("s3://bucket/teams/"), "s3://bucket/teams");
        assert_eq!(shown("folder/"), "folder");
    }

    #[test]
    fn a_file_has_a_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("prod.json");
        let (store, name) = Store::of_file(path.to_str().unwrap()).unwrap();
        assert_eq!((store.shown(), name.as_str()), (folder.path().to_str().unwrap(), "prod.json"));
        for wrong in ["s3://bucket/", "s3://bucket"] {
            assert!(Store::of_file(wrong).is_err(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn what_another_has_written_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("new").to_str().unwrap()).unwrap();
        let nothing = Version::default();
        assert!(store.get("a/b.json").await.unwrap().is_none());
        assert!(store.put("a/b.json", b"one".to_vec(), &nothing).await.unwrap());
        assert!(!store.put("a/b.json", b"two".to_vec(), &nothing).await.unwrap());
        let found = store.get("a/b.json").await.unwrap().unwrap();
        assert_eq!(found.bytes, b"one");
        assert!(store.put("a/b.json", b"three".to_vec(), &found.version).await.unwrap());
        assert!(!store.put("a/b.json", b"four".to_vec(), &found.version).await.unwrap());
        assert_eq!(store.get("a/b.json").await.unwrap().unwrap().bytes, b"three");
    }

    #[test]
    fn names_stay_within_the_place() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().to_str().unwrap()).unwrap();
        assert!(store.path("../a.json").is_err());
    }
}
