use alloc::string::String;

use crate::{
    Allowance, PricingError, Spend, Timestamp, Window,
    price_book::{moment, rfc3339},
    pricing_error::{Fault, Kind},
    wire::{
        Value,
        json::Json,
        read::{list, object},
    },
};

const DAMAGED: Kind = Kind::InvalidState;

impl Allowance {
    /// A full allowance of `{"capacity", "windowSeconds"}`; without a window it is 30 days, with `null` nothing returns.
    ///
    /// # Errors
    /// `invalid_decimal`, `overflow`, `invalid_options` or `unknown_field` with its path.
    pub fn from_options(value: &Value<'_>) -> Result<Self, PricingError> {
        let [capacity, seconds] = object(value, ["capacity", "windowSeconds"], Kind::InvalidOptions)?;
        let window = seconds.optional(window)?.unwrap_or(Some(Window::THIRTY_DAYS));
        Ok(Self::new(capacity.credits(Kind::InvalidDecimal)?, window, Timestamp::MIN))
    }

    /// The state as JSON: [`from_value`](Self::from_value) reads it back.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json::default();
        json.object(None, &|json| {
            let clock = self.clock();
            json.plain("capacity", &self.balance(clock).capacity);
            match self.window() {
                Some(window) => json.number("windowSeconds", &u64::from(window.seconds())),
                None => json.word("windowSeconds", "null"),
            }
            match clock {
                Timestamp::MIN => json.word("at", "null"),
                _ => json.plain("at", &rfc3339(clock)),
            }
            json.list(Some("spends"), &|json| {
                for spend in self.history() {
                    json.object(None, &|json| {
                        json.plain("at", &rfc3339(spend.at));
                        json.plain("amount", &spend.amount);
                    });
                }
            });
        });
        json.end()
    }

    /// What comes back strictly after `now` as JSON: a list of `{"at", "amount"}`, in order.
    #[must_use]
    pub fn returns_to_json(&self, now: Timestamp) -> String {
        let mut json = Json::default();
        json.list(None, &|json| {
            for (at, amount) in self.returns(now) {
                json.object(None, &|json| {
                    json.plain("at", &rfc3339(at));
                    json.plain("amount", &amount);
                });
            }
        });
        json.end()
    }

    /// Reads what [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// `invalid_state` with the path of the damage.
    pub fn from_value(value: &Value<'_>) -> Result<Self, PricingError> {
        restore(value).map_err(|fault| fault.coded(DAMAGED))
    }
}

fn restore(value: &Value<'_>) -> Result<Allowance, Fault> {
    let [capacity, seconds, at, spends] = object(value, ["capacity", "windowSeconds", "at", "spends"], DAMAGED)?;
    let clock = at.required(DAMAGED, |at| match at {
        Value::Null => Ok(Timestamp::MIN),
        _ => time(at),
    })?;
    let spends = spends.required(DAMAGED, |spends| list(spends, DAMAGED, spend))?;
    Ok(Allowance::restore(capacity.credits(DAMAGED)?, seconds.required(DAMAGED, window)?, clock, spends)?)
}

fn spend(value: &Value<'_>) -> Result<Spend, Fault> {
    let [at, amount] = object(value, ["at", "amount"], DAMAGED)?;
    Ok(Spend { at: at.required(DAMAGED, time)?, amount: amount.credits(DAMAGED)? })
}

fn time(value: &Value<'_>) -> Result<Timestamp, Fault> {
    let at = match value {
        Value::Text(text) => moment(text),
        _ => None,
    };
    at.ok_or_else(|| Fault::new(DAMAGED, "expected a moment such as 2024-05-13T08:00:00.000Z"))
}

fn window(value: &Value<'_>) -> Result<Option<Window>, Fault> {
    let seconds = match value {
        Value::Null => return Ok(None),
        Value::Number(Some(number)) => number.count(),
        _ => None,
    };
    let window = seconds.and_then(|seconds| Window::from_seconds(seconds).ok());
    window
        .map(Some)
        .ok_or_else(|| Fault::new(Kind::InvalidOptions, "expected a whole number of seconds above 0, or null"))
}
