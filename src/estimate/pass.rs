//! One reading of a call: the least, the likely or the most that it can use.
//!
//! Where a number is not known a call is read three times, so that everything below works on plain quantities.

use alloc::{string::String, vec::Vec};

use crate::{
    Conversions, Credits, Line, Model, OutputTokens, Quantity, Unit, Usage,
    pricing_error::Fault,
    said::{Say, said},
};

/// Which end of what is not known is taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Case {
    Likely,
    Least,
    Most,
}

/// So much of a unit, said by that member; `None` when nothing bounds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Amount {
    pub(super) from: &'static str,
    pub(super) unit: Unit,
    pub(super) quantity: Option<Quantity>,
}

/// So much of a unit, where that is known.
pub(super) type Fed = Option<(Unit, Option<Quantity>)>;

/// What a step gives to the next: in each case (likely, least, most), and what had to be assumed for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Feed {
    pub(super) cases: [Fed; 3],
    pub(super) assumptions: Vec<String>,
}

/// A call on its way from what is said to what it costs.
pub(super) struct Pass<'a> {
    pub(super) model: &'a Model,
    pub(super) output: Option<&'a OutputTokens>,
    pub(super) conversions: &'a Conversions,
    pub(super) case: Case,
    pub(super) amounts: Vec<Amount>,
    /// Every conversion, guess and approximation.
    pub(super) assumptions: Vec<String>,
    /// Whether another case would give other numbers.
    pub(super) guessed: bool,
}

/// A call: to which model, over what, how often.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) model: &'a Model,
    pub(super) usage: Option<&'a Usage>,
    pub(super) output: Option<&'a OutputTokens>,
    pub(super) conversions: &'a Conversions,
    pub(super) rows: Quantity,
}

/// What a call costs before any margin.
#[derive(Clone, Debug)]
pub(super) struct Charged {
    pub(super) lines: Vec<Line>,
    pub(super) sum: Credits,
    pub(super) low: Credits,
    pub(super) high: Option<Credits>,
    pub(super) assumptions: Vec<String>,
    pub(super) exact: bool,
}

impl Call<'_> {
    /// What the call costs.
    pub(super) fn charge(&self) -> Result<Charged, Fault> {
        Ok(self.step(&Feed::default(), false)?.0)
    }

    /// What the call costs that works on `before` unless it has a usage of its own, and what it `feeds` the next.
    pub(super) fn step(&self, before: &Feed, feeds: bool) -> Result<(Charged, Feed), Fault> {
        let [likely, least, most] = before.cases;
        let mut lines = Vec::new();
        let (mut pass, sum) = self.read(Case::Likely, likely, before, Some(&mut lines))?;
        let sum = sum.unwrap_or_default();
        let fed_guess = self.usage.is_none() && (likely != least || likely != most);
        let guessed = pass.guessed || fed_guess;
        let said = pass.assumptions.len();
        let fed = pass.feed(feeds, self.usage)?;
        let assumptions = pass.assumptions.split_off(said);
        let exact = !guessed && said == 0;
        let mut charged = Charged { lines, sum, low: sum, high: Some(sum), assumptions: pass.assumptions, exact };
        if !guessed && !pass.guessed {
            return Ok((charged, Feed { cases: [fed; 3], assumptions }));
        }
        let (mut pass, low) = self.read(Case::Least, least, before, None)?;
        let fed_least = pass.feed(feeds, self.usage)?;
        let (mut pass, high) = self.read(Case::Most, most, before, None)?;
        let fed_most = pass.feed(feeds, self.usage)?;
        // A tier may make the longer answer the cheaper one.
        let low = low.unwrap_or_default().min(sum);
        charged.low = high.map_or(low, |high| high.min(low));
        charged.high = high.map(|high| high.max(sum).max(low));
        Ok((charged, Feed { cases: [fed, fed_least, fed_most], assumptions }))
    }

    fn read(
        &self,
        case: Case,
        fed: Fed,
        before: &Feed,
        lines: Option<&mut Vec<Line>>,
    ) -> Result<(Pass<'_>, Option<Credits>), Fault> {
        let mut pass = Pass {
            model: self.model,
            output: self.output,
            conversions: self.conversions,
            case,
            amounts: Vec::new(),
            assumptions: Vec::new(),
            guessed: false,
        };
        match self.usage {
            Some(usage) => pass.measure(usage)?,
            None => {
                pass.assumptions.clone_from(&before.assumptions);
                pass.take_over(fed)?;
            }
        }
        pass.complete()?;
        let sum = pass.price(self.rows, lines)?;
        Ok((pass, sum))
    }
}

impl Pass<'_> {
    pub(super) fn prices(&self, unit: Unit) -> bool {
        self.model.price(unit).is_some()
    }

    pub(super) fn get(&self, unit: Unit) -> Option<&Amount> {
        self.amounts.iter().find(|amount| amount.unit == unit)
    }

    pub(super) fn take(&mut self, unit: Unit) -> Option<Amount> {
        let place = self.amounts.iter().position(|amount| amount.unit == unit)?;
        Some(self.amounts.swap_remove(place))
    }

    pub(super) fn put(&mut self, from: &'static str, unit: Unit, quantity: Option<Quantity>) {
        self.amounts.push(Amount { from, unit, quantity });
    }

    /// States an assumption. All cases make the same ones; the likely one says them.
    pub(super) fn says(&mut self, words: &[&dyn Say]) {
        if self.case == Case::Likely {
            self.assumptions.push(said(words));
        }
    }

    /// The case's quantity of something that is not known.
    pub(super) fn guess(&mut self, least: Quantity, likely: Quantity, most: Option<Quantity>) -> Option<Quantity> {
        self.guessed = true;
        match self.case {
            Case::Least => Some(least),
            Case::Likely => Some(likely),
            Case::Most => most,
        }
    }
}
