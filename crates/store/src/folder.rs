//! A folder of this machine as a store. It has no conditional writes of its own, so that a lock stands in for them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use object_store::local::LocalFileSystem;

use crate::{Error, Store};

/// The file that is locked while something is written; it stays, and is empty.
const LOCK: &str = ".driftglass.lock";

impl Store {
    pub(crate) fn local(text: &str) -> Result<Self, Error> {
        let path = PathBuf::from(text);
        let failed = |source| Error::Folder { path: path.clone(), source };
        fs::create_dir_all(&path).map_err(failed)?;
        let inner = LocalFileSystem::new_with_prefix(&path).map_err(|cause| Error::Store {
            doing: "use",
            what: text.to_owned(),
            cause,
        })?;
        Ok(Self {
            inner: Box::new(inner),
            base: object_store::path::Path::default(),
            shown: crate::shown(text),
            folder: Some(path),
        })
    }
}

/// Waits until nobody else writes to the folder. The system gives the lock back when the program ends, however it does.
pub(crate) fn lock(folder: &Path) -> Result<File, Error> {
    let failed = |source| Error::Folder { path: folder.to_owned(), source };
    let file = File::options().create(true).append(true).open(folder.join(LOCK)).map_err(failed)?;
    file.lock().map_err(failed)?;
    Ok(file)
}
