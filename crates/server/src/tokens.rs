//! Visitor tokens: JSON Web Tokens, HS256 and nothing else.
//!
//! Minted here for a visit, or by an owner's own backend with the signing secret of one of its keys (`kid`).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use scrip::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    crypto,
    ids::{EmbedId, KeyId, Visitor},
};

/// The longest a token lives.
pub const LIFETIME_SECONDS: i64 = 3600;
/// A backend's clock may be this far ahead of ours.
const LEEWAY_SECONDS: i64 = 60;

/// What a token says.
#[derive(Clone, Debug)]
pub struct Claims {
    /// The embed it is for.
    pub embed: EmbedId,
    /// Who the visitor is.
    pub visitor: Visitor,
    /// Until when it holds, in seconds since the epoch.
    pub expires: i64,
    /// Replaces the embed's limit; `Some(None)`: unlimited.
    pub cap: Option<Option<u32>>,
}

/// A token taken apart; its signature is not checked yet.
#[derive(Debug)]
pub struct Unverified<'a> {
    /// The key that is said to have signed; `None`: this server.
    pub key: Option<KeyId>,
    /// What it says.
    pub claims: Claims,
    not_before: Option<i64>,
    signed: &'a str,
    signature: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    typ: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    /// Extensions that must be understood: none is.
    #[serde(default, skip_serializing)]
    crit: Option<serde_json::Value>,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    emb: String,
    sub: String,
    exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    cap: Option<Option<u32>>,
}

/// Tells `null` from a member that is not there.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u32>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

fn part<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

impl<'a> Unverified<'a> {
    /// Takes a token apart; `None` when it is none of ours.
    #[must_use]
    pub fn parse(token: &'a str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let header: Header = part(header)?;
        // Only this algorithm, whatever the token asks for: no `none`, no key confusion.
        if header.alg != "HS256" || header.crit.is_some() {
            return None;
        }
        let payload: Payload = part(payload)?;
        Some(Self {
            key: header.kid.map(|kid| kid.parse()).transpose().ok()?,
            claims: Claims {
                embed: payload.emb.parse().ok()?,
                visitor: payload.sub.parse().ok()?,
                expires: payload.exp,
                cap: payload.cap,
            },
            not_before: payload.nbf,
            signed,
            signature: BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    /// Whether this secret signed it.
    #[must_use]
    pub fn is_signed_by(&self, secret: &[u8]) -> bool {
        crypto::verify(secret, self.signed.as_bytes(), &self.signature)
    }

    /// Whether it holds at this moment: not expired, and not made to hold for longer than an hour.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        let now = now.as_millis().div_euclid(1000);
        let latest = now.saturating_add(LIFETIME_SECONDS + LEEWAY_SECONDS);
        let begun = self.not_before.is_none_or(|moment| moment <= now.saturating_add(LEEWAY_SECONDS));
        begun && (now..=latest).contains(&self.claims.expires) && self.claims.expires != now
    }
}

/// Makes a token.
#[must_use]
pub fn mint(secret: &[u8], key: Option<KeyId>, claims: &Claims) -> String {
    let header = Header {
        alg: "HS256".to_owned(),
        typ: Some("JWT".to_owned()),
        kid: key.map(|key| key.to_string()),
        crit: None,
    };
    let payload = Payload {
        emb: claims.embed.to_string(),
        sub: claims.visitor.as_str().to_owned(),
        exp: claims.expires,
        nbf: None,
        cap: claims.cap,
    };
    let encode = |text: Result<Vec<u8>, _>| BASE64_URL_SAFE_NO_PAD.encode(text.unwrap_or_default());
    let signed = format!("{}.{}", encode(serde_json::to_vec(&header)), encode(serde_json::to_vec(&payload)));
    let signature = crypto::sign(secret, &[signed.as_bytes()]);
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(expires: i64) -> Claims {
        Claims { embed: EmbedId::generate(), visitor: Visitor::generate(), expires, cap: None }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000).unwrap()
    }

    #[test]
    fn a_token_holds_until_its_last_second_and_at_most_an_hour_ahead() {
        let token = mint(b"k", None, &claims(5000));
        let token = Unverified::parse(&token).unwrap();
        assert!(token.is_signed_by(b"k") && !token.is_signed_by(b"l"));
        assert!(token.holds(at(4999)) && !token.holds(at(5000)));
        assert!(token.holds(at(1400)) && !token.holds(at(1300)), "made to live too long");
    }

    #[test]
    fn another_algorithm_is_refused() {
        let token = mint(b"k", None, &claims(5000));
        let (_, rest) = token.split_once('.').unwrap();
        for header in [r#"{"alg":"none"}"#, r#"{"alg":"RS256"}"#, r#"{"alg":"HS256","crit":["b64"]}"#] {
            let forged = format!("{}.{rest}", BASE64_URL_SAFE_NO_PAD.encode(header));
            assert!(Unverified::parse(&forged).is_none(), "{header}");
        }
    }

    #[test]
    fn a_cap_of_null_is_unlimited_and_a_missing_one_is_the_embeds() {
        let secret = b"k";
        for cap in [None, Some(None), Some(Some(3))] {
            let token = mint(secret, None, &Claims { cap, ..claims(1) });
            assert_eq!(Unverified::parse(&token).unwrap().claims.cap, cap);
        }
    }
}
