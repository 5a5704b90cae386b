//! Sorting by numbers.

use diff_core::collect;

/// The numbers below `count` in the order of their keys, those of equal keys in their own.
pub(crate) fn sorted(count: usize, key: impl Fn(usize) -> i64) -> Vec<usize> {
    let keys: Vec<i64> = (0..count).map(key).collect();
    collect::sorted_places(count, &|a, b| keys[a].cmp(&keys[b]))
}

/// The items in the order of their keys, those of equal keys as they stood.
pub(crate) fn sorted_by<T: Copy>(items: &[T], key: impl Fn(T) -> i64) -> Vec<T> {
    let key = |at: usize| items.get(at).map_or(0, |item| key(*item));
    sorted(items.len(), key).into_iter().filter_map(|at| items.get(at).copied()).collect()
}
