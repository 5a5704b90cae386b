//! Fuzzes `fuzz_input::settings`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz_input::settings(bytes));
