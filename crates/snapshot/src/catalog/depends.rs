//! What each object cannot exist without, from `pg_depend`, in terms of the objects of the snapshot.

use std::collections::HashMap;

use diff_core::{Kind, Object, ObjectId};
use tokio_postgres::Row;

use super::rows::address;
use super::{Address, Found};

/// More steps than any way from a thing to its object has.
const FURTHEST: usize = 8;

/// The two places that a row of `depends.sql` or `aliases.sql` speaks of.
pub(super) fn link(row: &Row) -> (Address, Address) {
    (address(row), (row.get("needed_class"), row.get("needed_object"), row.get("needed_part")))
}

/// Records what each thing needs, with what stands for what is no object itself.
pub(super) fn record(found: &mut Found, aliases: &[(Address, Address)], links: &[(Address, Address)]) {
    let aliases: HashMap<Address, Address> = aliases.iter().copied().collect();
    // There are several rows an object, and each is looked up twice: places in a list are found and compared quickly.
    let mut objects: Vec<&mut Box<(ObjectId, Object)>> = Vec::with_capacity(found.len());
    let mut places = HashMap::with_capacity(found.len());
    for (address, object) in found {
        places.insert(*address, (objects.len(), object.0.kind()));
        objects.push(object);
    }
    for (dependent, needed) in links {
        let (Some(dependent), Some(needed)) =
            (resolve(&places, &aliases, *dependent), resolve(&places, &aliases, *needed))
        else {
            continue;
        };
        let (id, needed) = (&objects[dependent].0, &objects[needed].0);
        if id != needed && !is_contained(id, needed) {
            let needed = needed.clone();
            objects[dependent].1.depends_on.insert(needed);
        }
    }
}

/// The place of the object that stands for what is at `address`.
fn resolve(
    places: &HashMap<Address, (usize, Kind)>,
    aliases: &HashMap<Address, Address>,
    address: Address,
) -> Option<usize> {
    let mut address = address;
    for _ in 0..FURTHEST {
        let whole = (address.0, address.1, 0);
        // A column of a view is there only for what it carries; the view is what others need.
        if let Some((place, kind)) = places.get(&address)
            && *kind != Kind::ViewColumn
        {
            return Some(*place);
        }
        if let Some((place, _)) = places.get(&whole) {
            return Some(*place);
        }
        address = *aliases.get(&whole)?;
    }
    None
}

/// What contains the object, and what it contains, need not be said.
fn is_contained(one: &ObjectId, other: &ObjectId) -> bool {
    let (short, long) = if one.path().len() < other.path().len() { (one, other) } else { (other, one) };
    short.path().len() < long.path().len()
        && !short.kind().is_outside_schemas()
        && !long.kind().is_outside_schemas()
        && long.path().starts_with(short.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containment_is_a_matter_of_schemas() {
        let check = |one: &str, other: &str, expected: bool| {
            let (one, other) = (one.parse().unwrap(), other.parse().unwrap());
            assert_eq!(is_contained(&one, &other), expected, "{one} {other}");
        };
        check("column:public.t.a", "table:public.t", true);
        check("schema:public", "table:public.t", true);
        check("extension:hstore", "schema:hstore", false);
        check("check:public.t.a", "column:public.t.a", false);
        check("user_mapping:public.me", "schema:public", false);
    }
}
