//! Pickaxes: a prompt, a small form and a model.

pub mod fields;
pub mod template;

use scrip::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    charges,
    pickaxes::fields::Field,
    prices::Prices,
    problem::{Fault, Problem},
    store::Tariff,
    wire,
};

const MAX_NAME: usize = 200;
const MAX_DESCRIPTION: usize = 2000;
const MAX_PROMPT: usize = 32_000;
const MAX_LABEL: usize = 100;
const MAX_OUTPUT_TOKENS: u32 = 32_768;

/// A pickaxe, as its owner sends and reads it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pickaxe {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What it does, for visitors.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub description: String,
    /// The prompt; `{{name}}` stands for the value of a field.
    #[schema(min_length = 1, max_length = 32000)]
    pub prompt: String,
    /// The form.
    #[serde(default, deserialize_with = "wire::objects")]
    #[schema(max_items = 50)]
    pub fields: Vec<Field>,
    /// The button's word; `null`: "Run".
    #[serde(default)]
    pub submit_label: Option<String>,
    /// A price-book id.
    pub model: String,
    /// The longest answer.
    #[serde(default = "default_output_tokens")]
    #[schema(minimum = 1, maximum = 32768)]
    pub max_output_tokens: u32,
    /// Whether anybody may open its hosted page.
    #[serde(default = "listed")]
    pub listed: bool,
}

const fn default_output_tokens() -> u32 {
    1024
}
const fn listed() -> bool {
    true
}

impl Pickaxe {
    /// As stored.
    ///
    /// # Errors
    /// When the stored document is damaged.
    pub fn stored(body: &str) -> Result<Self, Problem> {
        serde_json::from_str(body).map_err(Problem::internal)
    }

    /// Checks every member.
    ///
    /// # Errors
    /// [`Problem::Invalid`] with every fault.
    pub fn checked(self, prices: &Prices, tariff: Tariff, now: Timestamp) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        check_text(&mut faults, "/name", &self.name, 1, MAX_NAME);
        check_text(&mut faults, "/description", &self.description, 0, MAX_DESCRIPTION);
        check_text(&mut faults, "/prompt", &self.prompt, 1, MAX_PROMPT);
        if let Some(label) = &self.submit_label {
            check_text(&mut faults, "/submit_label", label, 1, MAX_LABEL);
        }
        if !(1..=MAX_OUTPUT_TOKENS).contains(&self.max_output_tokens) {
            faults.push(Fault::at("/max_output_tokens", format!("from 1 to {MAX_OUTPUT_TOKENS}")));
        }
        if !prices.is_known(&self.model, now) {
            faults.push(Fault::at("/model", "no such model in the price book (GET /v1/price-book)"));
        } else if tariff == Tariff::Metered && charges::check_metered(prices, &self.model, now).is_err() {
            faults.push(Fault::at("/model", "the price book has no price for this model's tokens"));
        }
        fields::check(&self.fields, &mut faults);
        for name in template::names(&self.prompt) {
            match name {
                Err(detail) => faults.push(Fault::at("/prompt", detail)),
                Ok(name) if !self.fields.iter().any(|field| field.name == name) => {
                    faults.push(Fault::at("/prompt", format!("{{{{{name}}}}} names no field")));
                }
                Ok(_) => {}
            }
        }
        if faults.is_empty() { Ok(self) } else { Err(Problem::Invalid(faults)) }
    }

    /// The button's word.
    #[must_use]
    pub fn submit_label(&self) -> &str {
        self.submit_label.as_deref().unwrap_or("Run")
    }

    /// The prompt for these values of the form.
    ///
    /// # Errors
    /// [`Problem::Invalid`] with every fault of the values.
    pub fn fill(&self, values: &serde_json::Map<String, serde_json::Value>) -> Result<String, Problem> {
        let values = fields::read(&self.fields, values).map_err(Problem::Invalid)?;
        Ok(template::fill(&self.prompt, &values))
    }
}

fn check_text(faults: &mut Vec<Fault>, pointer: &str, text: &str, least: usize, most: usize) {
    let length = text.chars().count();
    if length > most {
        faults.push(Fault::at(pointer, format!("at most {most} characters, these are {length}")));
    } else if text.trim().chars().count() < least {
        faults.push(Fault::at(pointer, "must not be empty"));
    }
}
