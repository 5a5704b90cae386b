//! `driftglass publish`: a folder or bucket of snapshots with an index of who had what when, and a copy of the page.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use diff_core::{DiffOptions, History, Snapshot, compare, render, stored_path};
use snapshot::{Reference, of_bytes};
use store::{Found, Store, Version};

use crate::cli::PublishArgs;
use crate::commands::Session;
use crate::{output, page, place};

/// The files beside the schemas and the page.
const INDEX: &str = "index.json";
const START: &str = "index.html";
/// Which page the copy is of.
const PAGE: &str = "page/version.txt";

/// So often the index is written anew where another job was quicker.
const TRIES: u32 = 20;
/// The wait before that; longer each time.
const WAIT: Duration = Duration::from_millis(50);

/// Where CI says which commit it runs for.
const COMMITS: [&str; 4] = ["GITHUB_SHA", "CI_COMMIT_SHA", "BITBUCKET_COMMIT", "GIT_COMMIT"];

/// Adds snapshots to a place.
pub(crate) async fn publish(session: &Session<'_>, args: &PublishArgs) -> Result<bool> {
    let named = args.references.iter().map(|text| environment(text)).collect::<Result<Vec<_>>>()?;
    let store = Store::open(&args.place)?;
    let mut taken = Vec::new();
    for (name, reference) in named {
        let snapshot = session.read(reference, None).await?;
        let at = snapshot.source.taken_at.clone();
        let at = at.with_context(|| {
            format!("{reference} does not say when it was taken; take it with its provenance")
        })?;
        let (key, snapshot) = snapshot.to_publish();
        taken.push(Taken { environment: name.to_owned(), at, key, snapshot });
    }
    let commit = args.commit.clone().or_else(|| COMMITS.iter().find_map(|name| std::env::var(name).ok()));
    let shelf = Shelf { store: &store, commit: commit.filter(|commit| !commit.is_empty()) };
    shelf.write_schemas(&taken).await?;
    shelf.add(&taken).await?;
    shelf.write_page().await?;
    shelf.write_start().await?;
    Ok(true)
}

/// A snapshot to add.
struct Taken {
    environment: String,
    at: String,
    key: String,
    snapshot: Snapshot,
}

struct Shelf<'a> {
    store: &'a Store,
    commit: Option<String>,
}

impl Shelf<'_> {
    /// Schemas first: what the index names is there.
    async fn write_schemas(&self, taken: &[Taken]) -> Result<()> {
        for one in taken {
            let bytes = place::packed(&one.snapshot.to_json())?;
            // Where it is there already it is the same.
            self.store.put(&stored_path(&one.key), bytes, &Version::default()).await?;
        }
        Ok(())
    }

    /// Adds to the index; where another job has written it meanwhile, to what that one has made of it.
    async fn add(&self, taken: &[Taken]) -> Result<()> {
        let mut known = BTreeMap::new();
        for attempt in 0..TRIES {
            let found = self.store.get(INDEX).await?;
            let (mut index, before) = self.read(found)?;
            let mut told = Vec::new();
            for one in taken {
                let differences = self.differences(&index, one, &mut known).await?;
                index.add(
                    &one.environment,
                    (&one.key, &one.snapshot),
                    &one.at,
                    self.commit.as_deref(),
                    differences,
                );
                told.push(match differences {
                    None => format!("{}: its first snapshot", one.environment),
                    Some(0) => format!("{}: as before", one.environment),
                    Some(1) => format!("{}: 1 difference to the one before", one.environment),
                    Some(count) => format!("{}: {count} differences to the one before", one.environment),
                });
            }
            if self.store.put(INDEX, render::json(&index).into_bytes(), &before).await? {
                told.iter().for_each(|line| output::tell(line));
                output::tell(&format!("published to {}", self.store.shown()));
                return Ok(());
            }
            tokio::time::sleep(WAIT * (attempt + 1)).await;
        }
        bail!("{}/{INDEX} is being written by others all the time; run again", self.store.shown())
    }

    fn read(&self, found: Option<Found>) -> Result<(History, Version)> {
        let Some(found) = found else { return Ok((History::default(), Version::default())) };
        let index = History::from_json(&found.bytes);
        let index = index.map_err(|reason| anyhow::anyhow!("{}/{INDEX}: {reason}", self.store.shown()))?;
        Ok((index, found.version))
    }

    /// How many differences there are to what the environment had before.
    async fn differences(
        &self,
        index: &History,
        one: &Taken,
        known: &mut BTreeMap<String, Snapshot>,
    ) -> Result<Option<usize>> {
        let Some(before) = index.before(&one.environment, &one.at) else { return Ok(None) };
        if before.schema == one.key {
            return Ok(Some(0));
        }
        if !known.contains_key(&before.schema) {
            let path = stored_path(&before.schema);
            let shown = format!("{}/{path}", self.store.shown());
            let found = self.store.get(&path).await?.with_context(|| format!("{shown} is missing"))?;
            known.insert(before.schema.clone(), of_bytes(found.bytes, shown.as_ref())?);
        }
        let compared = compare(&known[&before.schema], &one.snapshot, &DiffOptions::default());
        Ok(Some(compared.report.totals.differences))
    }

    /// A copy of the page, where there is none or one of another version.
    async fn write_page(&self) -> Result<()> {
        let version = page::version()?;
        let found = self.store.get(PAGE).await?.unwrap_or_default();
        if found.bytes == version.as_bytes() {
            return Ok(());
        }
        for (path, bytes) in page::files()? {
            self.replace(&format!("page/{path}"), bytes.to_vec()).await?;
        }
        self.replace(PAGE, version.into_bytes()).await
    }

    /// The start, as the index is; anew where the index has changed by then.
    async fn write_start(&self) -> Result<()> {
        for _ in 0..TRIES {
            let (index, version) = self.read(self.store.get(INDEX).await?)?;
            self.replace(START, render::history(&index).into_bytes()).await?;
            if self.store.version(INDEX).await? == version {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Writes whatever is there now; who was quicker has written the same, or will be followed.
    async fn replace(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        let before = self.store.version(name).await?;
        self.store.put(name, bytes, &before).await?;
        Ok(())
    }
}

/// The environment's name and the source in `prod=postgres://…`; of `db:prod` and `prod.json` it is `prod` by itself.
fn environment(text: &str) -> Result<(&str, &str)> {
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '))
    };
    if let Some((name, reference)) = text.split_once('=').filter(|(name, _)| is_name(name)) {
        return Ok((name, reference));
    }
    let own = match text.parse() {
        _ if text.starts_with("db:") => text.strip_prefix("db:"),
        Ok(Reference::File(_) | Reference::Stored(_)) => text
            .rsplit('/')
            .next()
            .and_then(|file| file.strip_suffix(".gz").unwrap_or(file).strip_suffix(".json")),
        _ => None,
    };
    match own.filter(|name| is_name(name)) {
        Some(name) => Ok((name, text)),
        None => bail!("which environment is {}? Write NAME=REF, such as prod=db:prod", shown(text)),
    }
}

/// A reference for people: a URL may hold a password.
fn shown(text: &str) -> String {
    text.parse::<Reference>().map_or_else(|error| error.to_string(), |reference| reference.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_have_names() {
        for (text, name) in [
            ("prod=db:main", "prod"),
            ("db:staging", "staging"),
            ("night/eu-1.json.gz", "eu-1"),
            ("s3://b/fleet/tenant_7.json", "tenant_7"),
        ] {
            assert_eq!(environment(text).unwrap().0, name, "{text}");
        }
        for text in ["postgres://u:secret@h/d", "models:shop", "-", "=x.json"] {
            let error = environment(text).unwrap_err().to_string();
            assert!(error.contains("NAME=REF") && !error.contains("secret"), "{error}");
        }
    }
}
