//! Sorting by numbers, in one place: every type and key that is sorted by costs the page ten kilobytes.

/// The numbers below `count` in the order of their keys, those of equal keys in their own.
pub(crate) fn sorted(count: usize, key: impl Fn(usize) -> i64) -> Vec<usize> {
    let mut keyed: Vec<(i64, usize)> = (0..count).map(|at| (key(at), at)).collect();
    sort(&mut keyed);
    keyed.into_iter().map(|(_, at)| at).collect()
}

/// The items in the order of their keys, those of equal keys as they stood.
pub(crate) fn sorted_by<T: Copy>(items: &[T], key: impl Fn(T) -> i64) -> Vec<T> {
    let key = |at: usize| items.get(at).map_or(0, |item| key(*item));
    sorted(items.len(), key).into_iter().filter_map(|at| items.get(at).copied()).collect()
}

#[inline(never)]
fn sort(keyed: &mut [(i64, usize)]) {
    keyed.sort_unstable();
}
