//! Ids: time-ordered (UUIDv7) numbers that print with a prefix saying what they name.

use std::{fmt, str::FromStr};

use uuid::Uuid;

/// Text that is not an id of the expected kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected an id such as {0}_01h455vb4pex5vsknk084sn02q")]
pub struct InvalidId(&'static str);

/// Crockford's base 32: no letter that reads like another, and sorts as the number does.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26;

fn encode(number: u128) -> String {
    (0..LENGTH)
        .rev()
        .map(|place| {
            let digit = usize::try_from((number >> (5 * place)) & 31).unwrap_or(0);
            ALPHABET.get(digit).map_or('0', |byte| char::from(*byte))
        })
        .collect()
}

fn decode(text: &str) -> Option<u128> {
    if text.len() != LENGTH {
        return None;
    }
    text.bytes().try_fold(0_u128, |number, byte| {
        let digit = ALPHABET.iter().position(|letter| *letter == byte)?;
        number.checked_mul(32)?.checked_add(digit as u128)
    })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(Uuid);

        impl $name {
            /// What stands before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A fresh one, later than all before it.
            #[must_use]
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }

            /// As stores keep it.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// From a store.
            ///
            /// # Errors
            /// When there are not sixteen bytes.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, InvalidId> {
                Uuid::from_slice(bytes).map(Self).map_err(|_| InvalidId($prefix))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), encode(self.0.as_u128()))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let digits = text.strip_prefix(concat!($prefix, "_")).ok_or(InvalidId($prefix))?;
                decode(digits).map(|number| Self(Uuid::from_u128(number))).ok_or(InvalidId($prefix))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// An owner's account.
    AccountId = "acc",
    /// A pickaxe.
    PickaxeId = "pkx",
    /// An embed of a pickaxe.
    EmbedId = "emb",
    /// A run.
    RunId = "run",
    /// A row of the ledger.
    TransactionId = "txn",
    /// A hold.
    HoldId = "hld",
    /// A key.
    KeyId = "key",
    /// A purchase of credits.
    TopUpId = "top",
    /// A visitor of an owner's site, as this server names them.
    VisitorId = "vis",
    /// A running server process, whose lease its runs carry.
    ServerId = "srv",
}

/// Who a visitor is: the id this server gave (`vis_…`), or whatever an owner's backend names in `sub`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Visitor(String);

impl Visitor {
    /// A visitor nobody has seen before.
    #[must_use]
    pub fn generate() -> Self {
        Self(VisitorId::generate().to_string())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Visitor {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        if (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId("vis"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_prints() {
        let id = RunId::generate();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(id.to_string().starts_with("run_"));
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        assert!(RunId::generate().to_string().parse::<EmbedId>().is_err());
        assert!("run_zzzzzzzzzzzzzzzzzzzzzzzzzz".parse::<RunId>().is_err(), "beyond 128 bits");
        assert!("run_".parse::<RunId>().is_err());
    }
}
