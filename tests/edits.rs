//! Pairs that no server had: random edits of a snapshot with an object of every kind, with numbers as large as they come and
//! texts that something may stumble over. What is made of them natively and in a browser, `tests/page/test_equal.py` compares.

use tests::hand_on;

const PAIRS: usize = 300;
const TRIES: u64 = 5_000;
/// So many bytes at least; each edit takes about four, and most edits make something else of a snapshot.
const FEWEST: usize = 6;

/// Bytes that are the same each time, by a generator of Marsaglia's.
fn bytes(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    std::iter::repeat_with(next).take(FEWEST + seed as usize % 20).collect()
}

#[test]
fn random_edits_make_pairs() {
    let pairs = (0..TRIES).filter_map(|seed| Some((seed, fuzz_input::edited(&bytes(seed))?))).take(PAIRS);
    let kept = pairs.map(|(seed, (old, new))| hand_on("edits", &seed.to_string(), &old, &new)).count();
    assert_eq!(kept, PAIRS, "of {TRIES} edits");
}
