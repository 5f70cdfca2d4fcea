//! The data of [LiteLLM](https://github.com/BerriAI/litellm), `model_prices_and_context_window_backup.json`: an object of
//! models, each with what it costs for *one* of something.
//!
//! An id is LiteLLM's key. Prices of tokens and characters are written for a million of them.

use scrip::{Encoding, Model, Price, Quantity, Task, Unit};

use super::{
    decimal::Exact,
    document::{Members, Place},
    import::{Found, INEXACT, Imported, TAKEN},
    tokenizers,
};

/// The source's fields that a book has a unit for, and the power of ten their price is written for. Of several for one
/// unit the first that costs something counts.
const FIELDS: [(&str, Unit, i32); 14] = [
    ("input_cost_per_token", Unit::InputToken, 6),
    ("cache_read_input_token_cost", Unit::CachedInputToken, 6),
    ("input_cost_per_token_cache_hit", Unit::CachedInputToken, 6),
    ("cache_creation_input_token_cost", Unit::CacheWriteToken, 6),
    ("output_cost_per_token", Unit::OutputToken, 6),
    ("input_cost_per_character", Unit::Character, 6),
    ("output_cost_per_character", Unit::Character, 6),
    ("input_cost_per_second", Unit::Second, 0),
    ("output_cost_per_second", Unit::Second, 0),
    ("output_cost_per_image", Unit::Image, 0),
    ("input_cost_per_image", Unit::Image, 0),
    ("ocr_cost_per_page", Unit::Page, 0),
    ("input_cost_per_query", Unit::Request, 0),
    ("input_cost_per_request", Unit::Request, 0),
];

/// Prices of which a part alone would be wrong: a model that has them is left out whole.
const WHOLE: [(&str, &str); 2] = [
    ("off_peak_pricing", "its price depends on the time of day"),
    ("tiered_pricing", "each part of a prompt is priced by its own range"),
];

const SUPPLIERS: [(&str, &str); 16] = [
    ("openai", "OpenAI"),
    ("anthropic", "Anthropic"),
    ("azure", "Azure"),
    ("azure_ai", "Azure AI"),
    ("bedrock", "AWS Bedrock"),
    ("bedrock_converse", "AWS Bedrock"),
    ("gemini", "Google"),
    ("mistral", "Mistral"),
    ("cohere", "Cohere"),
    ("deepseek", "DeepSeek"),
    ("deepgram", "Deepgram"),
    ("groq", "Groq"),
    ("openrouter", "OpenRouter"),
    ("perplexity", "Perplexity"),
    ("together_ai", "Together AI"),
    ("xai", "xAI"),
];

/// Reads the file; `source` says which release it is.
///
/// # Errors
/// What is not as that project writes it, with its place.
pub fn read(document: &Place<'_>, source: &str) -> anyhow::Result<Imported> {
    let mut imported = Imported::default();
    for (key, entry) in document.members()?.iter() {
        // It explains the others.
        if key != "sample_spec" {
            read_model(key, &entry.members()?, source, &mut imported)?;
        }
    }
    Ok(imported)
}

fn read_model(id: &str, entry: &Members<'_>, source: &str, imported: &mut Imported) -> anyhow::Result<()> {
    for (field, why) in WHOLE {
        if entry.get(field).is_some() {
            imported.leave_out(id, None, why);
            return Ok(());
        }
    }
    let mode = entry.get("mode").map(Place::text).transpose()?;
    let task = task(mode.as_deref());
    let prices = prices(id, task, entry, imported)?;
    if prices.is_empty() {
        imported.leave_out(id, None, "has no price in a unit of a book");
        return Ok(());
    }
    let provider = entry.required("litellm_provider")?.text()?;
    let max_output_tokens = limit(id, entry, imported);
    let page = entry.get("source").and_then(|page| page.text().ok());
    imported.rows.push(Model {
        id: id.to_owned(),
        supplier: SUPPLIERS
            .iter()
            .find(|(key, _)| *key == provider)
            .map_or(provider.as_str(), |(_, name)| name)
            .to_owned(),
        name: id.to_owned(),
        task,
        prices,
        tokenizer: encoding(id, &provider, task),
        max_output_tokens,
        valid_from: None,
        valid_to: None,
        source: Some(page.map_or_else(|| source.to_owned(), |page| format!("{page}, {source}"))),
    });
    Ok(())
}

/// A field that is a price, and which one.
struct Field<'a> {
    name: &'a str,
    unit: Unit,
    power: i32,
    price: Exact,
}

fn prices(id: &str, task: Task, entry: &Members<'_>, imported: &mut Imported) -> anyhow::Result<Vec<Price>> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    for (name, unit, power) in FIELDS {
        let Some(place) = entry.get(name) else { continue };
        let field = Field { name, unit, power, price: place.number()? };
        match fields.iter_mut().find(|other| other.unit == unit) {
            // An embedding has no answer whose price of 0 could matter.
            _ if task == Task::Embed && unit == Unit::OutputToken && field.price.is_zero() => {}
            None => fields.push(field),
            Some(other) if other.price.is_zero() => *other = field,
            Some(other) if field.price.is_zero() || field.price == other.price => {}
            Some(_) => imported.leave_out(id, Some(name), TAKEN),
        }
    }
    let mut prices = Vec::new();
    let mut used: Vec<String> = Vec::new();
    for Field { name, unit, power, price } in fields {
        let tiers = tiers(name, power, entry, &mut used)?;
        let found = Found { unit, per: 10_u32.pow(power.unsigned_abs()), base: price.for_ten_to(power), tiers };
        match found.price() {
            Some(price) => prices.push(price),
            None => imported.leave_out(id, Some(name), INEXACT),
        }
    }
    for (name, _) in entry.iter().filter(|(name, place)| is_price(name) && !place.is_null()) {
        if !FIELDS.iter().any(|(known, ..)| *known == name) && !used.iter().any(|tier| tier == name) {
            imported.leave_out(id, Some(name), "a book has no unit for it");
        }
    }
    Ok(prices)
}

/// `input_cost_per_token_above_200k_tokens`: the whole request, when its prompt has more tokens.
fn tiers(
    field: &str,
    power: i32,
    entry: &Members<'_>,
    used: &mut Vec<String>,
) -> anyhow::Result<Vec<(Quantity, Exact)>> {
    let mut tiers = Vec::new();
    // Tokens choose: of tokens alone are they counted together with what is priced.
    for (name, place) in entry.iter().filter(|_| field.contains("token")) {
        let thousands =
            name.strip_prefix(field).and_then(|rest| rest.strip_prefix("_above_")?.strip_suffix("k_tokens"));
        let Some(thousands) = thousands.and_then(|text| text.parse::<u32>().ok()) else { continue };
        let above = Quantity::from_count(u64::from(thousands).saturating_mul(1000));
        tiers.push((above.unwrap_or_default(), place.number()?.for_ten_to(power)));
        used.push(name.to_owned());
    }
    tiers.sort_by_key(|(above, _)| *above);
    Ok(tiers)
}

/// Whether a field says what something costs.
fn is_price(name: &str) -> bool {
    ["cost", "pricing", "uplift"].iter().any(|word| name.contains(word)) || name == "provider_specific_entry"
}

fn task(mode: Option<&str>) -> Task {
    match mode {
        Some("chat" | "completion" | "responses") => Task::Generate,
        Some("embedding") => Task::Embed,
        Some("audio_transcription") => Task::Transcribe,
        Some("audio_speech") => Task::Speak,
        Some("image_generation" | "image_edit") => Task::Image,
        _ => Task::Other,
    }
}

fn encoding(id: &str, provider: &str, task: Task) -> Option<Encoding> {
    let counts_text = matches!(provider, "openai" | "azure") && matches!(task, Task::Generate | Task::Embed);
    if counts_text { tokenizers::of_openai(id.rsplit('/').next()?) } else { None }
}

/// The longest answer; a 0 or words instead of a number say nothing.
fn limit(id: &str, entry: &Members<'_>, imported: &mut Imported) -> Option<Quantity> {
    let limit = entry.get("max_output_tokens")?;
    let tokens = limit.number().ok().and_then(Exact::whole).filter(|tokens| !tokens.is_zero());
    if tokens.is_none() {
        imported.leave_out(id, Some("max_output_tokens"), "is no whole number above 0");
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(text: &str) -> anyhow::Result<Imported> {
        read(&Place::root(text).unwrap(), "release 1")
    }

    #[test]
    fn prices_of_one_token_are_written_for_a_million_and_tiers_for_the_whole_prompt() {
        let imported = import(
            r#"{"sample_spec":{"mode":"one of"},"gpt-4o-x":{"litellm_provider":"openai","mode":"chat","max_output_tokens":16384,
                "input_cost_per_token":2.5e-06,"output_cost_per_token":1e-05,"output_cost_per_token_above_200k_tokens":2e-05,
                "cache_read_input_token_cost":1.25e-06,"input_cost_per_token_batches":1e-6}}"#,
        )
        .unwrap();
        assert_eq!(
            imported.book().unwrap().rows()[0].to_json(),
            concat!(
                r#"{"id":"gpt-4o-x","supplier":"OpenAI","name":"gpt-4o-x","task":"generate","prices":["#,
                r#"{"unit":"input_token","credits":"2.5","per":"1000000"},{"unit":"cached_input_token","credits":"1.25","per":"1000000"},"#,
                r#"{"unit":"output_token","credits":"10","per":"1000000","tiers":[{"above":"200000","credits":"20","by":"input_total"}]}],"#,
                r#""tokenizer":"o200k_base","max_output_tokens":16384,"source":"release 1"}"#
            )
        );
        let said: Vec<String> = imported.left_out.iter().map(ToString::to_string).collect();
        assert_eq!(said, ["gpt-4o-x: input_cost_per_token_batches: a book has no unit for it"]);
    }

    #[test]
    fn of_several_prices_for_one_unit_the_first_that_costs_something_counts() {
        let imported = import(
            r#"{"hear":{"litellm_provider":"deepgram","mode":"audio_transcription","input_cost_per_second":0.0001,"output_cost_per_second":0.0},
                "film":{"litellm_provider":"x","mode":"video_generation","input_cost_per_second":0,"output_cost_per_second":0.1},
                "both":{"litellm_provider":"x","mode":"image_generation","input_cost_per_image":0.01,"output_cost_per_image":0.04},
                "vector":{"litellm_provider":"x","mode":"embedding","input_cost_per_token":1e-7,"output_cost_per_token":0.0,"max_output_tokens":0}}"#,
        )
        .unwrap();
        let said: Vec<_> = imported
            .rows
            .iter()
            .map(|row| (row.prices.len(), row.prices[0].unit.name(), row.prices[0].credits.to_string()))
            .collect();
        assert_eq!(
            said,
            [
                (1, "second", "0.0001".to_owned()),
                (1, "second", "0.1".to_owned()),
                (1, "image", "0.04".to_owned()),
                (1, "input_token", "0.1".to_owned())
            ]
        );
        assert_eq!(imported.left_out.len(), 2, "{:?}", imported.left_out);
    }

    #[test]
    fn a_part_of_a_price_is_not_taken_for_the_whole() {
        let imported = import(
            r#"{"q":{"litellm_provider":"dashscope","tiered_pricing":[],"input_cost_per_token":1},"free":{"litellm_provider":"x","mode":"chat"}}"#,
        )
        .unwrap();
        assert_eq!((imported.rows.len(), imported.left_out.len()), (0, 2));
    }

    #[test]
    fn a_price_that_is_no_number_is_refused_with_its_place() {
        for (text, says) in [
            (r#"[]"#, "the document: invalid type"),
            (r#"{"a":1}"#, "/a: invalid type"),
            (r#"{"a/b":{"input_cost_per_token":"1"}}"#, "/a~1b/input_cost_per_token: expected a number"),
            (r#"{"a":{"input_cost_per_token":1}}"#, "/a: the member \"litellm_provider\" is missing"),
            (r#"{"a":{},"a":{}}"#, "stands twice"),
        ] {
            let refused = import(text).unwrap_err();
            assert!(format!("{refused:#}").contains(says), "{refused:#}");
        }
    }
}
