//! What one step of a pipeline gives to the next.

use crate::{
    Quantity, Task, Unit, Usage,
    estimate::pass::{Fed, Pass},
    pricing_error::{Fault, Kind},
};

impl Pass<'_> {
    /// Takes what the step before gives as something that this model prices.
    pub(super) fn take_over(&mut self, before: Fed) -> Result<(), Fault> {
        let Some((unit, quantity)) = before else { return Err(missing()) };
        let usual = [unit, Unit::Character, Unit::InputToken, Unit::Page, Unit::Second];
        match usual.into_iter().find(|unit| self.prices(*unit)) {
            Some(to) => {
                let quantity = self.convert(unit, quantity, to)?;
                self.put("usage", to, quantity);
            }
            // A model paid by the call takes whatever comes.
            None if self.prices(Unit::Request) || self.prices(Unit::Run) => {}
            None => return Err(missing()),
        }
        Ok(())
    }

    /// What this step gives to the next, if there is one: characters, input tokens or seconds of speech.
    pub(super) fn feed(&mut self, feeds: bool, usage: Option<&Usage>) -> Result<Fed, Fault> {
        match self.model.task {
            _ if !feeds => Ok(None),
            Task::Generate => Ok(self.generated(usage).map(|tokens| (Unit::InputToken, tokens))),
            Task::Transcribe => {
                let Some(speech) = self.get(Unit::Second).copied() else { return Ok(None) };
                Ok(Some((Unit::Character, self.convert(Unit::Second, speech.quantity, Unit::Character)?)))
            }
            Task::Translate => {
                let Some(mut length) = self.works_on(usage, Unit::Character)? else { return Ok(None) };
                let factor = self.conversions.translation_expansion;
                if let Some(characters) = &mut length {
                    *characters = characters.times(factor)?.rounded_up()?;
                }
                self.says(&[&"The translation is taken as ", &factor, &" times as long."]);
                Ok(Some((Unit::Character, length)))
            }
            Task::Speak => Ok(self.works_on(usage, Unit::Second)?.map(|seconds| (Unit::Second, seconds))),
            Task::Image | Task::Embed | Task::Other => Ok(None),
        }
    }

    fn generated(&mut self, usage: Option<&Usage>) -> Option<Option<Quantity>> {
        if let Some(said) = usage.and_then(|usage| usage.output_tokens) {
            return Some(Some(said));
        }
        self.output?;
        let priced = self.get(Unit::OutputToken).map(|answer| answer.quantity);
        Some(priced.unwrap_or_else(|| self.answer()))
    }

    /// The text that this step works on, in a unit.
    fn works_on(&mut self, usage: Option<&Usage>, to: Unit) -> Result<Option<Option<Quantity>>, Fault> {
        let text =
            usage.and_then(|usage| usage.text).map(|text| (Unit::Character, Quantity::from_count(text.characters)));
        let counted = self.get(Unit::Character).or(self.get(Unit::InputToken));
        let Some((unit, quantity)) = text.or(counted.map(|counted| (counted.unit, counted.quantity))) else {
            return Ok(None);
        };
        self.convert(unit, quantity, to).map(Some)
    }
}

fn missing() -> Fault {
    let why = "nothing is said of what this step works on, and no step before it gives that";
    Fault::new(Kind::UsageMissing, why).under("usage")
}
