//! Fuzzes `fuzz_input::statements`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz_input::statements(bytes));
