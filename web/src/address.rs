//! The browser's address: what is looked at, in the part behind `#`, which no server ever sees. A link opens the
//! page again as it was.
//!
//! `#/1/changes/table:public.orders?by=risk&sev=high&lens=sql`: the version of this form, the view, the object,
//! and everything that is not as it is at first.

use std::collections::BTreeSet;

use diff_core::json;
use form_urlencoded::{Serializer, byte_serialize, parse};
use serde::Serialize;
use serde::de::DeserializeOwned;
use viewer::ask::{Filter, Grouping, Listing, MapOptions, Way};

use crate::state::{Lens, MapForm, View};

/// The version of the form that is written. A change to it needs a reader of the one before.
const VERSION: &str = "1";

/// What an address says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Route {
    pub(crate) view: View,
    pub(crate) object: Option<String>,
    pub(crate) entry: Option<usize>,
    pub(crate) lens: Lens,
    pub(crate) listing: Listing,
    pub(crate) way: Way,
    pub(crate) map: MapOptions,
    pub(crate) map_form: MapForm,
    pub(crate) ignore: Vec<String>,
    pub(crate) renames: Vec<String>,
    /// The places of old and new among the open files.
    pub(crate) pair: Option<(usize, usize)>,
}

const VIEWS: [(View, &str); 5] = [
    (View::Overview, "overview"),
    (View::Changes, "changes"),
    (View::Map, "map"),
    (View::Migration, "migration"),
    (View::Matrix, "matrix"),
];

const LENSES: [(Lens, &str); 3] =
    [(Lens::Summary, "summary"), (Lens::Split, "sql"), (Lens::Unified, "unified")];

const FORMS: [(MapForm, &str); 3] =
    [(MapForm::Boxes, "boxes"), (MapForm::Tiles, "tiles"), (MapForm::Table, "table")];

fn word<T: PartialEq>(table: &[(T, &'static str)], value: &T) -> &'static str {
    table.iter().find(|(known, _)| known == value).map_or("", |(_, word)| word)
}

fn value<T: Copy>(table: &[(T, &'static str)], word: &str) -> Option<T> {
    table.iter().find(|(_, known)| *known == word).map(|(value, _)| *value)
}

/// The word that serde has for a value of a plain enum: `high`.
fn named(value: &impl Serialize) -> String {
    String::from_utf8_lossy(&json::write(value)).trim_matches('"').to_owned()
}

fn of_name<T: DeserializeOwned>(name: &str) -> Option<T> {
    json::read(&json::write(&name)).ok()
}

impl Route {
    /// The part behind and with `#`.
    pub(crate) fn write(&self) -> String {
        let mut text = format!("#/{VERSION}/{}", word(&VIEWS, &self.view));
        if let Some(object) = &self.object {
            text.push('/');
            text.extend(byte_serialize(object.as_bytes()));
        }
        let query = self.query();
        if query.is_empty() { text } else { format!("{text}?{query}") }
    }

    fn query(&self) -> String {
        let mut query = Serializer::new(String::new());
        let filter = &self.listing.filter;
        let mut put = |name: &str, value: &str| {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        };
        let entry = self.entry.map(|entry| entry.to_string()).unwrap_or_default();
        put("at", &entry);
        put("lens", if self.lens == Lens::Summary { "" } else { word(&LENSES, &self.lens) });
        put(
            "by",
            &if self.listing.grouping == Grouping::Table {
                String::new()
            } else {
                named(&self.listing.grouping)
            },
        );
        put("all", if self.listing.is_whole { "1" } else { "" });
        put("q", &filter.text);
        put("loss", if filter.is_loss { "1" } else { "" });
        filter.severities.iter().for_each(|it| put("sev", &named(it)));
        filter.groups.iter().for_each(|it| put("kind", &named(it)));
        filter.fates.iter().for_each(|it| put("fate", &named(it)));
        filter.rules.iter().for_each(|it| put("rule", it));
        filter.schemas.iter().for_each(|it| put("schema", it));
        put("back", if self.way.is_back { "1" } else { "" });
        put("form", if self.way.is_alembic { "alembic" } else { "" });
        self.way.only.iter().flatten().for_each(|it| put("only", it));
        put("map", if self.map_form == MapForm::Boxes { "" } else { word(&FORMS, &self.map_form) });
        if self.map != MapOptions::default() {
            put("near", &serde_json::to_string(&self.map).unwrap_or_default());
        }
        self.ignore.iter().for_each(|it| put("ignore", it));
        self.renames.iter().for_each(|it| put("rename", it));
        if let Some((old, new)) = self.pair {
            put("cmp", &format!("{old}..{new}"));
        }
        query.finish()
    }

    /// Reads what [`Route::write`] wrote; what it does not know it leaves as it is at first. Nothing where the
    /// address is another's, or of a later version.
    pub(crate) fn read(fragment: &str) -> Option<Self> {
        let rest = fragment.strip_prefix("#/")?;
        let (version, rest) = rest.split_once('/')?;
        match version {
            VERSION => Some(Self::read_1(rest)),
            _ => None,
        }
    }

    fn read_1(rest: &str) -> Self {
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (view, object) = path.split_once('/').unwrap_or((path, ""));
        let mut route = Self {
            view: value(&VIEWS, view).unwrap_or_default(),
            // Behind a `=`, the reader of queries reads it as it was written.
            object: parse(format!("o={object}").as_bytes())
                .next()
                .map(|(_, object)| object.into_owned())
                .filter(|object| !object.is_empty()),
            ..Self::default()
        };
        for (name, text) in parse(query.as_bytes()) {
            route.set(&name, &text);
        }
        route
    }

    fn set(&mut self, name: &str, text: &str) {
        let filter: &mut Filter = &mut self.listing.filter;
        match name {
            "at" => self.entry = text.parse().ok(),
            "lens" => self.lens = value(&LENSES, text).unwrap_or_default(),
            "by" => self.listing.grouping = of_name(text).unwrap_or_default(),
            "all" => self.listing.is_whole = true,
            "q" => text.clone_into(&mut filter.text),
            "loss" => filter.is_loss = true,
            "sev" => filter.severities.extend(of_name::<diff_core::Severity>(text)),
            "kind" => filter.groups.extend(of_name::<diff_core::Group>(text)),
            "fate" => filter.fates.extend(of_name::<viewer::ask::Fate>(text)),
            "rule" => add(&mut filter.rules, text),
            "schema" => add(&mut filter.schemas, text),
            "back" => self.way.is_back = true,
            "form" => self.way.is_alembic = text == "alembic",
            "rename" => self.renames.push(text.to_owned()),
            "only" => add(self.way.only.get_or_insert_default(), text),
            "map" => self.map_form = value(&FORMS, text).unwrap_or_default(),
            "near" => self.map = json::read(text.as_bytes()).unwrap_or_default(),
            "ignore" => self.ignore.push(text.to_owned()),
            "cmp" => {
                let places = text.split_once("..");
                self.pair = places.and_then(|(old, new)| Some((old.parse().ok()?, new.parse().ok()?)));
            }
            _ => {}
        }
    }
}

fn add(set: &mut BTreeSet<String>, text: &str) {
    set.insert(text.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;
    use diff_core::{Group, Severity};
    use viewer::ask::Fate;

    #[test]
    fn the_command_s_decisions_are_read() {
        let route = Route::read("#/1/overview?rename=table%3Apublic.a%3Db&ignore=%23owner").unwrap();
        assert_eq!(
            (route.renames, route.ignore),
            (vec!["table:public.a=b".to_owned()], vec!["#owner".to_owned()])
        );
    }

    #[test]
    fn what_is_written_is_read() {
        let plain = Route::default();
        assert_eq!(plain.write(), "#/1/overview");
        let filter = Filter {
            text: "a b&c=d#e".to_owned(),
            severities: [Severity::High].into(),
            groups: [Group::MissingTables, Group::Types].into(),
            fates: [Fate::Removed].into(),
            rules: ["drop-column".to_owned()].into(),
            schemas: ["späti".to_owned()].into(),
            is_loss: true,
        };
        let route = Route {
            view: View::Changes,
            object: Some("table:public.\"a/b?c#d +%\"".to_owned()),
            entry: Some(3),
            lens: Lens::Split,
            listing: Listing { filter, grouping: Grouping::Cause, is_whole: true, ..Listing::default() },
            way: Way { is_back: true, is_alembic: true, only: Some(["table:public.t".to_owned()].into()) },
            map: MapOptions { hops: 2, ..MapOptions::default() },
            map_form: MapForm::Tiles,
            ignore: vec!["#owner".to_owned()],
            renames: vec!["table:public.a=b".to_owned()],
            pair: Some((2, 0)),
        };
        for route in [plain, route] {
            assert_eq!(Route::read(&route.write()), Some(route));
        }
    }

    #[test]
    fn what_is_not_known_is_passed_over() {
        assert_eq!(Route::read("#/1/nothing?x=1&sev=none&cmp=a"), Some(Route::default()));
        assert_eq!(Route::read("#/2/changes"), None);
        assert_eq!(Route::read("#main"), None);
        assert_eq!(Route::read(""), None);
    }
}
