//! What a browser is offered.

use wasm_bindgen::prelude::wasm_bindgen;

/// The sums of a pair's outputs.
#[wasm_bindgen]
pub fn sums(pair: &[u8]) -> String {
    crate::sums(pair)
}

/// One output of a pair.
#[wasm_bindgen]
pub fn text_of(pair: &[u8], name: &str) -> String {
    crate::text_of(pair, name)
}

/// A pair that has been read, for who measures.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Measured(Option<crate::Measured>);

#[wasm_bindgen]
impl Measured {
    /// Reads a pair.
    #[wasm_bindgen(constructor)]
    pub fn new(pair: &[u8]) -> Self {
        Self(crate::Measured::new(pair))
    }

    /// Does one of the works; gives how much came of it.
    pub fn run(&self, work: usize) -> usize {
        self.0.as_ref().map_or(0, |pair| pair.run(work))
    }
}

/// What the works are called.
#[wasm_bindgen]
pub fn works() -> Vec<String> {
    crate::WORKS.map(str::to_owned).to_vec()
}
