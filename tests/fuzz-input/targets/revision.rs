//! Fuzzes `fuzz_input::revision`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz_input::revision(bytes));
