//! `driftglass snapshot`: one source into one file.

use anyhow::{Context, Result};
use diff_core::Snapshot;
use snapshot::Extent;

use crate::cli::SnapshotArgs;
use crate::commands::Session;
use crate::place::Place;
use crate::{fleet, output};

/// Takes a snapshot, or one of each database of many.
pub(crate) async fn take(session: &Session<'_>, args: &SnapshotArgs) -> Result<bool> {
    if args.fleet.all {
        return fleet::take(session, args).await;
    }
    let place = args.output.as_deref().map(Place::of_file).transpose()?;
    // What stands there now is what the snapshot takes the place of.
    let place = match place {
        Some((place, name)) => {
            let before = place.version(&name).await?;
            Some((place, name, before))
        }
        None => None,
    };
    let snapshot = read(session, args).await?;
    match place {
        Some((place, name, before)) => {
            let objects = snapshot.objects.len();
            let written = place.write(&name, &snapshot, before).await?;
            output::tell(&format!("{}: {objects} objects", written.sentence(&place.path(&name))));
        }
        None => output::print(&snapshot.to_json())?,
    }
    for sentence in &snapshot.coverage.hidden {
        output::tell(&format!("warning: {sentence}"));
    }
    for finding in &snapshot.findings {
        let origin = finding.origin.as_ref().map_or_else(String::new, |origin| format!("{origin}: "));
        output::tell(&format!("warning: {origin}{}", finding.message));
    }
    Ok(true)
}

async fn read(session: &Session<'_>, args: &SnapshotArgs) -> Result<Snapshot> {
    let beside = match &args.beside {
        Some(reference) => Some(session.read(reference, None).await?),
        None => None,
    };
    let extent = args.up_to.clone().map_or(Extent::All, Extent::UpTo);
    let reference = args.reference.as_ref().context("name a source, or give --all")?;
    let mut snapshot = session.read_part(reference, beside.as_ref(), extent).await?;
    if let Some(label) = &args.label {
        snapshot.source.label.clone_from(label);
    }
    Ok(trimmed(snapshot, args))
}

/// Without what was asked to be left out.
pub(crate) fn trimmed(mut snapshot: Snapshot, args: &SnapshotArgs) -> Snapshot {
    if args.no_provenance {
        snapshot.source.taken_at = None;
        snapshot.source.tool = None;
        if snapshot.source.kind == "database" && args.label.is_none() {
            snapshot.source.label.clear();
        }
    }
    if args.no_sizes {
        snapshot.sizes.clear();
    }
    snapshot
}
