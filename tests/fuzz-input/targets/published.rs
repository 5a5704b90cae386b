//! Fuzzes `fuzz_input::published`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz_input::published(bytes));
