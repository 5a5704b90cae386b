//! Collecting and sorting, in few forms. The standard library's `collect` into a map or a set sorts first, and
//! each type that is sorted brings a sort of its own into the page: four to ten kilobytes.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// A map of the pairs; of two with the same key the later one counts.
pub fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(pairs);
    map
}

/// A set of the items.
pub fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

/// The set without an item. Taking out in place is much code, again for each type.
pub fn without<T: Ord>(items: BTreeSet<T>, item: &T) -> BTreeSet<T> {
    set(items.into_iter().filter(|known| known != item))
}

/// The items in order; those that are equal stay as they stand.
pub fn sorted_by<T>(items: impl IntoIterator<Item = T>, order: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let items: Vec<T> = items.into_iter().collect();
    let places = sorted_places(items.len(), &|a, b| order(&items[a], &items[b]));
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    places.into_iter().filter_map(|place| items[place].take()).collect()
}

/// The items by a key; those that have the same stay as they stand.
pub fn sorted_by_key<T, K: Ord>(items: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    sorted_by(items, |a, b| key(a).cmp(&key(b)))
}

/// The places up to `count` in order: the one sort there is, of whatever type the things at the places are.
pub fn sorted_places(count: usize, order: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|a, b| order(*a, *b));
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_stay_as_they_stand() {
        assert_eq!(sorted_by_key(["bb", "a", "cc", "d"], |text| text.len()), ["a", "d", "bb", "cc"]);
        assert_eq!(map([(1, "a"), (0, "b"), (1, "c")]), BTreeMap::from([(0, "b"), (1, "c")]));
        assert_eq!(set([2, 1, 2]), BTreeSet::from([1, 2]));
    }
}
