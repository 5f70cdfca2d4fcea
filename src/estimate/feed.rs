//! What one step of a pipeline gives to the next.

use crate::{
    Conversions, Model, OutputTokens, Quantity, Task, Unit, Usage,
    estimate::{measure::Measured, range::Range},
    pricing_error::Fault,
};

/// The answer of a step: tokens, characters or seconds of speech.
#[derive(Clone, Debug)]
pub(super) struct Output {
    unit: Unit,
    range: Range,
    assumptions: Vec<String>,
}

const SECONDS_A_MINUTE: u32 = 60;

impl Output {
    /// What a step of this model gives that worked on `counted`; nothing where that is not known.
    pub(super) fn of(
        model: &Model,
        usage: Option<&Usage>,
        counted: &Measured,
        output: Option<&OutputTokens>,
        conversions: &Conversions,
    ) -> Result<Option<Self>, Fault> {
        match model.task {
            Task::Generate => Ok(generated(model, usage, counted, output)),
            Task::Transcribe => {
                let speech = counted.get(Unit::Second).map(|range| Self::plain(Unit::Second, range));
                speech.map(|speech| speech.into_unit(Unit::Character, conversions)).transpose()
            }
            Task::Translate => {
                let Some(text) = text(usage, counted) else { return Ok(None) };
                let mut text = text.into_unit(Unit::Character, conversions)?;
                let factor = conversions.translation_expansion;
                text.range = text.range.convert(|length| Ok(length.times(factor)?.rounded_up()))?;
                text.assumptions.push(format!("The translation is taken as {factor} times as long."));
                Ok(Some(text))
            }
            Task::Speak => text(usage, counted).map(|text| text.into_unit(Unit::Second, conversions)).transpose(),
            Task::Image | Task::Embed | Task::Other => Ok(None),
        }
    }

    /// The output as something that the next model prices; nothing where it prices none of it.
    pub(super) fn into_measured(self, model: &Model, conversions: &Conversions) -> Result<Option<Measured>, Fault> {
        let same = match self.unit {
            Unit::OutputToken => Unit::InputToken,
            unit => unit,
        };
        let units = [same, Unit::Character, Unit::InputToken, Unit::Page, Unit::Second];
        let Some(unit) = units.into_iter().find(|unit| model.price(*unit).is_some()) else {
            // A model paid by the call takes whatever comes.
            let by_the_call = [Unit::Request, Unit::Run].into_iter().any(|unit| model.price(unit).is_some());
            return Ok(by_the_call.then(Measured::default));
        };
        let fed = self.into_unit(unit, conversions)?;
        let mut assumptions = fed.assumptions;
        if !fed.range.is_known() || !assumptions.is_empty() {
            assumptions.push(format!(
                "What the step before gives is taken as {} of the unit {}.",
                fed.range.expected,
                unit.name()
            ));
        }
        Ok(Some(Measured { units: vec![("usage", unit, fed.range)], assumptions }))
    }

    fn plain(unit: Unit, range: Range) -> Self {
        Self { unit, range, assumptions: Vec::new() }
    }

    /// Converted, by way of characters where need be. Seconds keep 9 decimals, all else is rounded up to whole ones.
    fn into_unit(mut self, unit: Unit, conversions: &Conversions) -> Result<Self, Fault> {
        let is_token = |unit| matches!(unit, Unit::InputToken | Unit::OutputToken);
        if self.unit == unit || (is_token(self.unit) && is_token(unit)) {
            self.unit = unit;
            return Ok(self);
        }
        let minute = Quantity::from_whole(SECONDS_A_MINUTE);
        let (a_token, a_minute) = (conversions.characters_per_token, conversions.characters_per_minute);
        if is_token(self.unit) {
            self.range = self.range.convert(|tokens| Ok(tokens.times(a_token)?.rounded_up()))?;
            self.says(a_token, "token");
        } else if self.unit == Unit::Second {
            self.range = self.range.convert(|seconds| Ok(seconds.scaled(a_minute, minute)?.rounded_up()))?;
            self.says(a_minute, "minute");
        }
        self.unit = unit;
        if unit == Unit::Second {
            self.range = self.range.convert(|characters| characters.scaled(minute, a_minute))?;
            self.says(a_minute, "minute");
        } else if is_token(unit) {
            self.range = self.range.convert(|characters| Ok(characters.over(a_token)?.rounded_up()))?;
            self.says(a_token, "token");
        } else if unit == Unit::Page {
            let a_page = conversions.characters_per_page;
            self.range = self.range.convert(|characters| Ok(characters.over(a_page)?.rounded_up()))?;
            self.says(a_page, "page");
        }
        Ok(self)
    }

    fn says(&mut self, rate: Quantity, what: &str) {
        self.assumptions.push(format!("A {what} is taken as {rate} characters."));
    }
}

fn generated(
    model: &Model,
    usage: Option<&Usage>,
    counted: &Measured,
    output: Option<&OutputTokens>,
) -> Option<Output> {
    let said = usage.and_then(|usage| usage.output_tokens).map(Range::known);
    let expected = output.map(|output| {
        let most = output.max.or(model.max_output_tokens.map(|most| most.max(output.expected)));
        counted.get(Unit::OutputToken).unwrap_or(Range { low: Quantity::ZERO, expected: output.expected, high: most })
    });
    said.or(expected).map(|range| Output::plain(Unit::OutputToken, range))
}

/// The text that a step works on: its length where that is known, else its tokens.
fn text(usage: Option<&Usage>, counted: &Measured) -> Option<Output> {
    let written = usage.and_then(|usage| usage.text.as_ref());
    let characters = written.and_then(|text| Quantity::from_count(text.chars().count())).map(Range::known);
    let tokens = || counted.get(Unit::InputToken).map(|range| Output::plain(Unit::InputToken, range));
    let characters = characters.or_else(|| counted.get(Unit::Character));
    characters.map(|range| Output::plain(Unit::Character, range)).or_else(tokens)
}
