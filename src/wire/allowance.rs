use crate::{
    Allowance, PricingError, Quantity, Spend, Timestamp, Window,
    price_book::{moment, rfc3339},
    pricing_error::{Fault, Kind},
    wire::{
        Value,
        read::{Members, credits, list},
    },
};

impl Allowance {
    /// A full allowance of `{"capacity", "windowSeconds"}`; without a window it is 30 days, with `null` nothing returns.
    ///
    /// # Errors
    /// `invalid_decimal`, `overflow`, `invalid_options` or `unknown_field` with its path.
    pub fn from_options(value: &Value) -> Result<Self, PricingError> {
        let mut options = Members::of(value, Kind::InvalidOptions)?;
        let capacity = options.required("capacity", Kind::InvalidDecimal, credits)?;
        let window = options.optional("windowSeconds", window)?.unwrap_or(Some(Window::THIRTY_DAYS));
        options.end()?;
        Ok(Self::new(capacity, window, Timestamp::MIN))
    }

    /// The state as a tree: [`from_value`](Self::from_value) reads it back.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let clock = self.clock();
        let spends = self.history().map(|spend| {
            Value::object([("at", Some(Value::Text(rfc3339(spend.at)))), ("amount", Some(Value::text(spend.amount)))])
        });
        let seconds = |window: Window| Value::Number(Some(Quantity::from_whole(window.seconds())));
        Value::object([
            ("capacity", Some(Value::text(self.balance(clock).capacity))),
            ("windowSeconds", Some(self.window().map_or(Value::Null, seconds))),
            ("at", Some(if clock == Timestamp::MIN { Value::Null } else { Value::Text(rfc3339(clock)) })),
            ("spends", Some(Value::list(spends))),
        ])
    }

    /// Reads what [`to_value`](Self::to_value) wrote.
    ///
    /// # Errors
    /// `invalid_state` with the path of the damage.
    pub fn from_value(value: &Value) -> Result<Self, PricingError> {
        restore(value).map_err(Fault::in_state)
    }
}

fn restore(value: &Value) -> Result<Allowance, Fault> {
    const BAD: Kind = Kind::InvalidState;
    let mut state = Members::of(value, BAD)?;
    let capacity = state.required("capacity", BAD, credits)?;
    let window = state.required("windowSeconds", BAD, window)?;
    let clock = state.required("at", BAD, |at| match at {
        Value::Null => Ok(Timestamp::MIN),
        _ => time(at),
    })?;
    let spends = state.required("spends", BAD, |spends| list(spends, BAD, spend))?;
    state.end()?;
    Ok(Allowance::restore(capacity, window, clock, spends)?)
}

fn spend(value: &Value) -> Result<Spend, Fault> {
    let mut members = Members::of(value, Kind::InvalidState)?;
    let spend = Spend {
        at: members.required("at", Kind::InvalidState, time)?,
        amount: members.required("amount", Kind::InvalidState, credits)?,
    };
    members.end()?;
    Ok(spend)
}

fn time(value: &Value) -> Result<Timestamp, Fault> {
    let at = match value {
        Value::Text(text) => moment(text),
        _ => None,
    };
    at.ok_or_else(|| Fault::new(Kind::InvalidState, "expected a moment such as 2024-05-13T08:00:00.000Z"))
}

fn window(value: &Value) -> Result<Option<Window>, Fault> {
    let seconds = match value {
        Value::Null => return Ok(None),
        Value::Number(Some(number)) => number.to_string().parse().ok(),
        _ => None,
    };
    let window = seconds.and_then(|seconds| Window::from_seconds(seconds).ok());
    window
        .map(Some)
        .ok_or_else(|| Fault::new(Kind::InvalidOptions, "expected a whole number of seconds above 0, or null"))
}
