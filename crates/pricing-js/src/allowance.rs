use js_sys::{Array, Date, Object, Reflect};
use scrip::{Allowance, Credits};
use wasm_bindgen::prelude::*;

use crate::{
    error,
    value::{millis, moment, read, write},
};

/// A rolling allowance.
#[wasm_bindgen]
pub struct Rolling(Allowance);

#[wasm_bindgen]
impl Rolling {
    /// A full one.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Self, JsValue> {
        Allowance::from_options(&read(options, "invalid_options")?).map(Self).map_err(error::placed)
    }

    /// What may be spent then.
    pub fn available(&self, at: f64) -> Result<String, JsValue> {
        Ok(self.0.available(moment(at, None)?).to_string())
    }

    /// Spends; the time it counts as.
    pub fn spend(&mut self, amount: &str, at: f64) -> Result<f64, JsValue> {
        let at = moment(at, None)?;
        self.0.spend(credits(amount)?, at).map(millis).map_err(error::plain)
    }

    /// Gives back; what was released now.
    pub fn refund(&mut self, amount: &str, spent_at: f64, at: f64) -> Result<String, JsValue> {
        let (spent_at, at) = (moment(spent_at, None)?, moment(at, None)?);
        self.0.refund(credits(amount)?, spent_at, at).map(|released| released.to_string()).map_err(error::plain)
    }

    /// Changes the capacity.
    #[wasm_bindgen(js_name = setCapacity)]
    pub fn set_capacity(&mut self, capacity: &str, at: f64) -> Result<(), JsValue> {
        let at = moment(at, None)?;
        self.0.set_capacity(credits(capacity)?, at).map_err(error::plain)
    }

    /// What comes back after then.
    pub fn returns(&self, at: f64) -> Result<Array, JsValue> {
        let list = Array::new();
        for (at, amount) in self.0.returns(moment(at, None)?) {
            let entry = Object::new();
            Reflect::set(&entry, &"at".into(), &Date::new(&millis(at).into()))?;
            Reflect::set(&entry, &"amount".into(), &amount.to_string().into())?;
            list.push(&entry);
        }
        Ok(list)
    }

    /// The state.
    #[wasm_bindgen(js_name = toJSON)]
    pub fn to_json(&self) -> Result<JsValue, JsValue> {
        write(&self.0.to_value())
    }

    /// The state read back.
    #[wasm_bindgen(js_name = fromJSON)]
    pub fn from_json(state: &JsValue) -> Result<Self, JsValue> {
        Allowance::from_value(&read(state, "invalid_state")?).map(Self).map_err(error::placed)
    }
}

fn credits(text: &str) -> Result<Credits, JsValue> {
    text.parse().map_err(error::plain)
}
