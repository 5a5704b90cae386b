//! Where snapshots are written: a folder of this machine, or a store that other jobs write to as well.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use diff_core::Snapshot;
use flate2::Compression;
use flate2::write::GzEncoder;
use store::{Store, Version};

use crate::output;

/// So often a write is tried again where another job was quicker.
const TRIES: usize = 5;

/// A folder or store.
pub(crate) enum Place {
    Folder(PathBuf),
    Store(Store),
}

/// What has come of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Now,
    /// Another job has written a snapshot that was taken later; it stays.
    Later,
}

impl Written {
    pub(crate) fn sentence(self, path: &str) -> String {
        match self {
            Self::Now => format!("wrote {path}"),
            Self::Later => format!("left {path} alone, which another job has written since"),
        }
    }
}

impl Place {
    /// The place of many files; a folder is made.
    pub(crate) fn open(text: &str) -> Result<Self> {
        if store::is_address(text) {
            return Ok(Self::Store(Store::open(text)?));
        }
        std::fs::create_dir_all(text).with_context(|| format!("cannot make the folder {text}"))?;
        Ok(Self::Folder(text.into()))
    }

    /// The place of one file, and its name there.
    pub(crate) fn of_file(text: &str) -> Result<(Self, String)> {
        if store::is_address(text) {
            let (store, name) = Store::of_file(text)?;
            return Ok((Self::Store(store), name));
        }
        Ok((Self::Folder(PathBuf::new()), text.to_owned()))
    }

    /// A name there, as people write it.
    pub(crate) fn path(&self, name: &str) -> String {
        match self {
            Self::Folder(folder) => folder.join(name).display().to_string(),
            Self::Store(store) => format!("{}/{name}", store.shown()),
        }
    }

    pub(crate) async fn has(&self, name: &str) -> Result<bool> {
        Ok(match self {
            Self::Folder(folder) => folder.join(name).exists(),
            Self::Store(store) => store.version(name).await? != Version::default(),
        })
    }

    /// What stands under a name, for a later write to take its place. In a folder the last one wins.
    pub(crate) async fn version(&self, name: &str) -> Result<Version> {
        Ok(match self {
            Self::Folder(_) => Version::default(),
            Self::Store(store) => store.version(name).await?,
        })
    }

    /// Writes a snapshot; packed with gzip where its name ends in `.gz`. Where another job has written in the
    /// meantime, the snapshot that was taken later stays.
    pub(crate) async fn write(&self, name: &str, snapshot: &Snapshot, before: Version) -> Result<Written> {
        let text = snapshot.to_json();
        let bytes = if name.ends_with(".gz") { packed(&text)? } else { text.into_bytes() };
        let store = match self {
            Self::Folder(folder) => {
                output::write_file(&folder.join(name), &bytes)?;
                return Ok(Written::Now);
            }
            Self::Store(store) => store,
        };
        let mut before = before;
        for _ in 0..TRIES {
            if store.put(name, bytes.clone(), &before).await? {
                return Ok(Written::Now);
            }
            let Some(found) = store.get(name).await? else {
                before = Version::default();
                continue;
            };
            let other = snapshot::of_bytes(found.bytes, self.path(name).as_ref())?;
            match (&other.source.taken_at, &snapshot.source.taken_at) {
                (Some(other), Some(own)) if other > own => return Ok(Written::Later),
                (Some(_), Some(_)) => before = found.version,
                _ => bail!("{} was written by another job meanwhile; run again", self.path(name)),
            }
        }
        bail!("{} is being written by others all the time; run again", self.path(name))
    }
}

/// Packed with gzip, the same for the same text.
pub(crate) fn packed(text: &str) -> Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(text.as_bytes())?;
    Ok(packer.finish()?)
}
