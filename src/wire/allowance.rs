use crate::{
    Allowance, PricingError, Quantity, Spend, Timestamp, Window,
    price_book::{moment, rfc3339},
    pricing_error::{Fault, Kind},
    wire::{
        Value,
        read::{list, object},
        write::Object,
    },
};

const DAMAGED: Kind = Kind::InvalidState;

impl Allowance {
    /// A full allowance of `{"capacity", "windowSeconds"}`; without a window it is 30 days, with `null` nothing returns.
    ///
    /// # Errors
    /// `invalid_decimal`, `overflow`, `invalid_options` or `unknown_field` with its path.
    pub fn from_options(value: &Value) -> Result<Self, PricingError> {
        let [capacity, seconds] = object(value, ["capacity", "windowSeconds"], Kind::InvalidOptions)?;
        let window = seconds.optional(window)?.unwrap_or(Some(Window::THIRTY_DAYS));
        Ok(Self::new(capacity.credits(Kind::InvalidDecimal)?, window, Timestamp::MIN))
    }

    /// The state as a tree: [`from_value`](Self::from_value) reads it back.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let clock = self.clock();
        let seconds = self.window().map(|window| Quantity::from_whole(window.seconds()));
        let spends = self
            .history()
            .map(|spend| Object::default().text("at", &rfc3339(spend.at)).text("amount", &spend.amount).end());
        Object::default()
            .text("capacity", &self.balance(clock).capacity)
            .put("windowSeconds", seconds.map_or(Value::Null, |seconds| Value::Number(Some(seconds))))
            .put("at", if clock == Timestamp::MIN { Value::Null } else { Value::Text(rfc3339(clock)) })
            .put("spends", Value::List(spends.collect()))
            .end()
    }

    /// Reads what [`to_value`](Self::to_value) wrote.
    ///
    /// # Errors
    /// `invalid_state` with the path of the damage.
    pub fn from_value(value: &Value) -> Result<Self, PricingError> {
        restore(value).map_err(|fault| fault.coded(DAMAGED))
    }
}

fn restore(value: &Value) -> Result<Allowance, Fault> {
    let [capacity, seconds, at, spends] = object(value, ["capacity", "windowSeconds", "at", "spends"], DAMAGED)?;
    let clock = at.required(DAMAGED, |at| match at {
        Value::Null => Ok(Timestamp::MIN),
        _ => time(at),
    })?;
    let spends = spends.required(DAMAGED, |spends| list(spends, DAMAGED, spend))?;
    Ok(Allowance::restore(capacity.credits(DAMAGED)?, seconds.required(DAMAGED, window)?, clock, spends)?)
}

fn spend(value: &Value) -> Result<Spend, Fault> {
    let [at, amount] = object(value, ["at", "amount"], DAMAGED)?;
    Ok(Spend { at: at.required(DAMAGED, time)?, amount: amount.credits(DAMAGED)? })
}

fn time(value: &Value) -> Result<Timestamp, Fault> {
    let at = match value {
        Value::Text(text) => moment(text),
        _ => None,
    };
    at.ok_or_else(|| Fault::new(DAMAGED, "expected a moment such as 2024-05-13T08:00:00.000Z"))
}

fn window(value: &Value) -> Result<Option<Window>, Fault> {
    let seconds = match value {
        Value::Null => return Ok(None),
        Value::Number(Some(number)) => number.whole(),
        _ => None,
    };
    let window = seconds.and_then(|seconds| Window::from_seconds(seconds).ok());
    window
        .map(Some)
        .ok_or_else(|| Fault::new(Kind::InvalidOptions, "expected a whole number of seconds above 0, or null"))
}
