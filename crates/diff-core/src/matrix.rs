//! Several snapshots side by side: which of them agree about which object.

use std::collections::BTreeMap;

use itertools::Itertools;
use serde::{Deserialize, Serialize};

use crate::diff::is_alike;
use crate::{DiffOptions, Kind, Object, ObjectId, Snapshot, Source, collect, diff};

/// Several snapshots side by side.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Matrix {
    /// By id.
    pub rows: Vec<MatrixRow>,
    /// In how many rows two snapshots differ, by the places of both.
    pub distances: Vec<Vec<usize>>,
}

/// One object in all snapshots: a relation or a domain with everything in it, or any other object by itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MatrixRow {
    /// The object.
    pub id: ObjectId,
    /// What each snapshot says of it, in their order.
    pub cells: Vec<Cell>,
    /// Whether no two snapshots differ.
    pub is_same: bool,
    /// The place of the snapshot that differs from all the others, where these agree.
    pub odd_one: Option<usize>,
}

/// What one snapshot says of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// One of the definitions that there are, numbered from 0 by how many snapshots have it, most first.
    Class(usize),
    /// It has no such object.
    Absent,
    /// It cannot say.
    Unknown,
}

/// Compares any number of snapshots. Two have the same definition where [`diff`] finds no difference between them.
pub fn matrix(snapshots: &[&Snapshot], options: &DiffOptions) -> Matrix {
    let voices = voices(snapshots);
    let mut distances = vec![vec![0; snapshots.len()]; snapshots.len()];
    let mut rows = Vec::new();
    for contents in objects(snapshots).into_values() {
        if !contents.iter().flatten().any(|(id, _)| options.selects(id)) {
            continue;
        }
        let variants = variants(&contents, &voices);
        let differing = differing(&variants, snapshots, options);
        for (one, other) in pairs(&variants, &differing) {
            distances[one][other] += 1;
            distances[other][one] += 1;
        }
        rows.push(row(&contents, &variants, &differing, snapshots));
    }
    Matrix { rows: collect::sorted_by(rows, |a, b| a.id.cmp(&b.id)), distances }
}

/// An object of one snapshot with all that it contains; empty where there is none.
type Contents<'s> = Vec<(&'s ObjectId, &'s Object)>;

/// What one row is about: a path, and the kind where it is no relation's.
type Key<'s> = (&'s [String], Option<Kind>);

fn key(id: &ObjectId) -> Key<'_> {
    match (id.relation(), id.kind()) {
        (Some(relation), _) => (relation, None),
        (None, Kind::DomainCheck) => (id.parent(), Some(Kind::Domain)),
        (None, kind) => (id.path(), Some(kind)),
    }
}

/// What each snapshot holds of each object.
fn objects<'s>(snapshots: &[&'s Snapshot]) -> BTreeMap<Key<'s>, Vec<Contents<'s>>> {
    let mut objects: BTreeMap<Key<'s>, Vec<Contents<'s>>> = BTreeMap::new();
    for (place, snapshot) in snapshots.iter().enumerate() {
        for (key, inside) in &snapshot.objects.iter().chunk_by(|(id, _)| key(id)) {
            objects.entry(key).or_insert_with(|| vec![Vec::new(); snapshots.len()])[place].extend(inside);
        }
    }
    objects
}

/// For each snapshot the place of the first that can speak of the same.
fn voices(snapshots: &[&Snapshot]) -> Vec<usize> {
    let voice = |one: &&Snapshot| {
        let is_same = |other: &&Snapshot| {
            (&one.coverage, &one.source.ledgers) == (&other.coverage, &other.source.ledgers)
        };
        snapshots.iter().position(is_same).unwrap_or_default()
    };
    snapshots.iter().map(voice).collect()
}

/// One content, and the places of the snapshots that have it.
struct Variant<'c, 's> {
    contents: &'c Contents<'s>,
    voice: usize,
    places: Vec<usize>,
}

fn variants<'c, 's>(contents: &'c [Contents<'s>], voices: &[usize]) -> Vec<Variant<'c, 's>> {
    let mut variants: Vec<Variant<'c, 's>> = Vec::new();
    for (place, (contents, voice)) in contents.iter().zip(voices).enumerate() {
        let known = variants.iter_mut().find(|one| one.voice == *voice && is_equal(one.contents, contents));
        match known {
            Some(known) => known.places.push(place),
            None => variants.push(Variant { contents, voice: *voice, places: vec![place] }),
        }
    }
    variants
}

fn is_equal(one: &Contents<'_>, other: &Contents<'_>) -> bool {
    let pairs = || one.iter().zip(other);
    one.len() == other.len() && pairs().all(|(one, other)| one.0 == other.0 && is_alike(one.1, other.1, &[]))
}

/// The pairs of variants that differ, by their places.
fn differing(
    variants: &[Variant<'_, '_>],
    snapshots: &[&Snapshot],
    options: &DiffOptions,
) -> Vec<(usize, usize)> {
    if variants.len() < 2 {
        return Vec::new();
    }
    let alone = variants.iter().map(|variant| alone(variant, snapshots[variant.voice])).collect_vec();
    let differ =
        |(one, other): &(usize, usize)| !diff(&alone[*one], &alone[*other], options).deltas.is_empty();
    (0..variants.len()).tuple_combinations().filter(differ).collect()
}

/// A snapshot that holds nothing but a variant.
fn alone(variant: &Variant<'_, '_>, voice: &Snapshot) -> Snapshot {
    Snapshot {
        source: Source { ledgers: voice.source.ledgers.clone(), ..Source::default() },
        coverage: voice.coverage.clone(),
        objects: collect::map(variant.contents.iter().map(|(id, object)| ((*id).clone(), (*object).clone()))),
        ..Snapshot::default()
    }
}

/// The pairs of snapshots that differ.
fn pairs(variants: &[Variant<'_, '_>], differing: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let places = |(one, other): &(usize, usize)| {
        let (one, other) = (&variants[*one].places, &variants[*other].places);
        one.iter().copied().cartesian_product(other.iter().copied()).collect_vec()
    };
    differing.iter().flat_map(places).collect()
}

fn row(
    contents: &[Contents<'_>],
    variants: &[Variant<'_, '_>],
    differing: &[(usize, usize)],
    snapshots: &[&Snapshot],
) -> MatrixRow {
    let id = name(contents);
    let mut cells: Vec<Cell> = snapshots
        .iter()
        .map(|snapshot| if snapshot.coverage.covers(&id) { Cell::Absent } else { Cell::Unknown })
        .collect();
    for (number, class) in classes(variants, differing).into_iter().enumerate() {
        for place in class {
            cells[place] = Cell::Class(number);
        }
    }
    let odd_one = odd_one(&cells, &pairs(variants, differing));
    MatrixRow { id, cells, is_same: differing.is_empty(), odd_one }
}

/// The id of what the row is about: of the first relation there is, or else of the first object.
fn name(contents: &[Contents<'_>]) -> ObjectId {
    let ids = || contents.iter().flatten().map(|(id, _)| *id);
    let first = ids().find(|id| id.kind().is_relation()).or_else(|| ids().min());
    first.expect("a row is made for an object").clone()
}

/// The places of the snapshots that have the object, by the definitions that no two of them differ in.
fn classes(variants: &[Variant<'_, '_>], differing: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut classes: Vec<Vec<usize>> = Vec::new();
    for at in (0..variants.len()).filter(|at| !variants[*at].contents.is_empty()) {
        let agrees = |class: &&mut Vec<usize>| class.iter().all(|other| !differing.contains(&(*other, at)));
        match classes.iter_mut().find(agrees) {
            Some(class) => class.push(at),
            None => classes.push(vec![at]),
        }
    }
    let places = |class: Vec<usize>| class.iter().flat_map(|at| variants[*at].places.clone()).collect_vec();
    collect::sorted_by_key(classes.into_iter().map(places), |places| std::cmp::Reverse(places.len()))
}

/// The one that differs from every other that can say, where there are others and these agree.
fn odd_one(cells: &[Cell], pairs: &[(usize, usize)]) -> Option<usize> {
    let voices = cells.iter().filter(|cell| **cell != Cell::Unknown).count();
    let is_odd = |place: &usize| pairs.iter().all(|(one, other)| one == place || other == place);
    (voices > 2 && pairs.len() == voices - 1).then(|| (0..cells.len()).find(is_odd)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(objects: &str) -> Snapshot {
        Snapshot::from_json(format!("{{\"format\": 1, \"objects\": {{{objects}}}}}").as_bytes()).unwrap()
    }

    fn table(name: &str, data_type: &str, position: u32) -> String {
        format!(
            r#""table:public.{name}": {{"owner": "{position}", "body": {{"table": {{}}}}}},
            "column:public.{name}.a": {{"body": {{"column":
                {{"position": {position}, "type": "{data_type}", "nullable": true}}}}}}"#
        )
    }

    /// A line for each row: a letter for each snapshot, `-` where it is absent, `?` where that is unknown.
    fn lines(found: &Matrix) -> Vec<String> {
        let letter = |cell: &Cell| match cell {
            Cell::Class(number) => char::from(b'A' + u8::try_from(*number).unwrap()),
            Cell::Absent => '-',
            Cell::Unknown => '?',
        };
        let line = |row: &MatrixRow| {
            let odd = row.odd_one.map_or_else(String::new, |place| format!(" odd {place}"));
            let same = if row.is_same { " same" } else { "" };
            format!("{} {}{same}{odd}", row.id, row.cells.iter().map(letter).collect::<String>())
        };
        found.rows.iter().map(line).collect()
    }

    #[test]
    fn classes_are_by_how_many_agree() {
        let with = |data_type: &str, more: &str| snapshot(&(table("t", data_type, 1) + more));
        let text = r#", "enum:public.e": {"body": {"enum": {"labels": []}}}"#;
        let four = [with("text", ""), with("integer", text), with("integer", text), with("integer", text)];
        let found = matrix(&four.each_ref(), &DiffOptions::default());
        assert_eq!(lines(&found), ["enum:public.e -AAA odd 0", "table:public.t BAAA odd 0"]);
        assert_eq!(found.distances, [[0, 2, 2, 2], [2, 0, 0, 0], [2, 0, 0, 0], [2, 0, 0, 0]]);
        let three = [with("text", ""), with("integer", ""), with("date", "")];
        assert_eq!(lines(&matrix(&three.each_ref(), &DiffOptions::default())), ["table:public.t ABC"]);
    }

    #[test]
    fn equal_is_what_diff_finds_equal() {
        let mut silent = snapshot(&table("t", "text", 2));
        silent.coverage.unknown_attributes.insert("owner".to_owned());
        let mut empty = snapshot("");
        empty.coverage.unknown_kinds.insert(Kind::Table);
        let all = [&snapshot(&table("t", "text", 1)), &silent, &empty];
        assert_eq!(lines(&matrix(&all, &DiffOptions::default())), ["table:public.t AA? same"]);
        let none = DiffOptions { only: vec![crate::Pattern::new("other")], ..DiffOptions::default() };
        assert!(matrix(&all, &none).rows.is_empty());
        let json = serde_json::to_string(&matrix(&all, &DiffOptions::default()).rows[0].cells).unwrap();
        assert_eq!(json, r#"[{"class":0},{"class":0},"unknown"]"#);
    }

    #[test]
    fn an_object_of_all_is_told_with_its_parts() {
        let check = r#", "check:public.t.c": {"body": {"check": {"definition": "CHECK (a)"}}}"#;
        let both = [snapshot(&table("t", "text", 1)), snapshot(&(table("t", "text", 1) + check))];
        let found = matrix(&both.each_ref(), &DiffOptions::default());
        assert_eq!((lines(&found), found.distances[0][1]), (vec!["table:public.t AB".to_owned()], 1));
    }
}
