//! Fuzzes `fuzz_input::edits`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz_input::edits(bytes));
