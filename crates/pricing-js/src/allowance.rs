use alloc::string::String;

use scrip::{Allowance, Credits, Error, Timestamp, wire::Value};
use wasm_bindgen::prelude::*;

use crate::answer::{moment, placed, plain};

/// A rolling allowance.
#[wasm_bindgen]
pub struct Rolling(Allowance);

impl Default for Rolling {
    fn default() -> Self {
        Self(Allowance::new(Credits::ZERO, None, Timestamp::MIN))
    }
}

#[wasm_bindgen]
impl Rolling {
    /// An empty one; `load` makes it what it is to be.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Becomes a full one of these options, or what `ask("toJSON")` wrote.
    pub fn load(&mut self, json: &str, is_state: bool) -> String {
        let read = |json| {
            let value = Value::parse(json)?;
            if is_state { Allowance::from_value(&value) } else { Allowance::from_options(&value) }
        };
        placed(read(json).map(|allowance: Allowance| {
            self.0 = allowance;
            String::new()
        }))
    }

    /// Answers one call of `Allowance`. What `spend` answers is a time in milliseconds.
    pub fn ask(&mut self, call: &str, amount: &str, at: f64, spent_at: f64) -> String {
        plain(self.answer(call, amount, at, spent_at))
    }

    fn answer(&mut self, call: &str, amount: &str, at: f64, spent_at: f64) -> Result<String, Error> {
        if call == "toJSON" {
            return Ok(self.0.to_json());
        }
        let at = moment(at)?;
        match call {
            "available" => return Ok(self.0.available(at).to_text()),
            "returns" => return Ok(self.0.returns_to_json(at)),
            _ => {}
        }
        let amount: Credits = amount.parse()?;
        match call {
            "spend" => self.0.spend(amount, at).map(Timestamp::to_text),
            "refund" => self.0.refund(amount, moment(spent_at)?, at).map(Credits::to_text),
            _ => self.0.set_capacity(amount, at).map(|()| String::new()),
        }
    }
}
