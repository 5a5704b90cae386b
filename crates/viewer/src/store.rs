//! The open files, and the last comparison of two of them: what questions are answered from.

use std::rc::Rc;

use diff_core::{DiffOptions, Kind, Ledger, ObjectId, Pattern, Snapshot, json};

use crate::ask::{Answer, Ask, FileId, Head, Pair};
use crate::comparison::Comparison;
#[cfg(feature = "plans")]
use crate::migration;
use crate::report::{Packed, assemble};
use crate::{changes, map, matrix, object, overview};

/// So many objects are found at once.
const HITS: usize = 60;

/// The open files and what was made of them.
#[derive(Debug, Default)]
pub struct Store {
    files: Vec<(FileId, Rc<Snapshot>)>,
    compared: Option<Comparison>,
}

impl Store {
    /// Reads a file and keeps it under `id`.
    ///
    /// # Errors
    /// Why the bytes are no snapshot; what was open under `id` stays open.
    pub fn open(&mut self, id: FileId, name: &str, bytes: &[u8]) -> Result<Head, String> {
        let mut snapshot = Snapshot::from_json(bytes).map_err(|error| error.to_string())?;
        if let Some((label, at)) = published_as(name) {
            snapshot.source.label = label.to_owned();
            snapshot.source.taken_at = Some(at.to_owned());
        }
        let source = &snapshot.source;
        let head = Head {
            name: name.to_owned(),
            kind: source.kind.clone(),
            label: source.label.clone(),
            server: source.server.clone(),
            taken_at: source.taken_at.clone(),
            revisions: source.ledgers.iter().flat_map(Ledger::at).collect(),
            objects: snapshot.objects.len(),
            tables: snapshot.of_kind(Kind::Table).count(),
            bytes: bytes.len(),
            migrations: snapshot.source.history.len(),
            digest: snapshot.digest.clone(),
        };
        self.close(id);
        if head.migrations > 0 {
            self.compared = None;
        }
        self.files.push((id, Rc::new(snapshot)));
        Ok(head)
    }

    /// Forgets a file.
    pub fn close(&mut self, id: FileId) {
        let is_of_migrations = self.file(id).is_ok_and(|snapshot| !snapshot.source.history.is_empty());
        self.files.retain(|(known, _)| *known != id);
        let stays = |compared: &Comparison| {
            ![compared.pair.old, compared.pair.new].contains(&id) && !is_of_migrations
        };
        self.compared = self.compared.take().filter(stays);
    }

    /// Answers a question; a file that is not open is said to be so.
    pub fn answer(&mut self, ask: &Ask) -> Answer {
        self.try_answer(ask).unwrap_or_else(Answer::Failed)
    }

    /// A file's name and text, to be put into a report.
    ///
    /// # Errors
    /// Where it is not open.
    pub fn file_text(&self, id: FileId) -> Result<(String, String), String> {
        let snapshot = self.file(id)?;
        let label = &snapshot.source.label;
        let name = if label.is_empty() { format!("{id}.json") } else { format!("{label}.json") };
        let text = json::write(snapshot.as_ref());
        Ok((name, String::from_utf8_lossy(&text).into_owned()))
    }

    /// The page's one-file form with these files in it.
    ///
    /// # Errors
    /// Where one of them is not open.
    pub fn report(&self, shell: &str, ids: &[FileId], packed: &[Packed]) -> Result<String, String> {
        let snapshots = ids.iter().map(|id| self.file(*id)).collect::<Result<Vec<_>, _>>()?;
        let snapshots: Vec<&Snapshot> = snapshots.iter().map(AsRef::as_ref).collect();
        Ok(assemble(shell, &snapshots, packed))
    }

    fn try_answer(&mut self, ask: &Ask) -> Result<Answer, String> {
        Ok(match ask {
            Ask::Overview(pair) => Answer::Overview(overview::overview(self.compared(pair)?)),
            Ask::Changes(pair, listing) => Answer::Changes(changes::changes(self.compared(pair)?, listing)),
            Ask::Object(pair, id) => Answer::Object(object::object(self.compared(pair)?, &read(id)?)),
            Ask::Search(pair, text) => Answer::Search(self.compared(pair)?.index().find(text, HITS)),
            Ask::Map(pair, options) => {
                let compared = self.compared(pair)?;
                Answer::Map(map::map(&compared.old, &compared.new, &compared.report, options))
            }
            Ask::Atlas(pair, width, height) => {
                let compared = self.compared(pair)?;
                Answer::Atlas(map::atlas(&compared.old, &compared.new, &compared.report, *width, *height))
            }
            Ask::Matrix(files, ignore) => self.matrix(files, ignore)?,
            Ask::Definition(..) | Ask::Statements(..) | Ask::Migration(..) => self.planned(ask)?,
        })
    }

    #[cfg(feature = "plans")]
    fn planned(&mut self, ask: &Ask) -> Result<Answer, String> {
        Ok(match ask {
            Ask::Definition(pair, id) => {
                Answer::Definition(migration::definition(self.compared(pair)?, &read(id)?))
            }
            Ask::Statements(pair, id) => {
                Answer::Statements(migration::statements(self.compared(pair)?, &read(id)?)?)
            }
            Ask::Migration(pair, way) => Answer::Migration(migration::migration(self.compared(pair)?, way)?),
            _ => return self.try_answer(ask),
        })
    }

    #[cfg(not(feature = "plans"))]
    fn planned(&mut self, _: &Ask) -> Result<Answer, String> {
        Err("this module has no planner".to_owned())
    }

    fn matrix(&self, files: &[FileId], ignore: &[String]) -> Result<Answer, String> {
        let snapshots = files.iter().map(|id| self.file(*id)).collect::<Result<Vec<_>, _>>()?;
        let snapshots: Vec<&Snapshot> = snapshots.iter().map(AsRef::as_ref).collect();
        let ignore = ignore.iter().map(|text| Pattern::new(text)).collect();
        let options = DiffOptions { ignore, ..DiffOptions::default() };
        Ok(Answer::Matrix(matrix::view(files.to_vec(), &snapshots, &options)))
    }

    /// The comparison of a pair; made where it is not the last one.
    fn compared(&mut self, pair: &Pair) -> Result<&mut Comparison, String> {
        let made = match self.compared.take().filter(|compared| compared.pair == *pair) {
            Some(known) => known,
            None => {
                let is_other = |(id, _): &&(FileId, Rc<Snapshot>)| ![pair.old, pair.new].contains(id);
                let others: Vec<_> =
                    self.files.iter().filter(is_other).map(|(_, it)| Rc::clone(it)).collect();
                Comparison::new(pair.clone(), self.file(pair.old)?, self.file(pair.new)?, &others)
            }
        };
        Ok(self.compared.insert(made))
    }

    fn file(&self, id: FileId) -> Result<Rc<Snapshot>, String> {
        let known = self.files.iter().find(|(known, _)| *known == id);
        known.map(|(_, snapshot)| Rc::clone(snapshot)).ok_or_else(|| "the file is no longer open".to_owned())
    }
}

fn read(id: &str) -> Result<ObjectId, String> {
    id.parse().map_err(|error: diff_core::IdError| error.to_string())
}
/// What is published is stored once a schema: the address says of which environment and when it is read,
/// as `schemas/1f.json.gz#prod@2026-11-23T04:00:00Z`.
fn published_as(address: &str) -> Option<(&str, &str)> {
    let (label, at) = address.rsplit_once('#')?.1.rsplit_once('@')?;
    (at.len() == 20 && at.ends_with('Z') && at[..10].split('-').count() == 3).then_some((label, at))
}
