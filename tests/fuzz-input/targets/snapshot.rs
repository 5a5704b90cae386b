//! Fuzzes `fuzz_input::snapshot`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz_input::snapshot(bytes));
