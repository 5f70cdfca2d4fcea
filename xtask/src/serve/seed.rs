//! The demo owner and three pickaxes, made over the public HTTP API on the first start and remembered for the next.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::options::Options;
use crate::run::step;

pub(super) struct Demo {
    pub(super) email: String,
    pub(super) owner_key: String,
    site_origin: String,
    embeds: Vec<Embed>,
}

struct Embed {
    id: String,
    pickaxe: String,
    snippet: String,
}

/// Reads what an earlier start made, or makes it. Kept after each object, so that a start that was cut short goes on where it stopped.
pub(super) fn ensure(options: &Options, pickaxes: &Path) -> Result<Demo> {
    let file = options.data.join("demo.json");
    let text = fs::read_to_string(pickaxes).with_context(|| format!("cannot read {}", pickaxes.display()))?;
    let wanted: Vec<Value> =
        serde_json::from_str(&text).with_context(|| format!("{} is not a JSON list", pickaxes.display()))?;
    let kept = match fs::read_to_string(&file) {
        Ok(text) => Demo::from_json(&text)
            .map(Some)
            .with_context(|| format!("{} cannot be read; another --data starts anew", file.display()))?,
        Err(_) => None,
    };
    // A ledger that was deleted beside its demo.json does not know the owner any more.
    let mut demo = match kept.filter(|demo| Api::new(options, &demo.owner_key).knows_owner()) {
        Some(demo) => demo,
        None => step("signing up the demo owner", || sign_up(options, &file))?,
    };
    let api = Api::new(options, &demo.owner_key);
    if demo.site_origin != options.site_origin() {
        // The website moved to another port: its embeds must allow that one.
        for (embed, want) in demo.embeds.iter_mut().zip(&wanted) {
            let settings = embed_settings(want, options);
            let answer = api.send("PUT", &format!("/v1/embeds/{}/settings", embed.id), &settings)?;
            embed.snippet = text_of(&answer, "snippet")?;
        }
        demo.site_origin = options.site_origin();
        demo.keep(&file)?;
    }
    for want in wanted.iter().skip(demo.embeds.len()) {
        let body = want.get("pickaxe").context("an entry of pickaxes.json has no `pickaxe`")?;
        let pickaxe = text_of(&api.send("POST", "/v1/pickaxes", body)?, "id")?;
        let answer = api.send("POST", &format!("/v1/pickaxes/{pickaxe}/embeds"), &embed_settings(want, options))?;
        demo.embeds.push(Embed { id: text_of(&answer, "id")?, pickaxe, snippet: text_of(&answer, "snippet")? });
        demo.keep(&file)?;
    }
    Ok(demo)
}

fn sign_up(options: &Options, file: &Path) -> Result<Demo> {
    let api = Api::new(options, "");
    // Under one data folder this happens once; a folder whose demo.json was lost gets a second owner.
    let taken = (1..100)
        .map(|number| if number == 1 { "owner@example.com".to_owned() } else { format!("owner{number}@example.com") });
    for email in taken {
        let Some(answer) = api.sign_up(&email)? else { continue };
        let owner_key = text_of(&answer, "secret_key")?;
        let demo = Demo { email, owner_key, site_origin: options.site_origin(), embeds: Vec::new() };
        demo.keep(file)?;
        return Ok(demo);
    }
    bail!("every demo owner's address is taken; another --data starts anew")
}

fn embed_settings(want: &Value, options: &Options) -> Value {
    let mut settings = want.get("embed").cloned().unwrap_or_else(|| json!({}));
    if let Some(members) = settings.as_object_mut() {
        members.insert("allowed_origins".to_owned(), json!(options.site_origins()));
    }
    settings
}

impl Demo {
    /// What the website's pages may name.
    pub(super) fn placeholders(&self, options: &Options) -> Vec<(String, String)> {
        let model = if options.wants_local_model() {
            "a small language model running on this computer (135 million parameters), so enjoy its charm and forgive its mistakes"
        } else {
            "the model its owner named when the demo was started"
        };
        let mut all =
            vec![("{{SCRIP_ORIGIN}}".to_owned(), options.server_origin()), ("{{MODEL}}".to_owned(), model.to_owned())];
        for (number, embed) in (1..).zip(&self.embeds) {
            all.push((format!("{{{{SNIPPET_{number}}}}}"), embed.snippet.clone()));
            all.push((format!("{{{{EMBED_{number}}}}}"), embed.id.clone()));
            all.push((format!("{{{{PICKAXE_{number}}}}}"), embed.pickaxe.clone()));
        }
        all
    }

    fn from_json(text: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(text)?;
        let embeds = value.get("embeds").and_then(Value::as_array).into_iter().flatten();
        let embed = |one: &Value| -> Result<Embed> {
            Ok(Embed { id: text_of(one, "id")?, pickaxe: text_of(one, "pickaxe")?, snippet: text_of(one, "snippet")? })
        };
        Ok(Self {
            email: text_of(&value, "email")?,
            owner_key: text_of(&value, "owner_key")?,
            site_origin: text_of(&value, "site_origin")?,
            embeds: embeds.map(embed).collect::<Result<_>>()?,
        })
    }

    /// Written whole or not at all, readable by this user alone: it holds the owner's key.
    fn keep(&self, file: &Path) -> Result<()> {
        let embeds: Vec<Value> = self
            .embeds
            .iter()
            .map(|one| json!({"id": one.id, "pickaxe": one.pickaxe, "snippet": one.snippet}))
            .collect();
        let value = json!({"email": self.email, "owner_key": self.owner_key, "site_origin": self.site_origin, "embeds": embeds});
        let fresh = file.with_extension("json.new");
        let mut out = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
        out.write_all(serde_json::to_string_pretty(&value)?.as_bytes())?;
        out.sync_all()?;
        fs::rename(fresh, file)?;
        Ok(())
    }
}

fn text_of(value: &Value, member: &str) -> Result<String> {
    let text = value.get(member).and_then(Value::as_str);
    Ok(text.with_context(|| format!("no `{member}` in {value}"))?.to_owned())
}

struct Api {
    origin: String,
    key: String,
}

impl Api {
    fn new(options: &Options, key: &str) -> Self {
        Self { origin: options.server_origin(), key: key.to_owned() }
    }

    fn knows_owner(&self) -> bool {
        ureq::get(format!("{}/v1/account", self.origin))
            .header("Authorization", format!("Bearer {}", self.key))
            .call()
            .is_ok()
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let (status, answer) = self.call(method, path, body)?;
        if !(200..300).contains(&status) {
            bail!("{method} {path} was answered {status}: {answer}");
        }
        Ok(answer)
    }

    /// Nothing when the address is taken.
    fn sign_up(&self, email: &str) -> Result<Option<Value>> {
        match self.call("POST", "/v1/accounts", &json!({"email": email}))? {
            (409, _) => Ok(None),
            (status, answer) if (200..300).contains(&status) => Ok(Some(answer)),
            (status, answer) => bail!("signing up was answered {status}: {answer}"),
        }
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Result<(u16, Value)> {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let url = format!("{}{path}", self.origin);
        let mut request = if method == "PUT" { agent.put(&url) } else { agent.post(&url) };
        if !self.key.is_empty() {
            request = request.header("Authorization", format!("Bearer {}", self.key));
        }
        let mut answer = request.send_json(body).with_context(|| format!("{method} {url}"))?;
        let text = answer.body_mut().read_to_string()?;
        Ok((answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }
}
