//! Objects that are one object under two names: those that were asked for, and those whose names mean
//! nothing. Both are applied to old before anything is planned; likely ones are only suggested.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use itertools::Itertools;
use serde::Serialize;
use serde_json::Value;

use super::sql::{ident, qualified};
use crate::{
    Body, Change, Column, Delta, Diff, IdError, Kind, NotNull, Object, ObjectId, Snapshot, collect, json,
};

/// One object under two names: `table:public.users=accounts`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Rename {
    /// Its id in old.
    pub from: ObjectId,
    /// Its id in new; kind and container are the same.
    pub to: ObjectId,
}

/// Why a rename cannot be.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum RenameError {
    /// There is no `=`, or no name behind it.
    #[error("rename {0:?} is not of the form table:public.old=new")]
    NoName(String),
    /// What stands before the `=` is no id.
    #[error("rename {text:?}: {source}")]
    BadId {
        /// The whole text.
        text: String,
        /// What is wrong with the id.
        source: IdError,
    },
    /// Old has no such object.
    #[error("rename of {0}: old has no such object")]
    NotInOld(ObjectId),
    /// New has no such object.
    #[error("rename to {0}: new has no such object")]
    NotInNew(ObjectId),
    /// Two of them contradict each other.
    #[error("renames {0} and {1} cannot both be")]
    Twice(Box<Rename>, Box<Rename>),
    /// Such an object cannot be renamed.
    #[error("{0} cannot be renamed in PostgreSQL")]
    Fixed(ObjectId),
}

impl FromStr for Rename {
    type Err = RenameError;

    fn from_str(text: &str) -> Result<Self, RenameError> {
        let no_name = || RenameError::NoName(text.to_owned());
        let (from, name) = text.rsplit_once('=').ok_or_else(no_name)?;
        // A name in quotes may hold a `=`, or look like an id.
        let in_quotes =
            text.rmatch_indices("=\"").find_map(|(at, _)| Some((&text[..at], unquoted(&text[at + 1..])?)));
        if let Some((from, name)) = in_quotes
            && let Ok(from) = from.parse::<ObjectId>()
        {
            let to = ObjectId::new(from.kind(), from.parent().iter().cloned().chain([name]));
            return Ok(Self { from, to });
        }
        let bad_id = |source| RenameError::BadId { text: text.to_owned(), source };
        let from: ObjectId = from.parse().map_err(bad_id)?;
        // A whole id may stand behind the `=`, too.
        let name = match name.parse::<ObjectId>() {
            Ok(id) => id.name().to_owned(),
            Err(_) => name.to_owned(),
        };
        if name.is_empty() {
            return Err(no_name());
        }
        let to = ObjectId::new(from.kind(), from.parent().iter().cloned().chain([name]));
        Ok(Self { from, to })
    }
}

impl std::fmt::Display for Rename {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.to.name();
        match name.contains('=') || name.starts_with('"') || name.parse::<ObjectId>().is_ok() {
            true => write!(f, "{}={}", self.from, quoted(name)),
            false => write!(f, "{}={name}", self.from),
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The name that is written so; none where it is not in quotes as a whole.
fn unquoted(text: &str) -> Option<String> {
    let name = text.strip_prefix('"')?.strip_suffix('"')?.replace("\"\"", "\"");
    (quoted(&name) == text && !name.is_empty()).then_some(name)
}

/// The same renames on the way back, by the names that objects have in new.
pub(super) fn reversed(renames: &[Rename]) -> Vec<Rename> {
    let outer = |one: &Rename| {
        renames.iter().filter(|other| other.from.path().len() < one.from.path().len()).collect_vec()
    };
    let back = |one: &Rename| Rename {
        from: outer(one).into_iter().fold(one.to.clone(), |id, outer| moved(&id, outer)),
        to: one.from.clone(),
    };
    renames.iter().map(back).collect()
}

/// Of the renames that are known those that can be. One whose name is taken waits for the one that frees it; of two
/// that swap their names nobody can tell whether they have done so already, so that they are left alone.
pub(crate) fn known(old: &Snapshot, new: &Snapshot, renames: &[Rename]) -> Vec<Rename> {
    let mut found: Vec<Rename> = Vec::new();
    let mut waiting = collect::sorted_by_key(renames, |rename| rename.from.path().len());
    loop {
        let before = found.len();
        waiting.retain(|rename| {
            // With those around it: alone it may stand in what has another name by now.
            let more: Vec<Rename> = found.iter().chain([*rename]).cloned().collect();
            let is_free =
                !old.objects.contains_key(&rename.to) || found.iter().any(|it| it.from == rename.to);
            let can_be = is_free && asked(old, new, &more).is_ok();
            if can_be {
                found = more;
            }
            !can_be
        });
        if found.len() == before {
            return found;
        }
    }
}

/// The renames that were asked for, outermost first, each as its object is called once those before it are done.
pub(crate) fn asked(old: &Snapshot, new: &Snapshot, renames: &[Rename]) -> Result<Vec<Rename>, RenameError> {
    let wanted = collect::sorted_by_key(renames, |rename| rename.from.path().len());
    let mut renames: Vec<Rename> = Vec::new();
    for (place, asked) in wanted.iter().enumerate() {
        if wanted[..place].contains(asked) {
            continue;
        }
        if let Some(other) = wanted[..place].iter().find(|it| it.from == asked.from || it.to == asked.to) {
            return Err(RenameError::Twice(Box::new((*other).clone()), Box::new((*asked).clone())));
        }
        if !old.objects.contains_key(&asked.from) {
            return Err(RenameError::NotInOld(asked.from.clone()));
        }
        if !can_be_renamed(asked.from.kind()) {
            return Err(RenameError::Fixed(asked.from.clone()));
        }
        // Its container may have another name by now.
        let outer = renames.iter().filter(|before| before.from.path().len() < asked.from.path().len());
        let from = outer.fold(asked.from.clone(), |id, before| moved(&id, before));
        let to =
            ObjectId::new(from.kind(), from.parent().iter().cloned().chain([asked.to.name().to_owned()]));
        if !new.objects.contains_key(&to) {
            return Err(RenameError::NotInNew(to));
        }
        renames.push(Rename { from, to });
    }
    Ok(renames)
}

/// The renames of names that mean nothing, as `found` has them.
pub(super) fn incidental(old: &Snapshot, found: &Diff) -> Vec<Rename> {
    let renamed = |delta: &Delta| match &delta.change {
        Change::Renamed { from, .. } => Some(Rename { from: from.clone(), to: delta.id.clone() }),
        _ => None,
    };
    let mut renames = found.deltas.iter().filter_map(renamed).collect_vec();
    // A name that another object of old has, and does not give up, is not free: what has it is made anew instead.
    loop {
        let gives_up = |id: &ObjectId| renames.iter().any(|rename| rename.from == *id);
        let is_blocked = |rename: &Rename| old.objects.contains_key(&rename.to) && !gives_up(&rename.to);
        match renames.iter().position(is_blocked) {
            Some(at) => drop(renames.remove(at)),
            None => return renames,
        }
    }
}

fn can_be_renamed(kind: Kind) -> bool {
    use Kind::*;
    !matches!(
        kind,
        Function
            | Procedure
            | Aggregate
            | Operator
            | OperatorClass
            | OperatorFamily
            | Cast
            | Transform
            | UserMapping
            | DefaultPrivileges
            | Extension
            | ViewColumn
    )
}

/// Old as it is once everything has its new name; `None` where nothing is renamed.
pub(crate) fn apply(old: &Snapshot, new: &Snapshot, renames: &[Rename]) -> Option<Snapshot> {
    if renames.is_empty() {
        return None;
    }
    let mut renamed = old.clone();
    let major: u32 = old.source.server.split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0);
    let names_not_null = major >= NAMED_NOT_NULL;
    for group in renames.chunk_by(|a, b| a.from.path().len() == b.from.path().len()) {
        // Those of one level at once: names may be swapped.
        let goes = |id: &ObjectId| {
            let rename = group.iter().filter(|rename| is_within(id, &rename.from));
            rename
                .max_by_key(|rename| rename.from.path().len())
                .map_or_else(|| id.clone(), |rename| moved(id, rename))
        };
        let objects = std::mem::take(&mut renamed.objects);
        renamed.objects = collect::map(objects.into_iter().map(|(id, mut object)| {
            object.depends_on = collect::set(object.depends_on.iter().map(goes));
            each_id(&mut object.body, &goes);
            let now = goes(&id);
            if let Body::Column(column) = &mut object.body {
                keep_names(column, &id, &now, names_not_null);
            }
            (now, object)
        }));
        let sizes = std::mem::take(&mut renamed.sizes);
        renamed.sizes = collect::map(sizes.into_iter().map(|(id, size)| (goes(&id), size)));
    }
    for rename in renames {
        respell(&mut renamed, new, rename);
    }
    Some(renamed)
}

/// The first major version in which a NOT NULL is a constraint with a name.
const NAMED_NOT_NULL: u32 = 18;

/// What PostgreSQL named after a column keeps that name when column or table get another one.
fn keep_names(column: &mut Column, before: &ObjectId, now: &ObjectId, names_not_null: bool) {
    let name = |id: &ObjectId, end: &str| format!("{}_{}_{end}", id.path()[1], id.name());
    if before == now {
        return;
    }
    if let Some(identity) = &mut column.identity {
        let own = |id: &ObjectId| format!("{}.{}", ident(now.schema()), ident(&name(id, "seq")));
        let kept = identity.sequence_name.take().unwrap_or_else(|| own(before));
        identity.sequence_name = Some(kept).filter(|kept| *kept != own(now));
    }
    if !column.nullable && names_not_null {
        let mut more = column.not_null.take().unwrap_or_default();
        let kept = more.name.take().unwrap_or_else(|| name(before, "not_null"));
        more.name = Some(kept).filter(|kept| *kept != name(now, "not_null"));
        column.not_null = Some(more).filter(|more| *more != NotNull::default());
    }
}

fn is_within(id: &ObjectId, outer: &ObjectId) -> bool {
    let holds = outer.kind().is_relation() || matches!(outer.kind(), Kind::Schema | Kind::Domain);
    id == outer
        || holds
            && !id.kind().is_outside_schemas()
            && id.path().len() > outer.path().len()
            && id.path().starts_with(outer.path())
}

fn moved(id: &ObjectId, rename: &Rename) -> ObjectId {
    if !is_within(id, &rename.from) {
        return id.clone();
    }
    let rest = id.path().iter().skip(rename.from.path().len());
    ObjectId::new(id.kind(), rename.to.path().iter().chain(rest).cloned())
}

/// Applies `goes` to the ids that a body holds.
pub(crate) fn each_id(body: &mut Body, goes: &impl Fn(&ObjectId) -> ObjectId) {
    let one = |id: &mut Option<ObjectId>| *id = id.as_ref().map(goes);
    match body {
        Body::Sequence(it) => one(&mut it.owned_by),
        Body::Partition(it) => it.of = goes(&it.of),
        Body::ForeignTable(it) => {
            one(&mut it.of);
            it.inherits = it.inherits.iter().map(goes).collect();
        }
        Body::Table(it) => it.inherits = it.inherits.iter().map(goes).collect(),
        Body::Index(it) => one(&mut it.attached_to),
        Body::PrimaryKey(it) | Body::Unique(it) | Body::Exclusion(it) => one(&mut it.attached_to),
        Body::Publication(it) => {
            let tables = std::mem::take(&mut it.tables).into_iter();
            it.tables = collect::map(tables.map(|(id, what)| (goes(&id), what)));
        }
        _ => {}
    }
}

/// PostgreSQL prints the new name wherever the object is used. Texts that come out as new has them by
/// putting the one name for the other are taken to be just that; others stay, and differ.
fn respell(renamed: &mut Snapshot, new: &Snapshot, rename: &Rename) {
    for (id, object) in &mut renamed.objects {
        let uses = object.depends_on.contains(&rename.to)
            || id.path().starts_with(rename.to.parent())
            || object.depends_on.iter().any(|needed| is_within(needed, &rename.to));
        if !uses {
            continue;
        }
        // A constraint may have gone with the name: any of its kind may be it.
        let wanted: Vec<&Object> = match new.objects.get(id) {
            Some(wanted) => vec![wanted],
            None if object.body.has_incidental_name() => siblings(new, id),
            None => continue,
        };
        let spelled = wanted.into_iter().filter(|wanted| wanted.body != object.body).find_map(|wanted| {
            spellings(rename).into_iter().find_map(|words| respelled(object, &words, wanted))
        });
        if let Some(body) = spelled {
            object.body = body;
        }
    }
}

/// The objects of the same kind in the same container.
fn siblings<'s>(snapshot: &'s Snapshot, id: &ObjectId) -> Vec<&'s Object> {
    let start = ObjectId::new(Kind::Schema, id.parent().iter().cloned());
    let below =
        snapshot.objects.range(start..).take_while(|(other, _)| other.path().starts_with(id.parent()));
    below.filter(|(other, _)| other.kind() == id.kind()).map(|(_, object)| object).collect()
}

/// Ways in which a name may be printed within a definition, each with what takes its place.
fn spellings(rename: &Rename) -> Vec<Vec<(String, String)>> {
    let (from, to) = (ident(rename.from.name()), ident(rename.to.name()));
    let whole = (qualified(rename.from.path()), qualified(rename.to.path()));
    vec![
        vec![whole.clone()],
        vec![(from.clone(), to.clone())],
        vec![whole, (format!("{from}."), format!("{to}."))],
        vec![(from.clone(), format!("{to} AS {from}"))],
    ]
}

fn respelled(object: &Object, words: &[(String, String)], wanted: &Object) -> Option<Body> {
    let mut value = json::value(&object.body);
    let wanted_value = json::value(&wanted.body);
    each_pair(&mut value, &wanted_value, &|text, wanted| {
        let spelled = words.iter().fold(text.clone(), |text, (from, to)| replace_name(&text, from, to));
        if &spelled == wanted {
            *text = spelled;
        }
    });
    let body: Body = json::of_value(&value)?;
    (body != object.body).then_some(body)
}

/// Visits the texts that stand at the same place in both.
fn each_pair(value: &mut Value, wanted: &Value, visit: &impl Fn(&mut String, &String)) {
    match (value, wanted) {
        (Value::String(text), Value::String(wanted)) => visit(text, wanted),
        (Value::Object(fields), Value::Object(others)) => {
            for (name, field) in fields {
                if let Some(other) = others.get(name) {
                    each_pair(field, other, visit);
                }
            }
        }
        (Value::Array(items), Value::Array(others)) => {
            items.iter_mut().zip(others).for_each(|(item, other)| each_pair(item, other, visit));
        }
        _ => {}
    }
}

/// Puts `to` for `from` where it is not a part of a longer name.
pub(crate) fn replace_name(text: &str, from: &str, to: &str) -> String {
    let is_name = |c: char| c == '_' || c == '$' || c == '"' || c.is_alphanumeric();
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, after) = (&rest[..at], &rest[at + from.len()..]);
        let is_part = before.chars().next_back().or(out.chars().next_back()).is_some_and(is_name)
            || (!from.ends_with('.') && after.starts_with(is_name));
        out.push_str(before);
        out.push_str(if is_part { from } else { to });
        rest = after;
    }
    out + rest
}

/// Two objects that may be one under two names, and why it looks so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Suggestion {
    /// What would be renamed.
    pub rename: Rename,
    /// What they have in common: `same type, same default, at the same place`.
    pub evidence: String,
}

/// Removed and added objects of the same kind and container that look alike, each with the one that looks most alike.
pub(crate) fn suggest(found: &Diff) -> Vec<Suggestion> {
    let columns = columns_by_relation(found);
    let places = places(found);
    let mut taken = BTreeSet::new();
    let mut suggestions = Vec::new();
    let gone = found.deltas.iter().filter(|delta| matches!(delta.change, Change::Removed(_)));
    for removed in gone.filter(|delta| places.contains(&(delta.id.kind(), delta.id.parent()))) {
        let could_be = |added: &&Delta| {
            matches!(added.change, Change::Added(_))
                && added.id.kind() == removed.id.kind()
                && added.id.parent() == removed.id.parent()
                && !taken.contains(&added.id)
                && can_be_renamed(added.id.kind())
        };
        let candidates = found.deltas.iter().filter(could_be);
        let candidates = candidates.filter_map(|added| Some((likeness(removed, added, &columns)?, added)));
        if let Some(((_, evidence), added)) = candidates.max_by_key(|((score, _), _)| *score) {
            taken.insert(&added.id);
            let rename = Rename { from: removed.id.clone(), to: added.id.clone() };
            suggestions.push(Suggestion { rename, evidence });
        }
    }
    suggestions
}

/// Where something went and something of its kind came; not where they are so many that nobody renamed them one by
/// one.
fn places(found: &Diff) -> BTreeSet<(Kind, &[String])> {
    const MOST: usize = 2500;
    let mut counts: BTreeMap<(Kind, &[String]), [usize; 2]> = BTreeMap::new();
    for delta in &found.deltas {
        let count = counts.entry((delta.id.kind(), delta.id.parent())).or_default();
        match delta.change {
            Change::Removed(_) => count[0] += 1,
            Change::Added(_) => count[1] += 1,
            _ => {}
        }
    }
    let few = counts.into_iter().filter(|(_, [gone, new])| (1..=MOST).contains(&gone.saturating_mul(*new)));
    collect::set(few.map(|(place, _)| place))
}

type Columns<'a> = BTreeMap<&'a [String], BTreeSet<String>>;

fn columns_by_relation(found: &Diff) -> Columns<'_> {
    let mut columns = Columns::new();
    for delta in &found.deltas {
        if let Some(Body::Column(column)) =
            delta.old_object().or(delta.new_object()).map(|object| &object.body)
        {
            let line = format!("{} {}", delta.id.name(), column.data_type);
            columns.entry(delta.id.parent()).or_default().insert(line);
        }
    }
    columns
}

/// How much two objects look like one, and in what; `None` where they do not.
fn likeness(removed: &Delta, added: &Delta, columns: &Columns<'_>) -> Option<(usize, String)> {
    let letters = common_letters(removed.id.name(), added.id.name());
    match (&removed.old_object()?.body, &added.new_object()?.body) {
        (Body::Column(old), Body::Column(new)) => {
            let is_alike = old.data_type == new.data_type
                && old.nullable == new.nullable
                && old.default == new.default
                && old.generated == new.generated;
            let is_near = old.position == new.position;
            let place = if is_near { ", and at the same place" } else { "" };
            let evidence = format!("same type {}, NULL and default{place}", new.data_type);
            is_alike.then_some((letters + if is_near { 100 } else { 0 }, evidence))
        }
        (Body::Table(_), Body::Table(_)) => {
            let none = BTreeSet::new();
            let of = |delta: &Delta| columns.get(delta.id.path()).unwrap_or(&none);
            let (old, new) = (of(removed), of(added));
            let (same, all) = (old.intersection(new).count(), old.len().max(new.len()));
            // Half of the columns are the same.
            let evidence = format!("{same} of {all} columns have the same name and type");
            (all > 0 && !old.is_empty() && same * 2 >= all).then_some((same * 100 + letters, evidence))
        }
        (Body::Schema(_), _) => None,
        (old, new) => (old == new).then(|| (letters, "they say the same".to_owned())),
    }
}

/// How many letters two names begin and end with in common.
fn common_letters(a: &str, b: &str) -> usize {
    let start = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let end = a.chars().rev().zip(b.chars().rev()).take_while(|(a, b)| a == b).count();
    (start + end).min(a.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_is_read_as_it_is_written() {
        for (name, written) in [
            ("people", "table:public.users=people"),
            ("a=b", "table:public.users=\"a=b\""),
            ("a\"b", "table:public.users=a\"b"),
            ("\"a\"", "table:public.users=\"\"\"a\"\"\""),
            ("=\"", "table:public.users=\"=\"\"\""),
            ("table:public.a", "table:public.users=\"table:public.a\""),
        ] {
            let from = ObjectId::new(Kind::Table, ["public", "users"]);
            let rename = Rename { from, to: ObjectId::new(Kind::Table, ["public", name]) };
            assert_eq!(rename.to_string(), written);
            assert_eq!(written.parse::<Rename>(), Ok(rename), "{written}");
        }
        assert_eq!(
            "table:public.users=table:public.a".parse::<Rename>().map(|it| it.to.name().to_owned()),
            Ok("a".to_owned())
        );
    }

    #[test]
    fn reads_what_is_typed() {
        let rename: Rename = "table:public.a=b".parse().unwrap();
        assert_eq!(
            (rename.to.to_string().as_str(), rename.to_string().as_str()),
            ("table:public.b", "table:public.a=b")
        );
        let rename: Rename = "column:public.a.x=column:public.a.y".parse().unwrap();
        assert_eq!(rename.to.name(), "y");
        let refused = |text: &str| text.parse::<Rename>().unwrap_err().to_string();
        assert_eq!(
            refused("table:public.a"),
            "rename \"table:public.a\" is not of the form table:public.old=new"
        );
        assert_eq!(
            refused("tabel:public.a=b"),
            "rename \"tabel:public.a=b\": object id \"tabel:public.a\" has the unknown kind \"tabel\""
        );
    }

    #[test]
    fn what_is_known_is_done_in_an_order_that_works() {
        let of = |names: &str| {
            let table = |name: char| format!(r#""table:public.{name}": {{"body": {{"table": {{}}}}}}"#);
            let text = format!(r#"{{"format": 1, "objects": {{{}}}}}"#, names.chars().map(table).join(","));
            Snapshot::from_json(text.as_bytes()).unwrap()
        };
        let list = |texts: &[&str]| -> Vec<Rename> {
            texts.iter().map(|text| format!("table:public.{text}").parse().unwrap()).collect()
        };
        let kept = |old, new, texts: &[&str]| {
            known(&of(old), &of(new), &list(texts))
                .iter()
                .map(|it| it.to_string().replace("table:public.", ""))
                .join(" ")
        };
        assert_eq!(kept("ab", "bc", &["a=b", "b=c"]), "b=c a=b");
        assert_eq!(kept("bc", "bc", &["a=b", "b=c"]), "", "done already");
        assert_eq!(kept("ab", "ab", &["a=b", "b=a"]), "", "done or not, who can tell");
        assert_eq!(kept("a", "b", &["a=b", "a=b"]), "a=b a=b");
        assert_eq!(asked(&of("a"), &of("b"), &list(&["a=b", "a=b"])).unwrap().len(), 1);
        let refused = asked(&of("a"), &of("bc"), &list(&["a=b", "a=c"])).unwrap_err();
        assert_eq!(refused.to_string(), "renames table:public.a=b and table:public.a=c cannot both be");
    }

    #[test]
    fn the_way_back_calls_things_by_their_new_names() {
        let there: Vec<Rename> =
            ["table:public.a=b", "column:public.a.x=y"].iter().map(|text| text.parse().unwrap()).collect();
        let back = reversed(&there).iter().map(ToString::to_string).collect_vec();
        assert_eq!(back, ["table:public.b=a", "column:public.b.y=x"]);
    }

    #[test]
    fn names_are_whole_words() {
        assert_eq!(
            replace_name("public.user public.users", "public.user", "public.person"),
            "public.person public.users"
        );
        assert_eq!(replace_name("a.id = ba.id", "a.", "c."), "c.id = ba.id");
    }
}
