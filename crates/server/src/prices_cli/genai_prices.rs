//! The data of [genai-prices](https://github.com/pydantic/genai-prices): a list of providers (`prices/data.json`, also the
//! slim one), or an object that holds that list beside its units (`prices/new_data/v3/data.json`).
//!
//! An id is `provider/model`. The source does not say what a model does, so the units it prices do.

use scrip::{Date, Encoding, Model, Price, Quantity, Task, Unit};

use super::{
    document::{Members, Place},
    import::{Found, INEXACT, Imported, TAKEN},
    tokenizers,
};

/// The source's keys that a book has a unit for. Of two for one unit the first that is there counts.
const KEYS: [(&str, Unit, u32); 10] = [
    ("input_mtok", Unit::InputToken, 1_000_000),
    ("cache_read_mtok", Unit::CachedInputToken, 1_000_000),
    ("cache_write_mtok", Unit::CacheWriteToken, 1_000_000),
    ("output_mtok", Unit::OutputToken, 1_000_000),
    ("input_mchars", Unit::Character, 1_000_000),
    ("input_audio_hours", Unit::Second, 3600),
    ("audio_hours", Unit::Second, 3600),
    ("output_audio_hours", Unit::Second, 3600),
    ("input_document_kpages", Unit::Page, 1000),
    ("requests_kcount", Unit::Request, 1000),
];

const NO_UNIT: &str = "a book has no unit for it";
const TIME_OF_DAY: &str = "its price depends on the time of day";

/// Whose models are being read.
struct Provider {
    id: String,
    name: String,
    source: String,
}

/// Prices from a date on.
struct Period {
    from: Option<Date>,
    prices: Vec<Price>,
    speaks: bool,
}

/// Reads a release's data; `source` says which release it is.
///
/// # Errors
/// What is not as that project writes it, with its place.
pub fn read(document: &Place<'_>, source: &str) -> anyhow::Result<Imported> {
    let mut imported = Imported::default();
    let providers =
        if document.is_object() { document.members()?.required("providers")?.clone() } else { document.clone() };
    for provider in providers.entries()? {
        let members = provider.members()?;
        let page = match members.get("pricing_urls") {
            Some(pages) => pages.entries()?.first().map(Place::text).transpose()?,
            None => None,
        };
        let (id, name) = (members.required("id")?.text()?, members.required("name")?.text()?);
        let source = page.map_or_else(|| source.to_owned(), |page| format!("{page}, {source}"));
        let provider = Provider { id, name, source };
        for model in members.required("models")?.entries()? {
            read_model(&provider, &model.members()?, &mut imported)?;
        }
    }
    Ok(imported)
}

fn read_model(provider: &Provider, model: &Members<'_>, imported: &mut Imported) -> anyhow::Result<()> {
    let own_id = model.required("id")?.text()?;
    let id = format!("{}/{own_id}", provider.id);
    let prices = model.required("prices")?;
    let mut periods = Vec::new();
    if prices.is_list() {
        for period in prices.entries()? {
            let members = period.members()?;
            let from = match start(members.get("constraint"))? {
                Start::Always => None,
                Start::On(date) => Some(date),
                Start::TimeOfDay => {
                    imported.leave_out(&id, None, TIME_OF_DAY);
                    return Ok(());
                }
            };
            periods.push(read_prices(&id, from, members.required("prices")?, imported)?);
        }
    } else {
        periods.push(read_prices(&id, None, prices, imported)?);
    }
    let name = model.get("name").and_then(|name| name.text().ok());
    let row = |period: &Period, to: Option<Date>| {
        let task = task(period);
        let counts_text = provider.id == "openai" && matches!(task, Task::Generate | Task::Embed);
        Model {
            id: id.clone(),
            supplier: provider.name.clone(),
            name: name.clone().unwrap_or_else(|| own_id.clone()),
            task,
            prices: period.prices.clone(),
            tokenizer: if counts_text { encoding(&own_id) } else { None },
            max_output_tokens: None,
            valid_from: period.from.clone(),
            valid_to: to,
            source: Some(provider.source.clone()),
        }
    };
    history(&id, &in_order(periods), row, imported);
    Ok(())
}

fn encoding(model: &str) -> Option<Encoding> {
    tokenizers::of_openai(model)
}

enum Start {
    Always,
    On(Date),
    TimeOfDay,
}

fn start(constraint: Option<&Place<'_>>) -> anyhow::Result<Start> {
    let Some(constraint) = constraint else { return Ok(Start::Always) };
    let members = constraint.members()?;
    if members.get("start_time").is_some() || members.get("end_time").is_some() {
        return Ok(Start::TimeOfDay);
    }
    let text = members.required("start_date")?;
    let date = Date::parse(&text.text()?).ok_or_else(|| text.wrong("expected a date such as 2025-06-10"))?;
    Ok(Start::On(date))
}

fn read_prices(id: &str, from: Option<Date>, prices: &Place<'_>, imported: &mut Imported) -> anyhow::Result<Period> {
    let members = prices.members()?;
    let mut period = Period { from, prices: Vec::new(), speaks: false };
    for (key, unit, per) in KEYS {
        let Some(price) = members.get(key) else { continue };
        let Some(price) = found(unit, per, price)?.price() else {
            imported.leave_out(id, Some(key), INEXACT);
            continue;
        };
        match period.prices.iter().find(|before| before.unit == unit) {
            None => {
                period.speaks |= key == "output_audio_hours";
                period.prices.push(price);
            }
            // The same sound, named in two ways.
            Some(before) if *before == price => {}
            Some(_) => imported.leave_out(id, Some(key), TAKEN),
        }
    }
    let known = |name: &str| KEYS.iter().any(|(key, ..)| *key == name);
    for (name, price) in members.iter().filter(|(name, price)| !known(name) && !price.is_null()) {
        // Not expressed is not unread: it must be a price.
        found(Unit::Run, 1, price)?;
        imported.leave_out(id, Some(name), NO_UNIT);
    }
    Ok(period)
}

/// A number, or `{"base", "tiers": [{"start", "price"}]}`: the whole request at the last tier whose start is exceeded.
fn found(unit: Unit, per: u32, price: &Place<'_>) -> anyhow::Result<Found> {
    if !price.is_object() {
        return Ok(Found { unit, per, base: price.number()?, tiers: Vec::new() });
    }
    let members = price.members()?;
    let mut tiers: Vec<(Quantity, _)> = Vec::new();
    for tier in members.required("tiers")?.entries()? {
        let tier = tier.members()?;
        let start = tier.required("start")?;
        let above = start.number()?.whole().ok_or_else(|| start.wrong("expected a whole number of tokens"))?;
        if tiers.last().is_some_and(|(before, _)| *before >= above) {
            return Err(start.wrong("expected tiers that ascend"));
        }
        tiers.push((above, tier.required("price")?.number()?));
    }
    Ok(Found { unit, per, base: members.required("base")?.number()?, tiers })
}

/// Of the periods of one day the last one counts, as in the source.
fn in_order(periods: Vec<Period>) -> Vec<Period> {
    let mut ordered: Vec<Period> = Vec::new();
    for period in periods {
        let at = |period: &Period| period.from.as_ref().map(Date::at);
        // A later entry of the list beats all earlier ones from its own date on.
        ordered.retain(|other| at(other) < at(&period));
        ordered.push(period);
    }
    ordered
}

/// The rows of a model. A book's history has no gaps: what lies before a time without prices is left out.
fn history(id: &str, periods: &[Period], row: impl Fn(&Period, Option<Date>) -> Model, imported: &mut Imported) {
    let Some(last) = periods.iter().rposition(|period| !period.prices.is_empty()) else {
        imported.leave_out(id, None, "has no price in a unit of a book");
        return;
    };
    let first = periods.iter().take(last).rposition(|period| period.prices.is_empty());
    let first = first.map_or(0, |gap| gap.saturating_add(1));
    for period in periods.iter().take(first).filter(|period| !period.prices.is_empty()) {
        let from = period.from.as_ref().map_or("prices of the beginning", Date::as_str);
        imported.leave_out(id, Some(from), "a time without prices follows");
    }
    for (index, period) in periods.iter().enumerate().take(last.saturating_add(1)).skip(first) {
        let next = periods.get(index.saturating_add(1));
        imported.rows.push(row(period, next.and_then(|next| next.from.clone())));
    }
}

fn task(period: &Period) -> Task {
    let has = |unit: Unit| period.prices.iter().any(|price| price.unit == unit);
    if has(Unit::OutputToken) {
        Task::Generate
    } else if period.speaks {
        Task::Speak
    } else if has(Unit::Second) {
        Task::Transcribe
    } else if has(Unit::InputToken) {
        Task::Embed
    } else {
        Task::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(models: &str) -> anyhow::Result<Imported> {
        let text =
            format!(r#"[{{"id":"acme","name":"Acme","pricing_urls":["https://acme.example"],"models":[{models}]}}]"#);
        read(&Place::root(&text).unwrap(), "release 1")
    }

    fn written(imported: &Imported) -> Vec<String> {
        let rows = imported.book().unwrap();
        rows.rows().iter().map(scrip::Model::to_json).collect()
    }

    #[test]
    fn tiers_are_chosen_by_the_whole_prompt_and_share_one_per() {
        let imported = import(
            r#"{"id":"a","prices":{"input_mtok":{"base":0.1,"tiers":[{"start":200000,"price":0.18000000000000002}]},"output_mtok":2}}"#,
        );
        assert_eq!(
            written(&imported.unwrap()),
            [concat!(
                r#"{"id":"acme/a","supplier":"Acme","name":"a","task":"generate","prices":["#,
                r#"{"unit":"input_token","credits":"10000000","per":"100000000000000","tiers":[{"above":"200000","credits":"18000000.000000002","by":"input_total"}]},"#,
                r#"{"unit":"output_token","credits":"2","per":"1000000"}],"source":"https://acme.example, release 1"}"#
            )]
        );
    }

    #[test]
    fn the_list_of_providers_may_stand_beside_the_units() {
        let list = r#"[{"id":"acme","name":"Acme","models":[{"id":"a","prices":{"input_mtok":1}}]}]"#;
        let object = format!(r#"{{"units":{{}},"providers":{list}}}"#);
        let [one, other] = [list, &object].map(|text| read(&Place::root(text).unwrap(), "release 1").unwrap());
        assert_eq!(written(&one), written(&other));
        assert!(written(&one)[0].ends_with(r#""source":"release 1"}"#), "no page is named, so the release alone is");
    }

    #[test]
    fn dates_become_a_history_in_which_the_last_entry_of_the_list_wins() {
        let imported = import(
            r#"{"id":"a","prices":[{"prices":{"input_mtok":3}},
                {"constraint":{"start_date":"2025-06-10","type":"start_date"},"prices":{"input_mtok":2}},
                {"constraint":{"start_date":"2025-01-01"},"prices":{"input_mtok":1}}]}"#,
        )
        .unwrap();
        let rows = imported.book().unwrap();
        let said: Vec<_> = rows
            .rows()
            .iter()
            .map(|row| {
                (
                    row.valid_from.as_ref().map(Date::as_str),
                    row.valid_to.as_ref().map(Date::as_str),
                    row.prices[0].credits.to_string(),
                )
            })
            .collect();
        assert_eq!(said, [(None, Some("2025-01-01"), "3".to_owned()), (Some("2025-01-01"), None, "1".to_owned())]);
    }

    #[test]
    fn what_a_book_cannot_say_is_named() {
        let imported = import(
            r#"{"id":"a","prices":{"input_mtok":1,"web_searches_kcount":10,"audio_hours":0.36,"output_audio_hours":1}},
               {"id":"b","prices":{}},
               {"id":"c","prices":[{"prices":{"input_mtok":1}},{"constraint":{"start_time":"00:30:00Z","end_time":"16:30:00Z"},"prices":{"input_mtok":2}}]},
               {"id":"d","prices":{"input_mtok":0.1234567890123456789012345}},
               {"id":"e","prices":[{"prices":{"input_mtok":1}},{"constraint":{"start_date":"2025-01-01"},"prices":{}},{"constraint":{"start_date":"2025-02-01"},"prices":{"input_mtok":2}}]}"#,
        )
        .unwrap();
        let said: Vec<String> = imported.left_out.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "acme/a: output_audio_hours: the book's unit has a price already",
                "acme/a: web_searches_kcount: a book has no unit for it",
                "acme/b: the whole model: has no price in a unit of a book",
                "acme/c: the whole model: its price depends on the time of day",
                "acme/d: input_mtok: has more digits than a book can say exactly",
                "acme/d: the whole model: has no price in a unit of a book",
                "acme/e: prices of the beginning: a time without prices follows",
            ]
        );
        assert_eq!(
            imported.summary(),
            "2 models in 2 rows of 1 suppliers; left out, each named above: 3 models and 4 prices of others"
        );
    }

    #[test]
    fn what_is_not_as_the_project_writes_it_is_refused_with_its_place() {
        for (models, says) in [
            (r#"{"prices":{}}"#, "/0/models/0: the member \"id\" is missing"),
            (r#"{"id":"a","prices":{"input_mtok":"1"}}"#, "/0/models/0/prices/input_mtok: expected a number"),
            (r#"{"id":"a","prices":{"input_mtok":-1}}"#, "/0/models/0/prices/input_mtok: expected a number"),
            (r#"{"id":"a","prices":{"magic":true}}"#, "/0/models/0/prices/magic: expected a number"),
            (r#"{"id":"a","prices":{"input_mtok":1,"input_mtok":2}}"#, "stands twice"),
            (
                r#"{"id":"a","prices":{"input_mtok":{"base":1,"tiers":[{"start":5,"price":1},{"start":5,"price":2}]}}}"#,
                "/0/models/0/prices/input_mtok/tiers/1/start: expected tiers that ascend",
            ),
            (
                r#"{"id":"a","prices":[{"constraint":{"start_date":"soon"},"prices":{}}]}"#,
                "/0/models/0/prices/0/constraint/start_date: expected a date",
            ),
            (
                r#"{"id":"a","prices":{"input_mtok":1}},{"id":"a","prices":{"input_mtok":1}}"#,
                "the source contradicts itself",
            ),
        ] {
            let refused = import(models).and_then(|imported| imported.book().map(|_| ())).unwrap_err();
            assert!(format!("{refused:#}").contains(says), "{refused:#}");
        }
    }
}
