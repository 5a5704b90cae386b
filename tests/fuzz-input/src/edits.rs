//! Bytes as edits of a snapshot that has an object of every kind: what comes out is nearly always a snapshot, and
//! seldom one that a database could have.

use diff_core::Snapshot;
use serde_json::{Map, Value};

const KINDS: &[u8] = include_bytes!("../kinds.json");

/// Texts that something may stumble over.
const TEXTS: [&str; 24] = [
    "",
    " ",
    "a",
    "select",
    "\"",
    "'",
    "\\",
    "\n",
    "\r\n",
    "$$",
    "$x$",
    "--",
    "/*",
    "*/",
    ";",
    ".",
    "%s",
    "\u{1b}[31m",
    "\u{202e}",
    "e\u{301}",
    "ééééééééééééééééééééééééééééééé",
    "</script>",
    "CHECK ((a > 0))",
    "public",
];

/// The bytes, taken one after the other; zero where there are no more.
struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn one(&mut self) -> usize {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                usize::from(*first)
            }
            None => 0,
        }
    }

    fn two(&mut self) -> usize {
        self.one() << 8 | self.one()
    }

    fn some(&mut self) -> &'b [u8] {
        let count = self.one().min(self.0.len()).min(80);
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken
    }

    fn text(&mut self) -> String {
        match self.one() {
            0 => String::from_utf8_lossy(self.some()).into_owned(),
            number => TEXTS[number % TEXTS.len()].to_owned(),
        }
    }
}

/// Two snapshots; none where the edits have made something else of one.
pub(super) fn pair(bytes: &[u8]) -> Option<(Snapshot, Snapshot)> {
    let mut bytes = Bytes(bytes);
    let mut base: Value = serde_json::from_slice(KINDS).ok()?;
    // A part of the objects: all of them are slow to plan.
    let (every, first) = (2 + bytes.one() % 14, bytes.one());
    let mut place = first;
    base.get_mut("objects")?.as_object_mut()?.retain(|_, _| {
        place += 1;
        place % every == 0
    });
    let shared = bytes.one() % 8;
    edit(&mut base, &mut bytes, shared);
    let mut new = base.clone();
    let count = bytes.one() % 32;
    edit(&mut new, &mut bytes, count);
    let read = |value: &Value| Snapshot::from_json(&serde_json::to_vec(value).ok()?).ok();
    Some((read(&base)?, read(&new)?))
}

fn edit(root: &mut Value, bytes: &mut Bytes<'_>, count: usize) {
    for _ in 0..count {
        if bytes.0.is_empty() {
            return;
        }
        let (what, place) = (bytes.one() % 10, bytes.two());
        match what {
            0..=3 => change(root, bytes, place),
            4 => renamed(root, bytes, place),
            5 => copied(root, bytes, place),
            6 => drop(objects(root).and_then(|objects| removed(objects, place))),
            _ => attribute(root, bytes, place),
        }
    }
}

fn objects(root: &mut Value) -> Option<&mut Map<String, Value>> {
    root.get_mut("objects")?.as_object_mut()
}

fn removed(objects: &mut Map<String, Value>, place: usize) -> Option<Value> {
    let key = objects.keys().nth(place % objects.len().max(1))?.clone();
    objects.remove(&key)
}

/// Gives an object another name, and all that lies in it.
fn renamed(root: &mut Value, bytes: &mut Bytes<'_>, place: usize) {
    let name = bytes.text();
    let Some(objects) = objects(root) else { return };
    let Some(id) = objects.keys().nth(place % objects.len().max(1)).cloned() else { return };
    let Some(mut id) = id.parse::<diff_core::ObjectId>().ok() else { return };
    let Some(body) = objects.remove(&id.to_string()) else { return };
    let parent = id.parent().to_vec();
    id = diff_core::ObjectId::new(id.kind(), parent.into_iter().chain([name]));
    objects.insert(id.to_string(), body);
}

/// Puts the body of an object at another one's place.
fn copied(root: &mut Value, bytes: &mut Bytes<'_>, place: usize) {
    let from = bytes.two();
    let Some(objects) = objects(root) else { return };
    let count = objects.len().max(1);
    let Some(body) = objects.values().nth(from % count).cloned() else { return };
    if let Some(there) = objects.values_mut().nth(place % count) {
        *there = body;
    }
}

/// Changes something within the body of an object.
fn attribute(root: &mut Value, bytes: &mut Bytes<'_>, place: usize) {
    let within = bytes.two();
    let Some(objects) = objects(root) else { return };
    let count = objects.len().max(1);
    if let Some(object) = objects.values_mut().nth(place % count) {
        change(object, bytes, within);
    }
}

/// Changes the value at a place of all those that there are.
fn change(root: &mut Value, bytes: &mut Bytes<'_>, place: usize) {
    let count = nodes(root);
    let mut left = place % count;
    let Some(node) = node(root, &mut left) else { return };
    let changed = match (&*node, bytes.one() % 4) {
        (_, 0) => Value::Null,
        (Value::String(_), 1) => Value::String(bytes.text()),
        (Value::String(text), _) => {
            let at = bytes.one() % (text.chars().count() + 1);
            let (before, after): (String, String) =
                (text.chars().take(at).collect(), text.chars().skip(at).collect());
            Value::String(format!("{before}{}{after}", bytes.text()))
        }
        (Value::Number(_), _) => {
            [0, -1, 1, i64::MAX, i64::MIN, i64::from(u32::MAX), 70_000][bytes.one() % 7].into()
        }
        (Value::Bool(it), _) => (!it).into(),
        (Value::Array(all), 1) => all.iter().skip(1).cloned().collect(),
        (Value::Array(all), _) => all.iter().chain(all.first()).cloned().collect(),
        (Value::Object(all), _) => {
            let gone = bytes.one() % all.len().max(1);
            all.iter()
                .enumerate()
                .filter(|(at, _)| *at != gone)
                .map(|(_, (name, value))| (name.clone(), value.clone()))
                .collect()
        }
        (Value::Null, _) => Value::String(bytes.text()),
    };
    *node = changed;
}

fn nodes(value: &Value) -> usize {
    1 + match value {
        Value::Array(all) => all.iter().map(nodes).sum(),
        Value::Object(all) => all.values().map(nodes).sum(),
        _ => 0,
    }
}

/// The value at a place, in the order of the text.
fn node<'v>(value: &'v mut Value, left: &mut usize) -> Option<&'v mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Array(all) => all.iter_mut().find_map(|it| node(it, left)),
        Value::Object(all) => all.values_mut().find_map(|it| node(it, left)),
        _ => None,
    }
}
