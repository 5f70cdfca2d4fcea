//! JSON text → tree. By hand, because a JSON library weighs more in a browser than the whole estimator.

use alloc::{borrow::Cow, string::String, vec::Vec};

use crate::{
    Quantity,
    pricing_error::{Fault, Kind},
    said::said,
    wire::Value,
};

/// An object that holds itself must not end the process.
const DEEPEST: u8 = 32;

pub(super) fn parse(json: &str) -> Result<Value<'_>, Fault> {
    let mut reader = Reader { rest: json };
    let value = reader.value(DEEPEST).filter(|_| {
        reader.blanks();
        reader.rest.is_empty()
    });
    value.ok_or_else(|| {
        let at = json.len().saturating_sub(reader.rest.len()) as u64;
        Fault::told(Kind::InvalidOptions, said(&[&"this is not JSON from byte ", &at, &" on"]))
    })
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn blanks(&mut self) {
        self.after(self.run(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')));
    }

    /// How many bytes come next that are of a kind, all of it ASCII.
    fn run(&self, kind: fn(u8) -> bool) -> usize {
        self.rest.bytes().position(|byte| !kind(byte)).unwrap_or(self.rest.len())
    }

    /// What stands before a place, which is left behind.
    fn after(&mut self, place: usize) -> &'a str {
        let (before, rest) = self.rest.split_at_checked(place).unwrap_or((self.rest, ""));
        self.rest = rest;
        before
    }

    /// Goes past `token`, if it comes next.
    fn eat(&mut self, token: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(token)?;
        Some(())
    }

    fn value(&mut self, depth: u8) -> Option<Value<'a>> {
        self.blanks();
        match self.rest.as_bytes().first()? {
            b'{' => {
                let mut members = Vec::new();
                self.entries(depth, "{", "}", &mut |reader, depth| {
                    reader.blanks();
                    let name = match reader.text()? {
                        Value::Text(name) => name,
                        // No member that is known here has such a name.
                        _ => Cow::Borrowed("\u{fffd}"),
                    };
                    reader.blanks();
                    reader.eat(":")?;
                    members.push((name, reader.value(depth)?));
                    Some(())
                })?;
                Some(Value::Object(members))
            }
            b'[' => {
                let mut values = Vec::new();
                self.entries(depth, "[", "]", &mut |reader, depth| {
                    values.push(reader.value(depth)?);
                    Some(())
                })?;
                Some(Value::List(values))
            }
            b'"' => self.text(),
            b'n' => self.eat("null").map(|()| Value::Null),
            b't' => self.eat("true").map(|()| Value::Bool(true)),
            b'f' => self.eat("false").map(|()| Value::Bool(false)),
            b'-' | b'0'..=b'9' => {
                let end = self.run(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'));
                let number = self.after(end);
                let is_whole = number.as_bytes().last().is_some_and(u8::is_ascii_digit);
                is_whole.then(|| Value::Number(quantity(number)))
            }
            _ => None,
        }
    }

    /// What stands between brackets, with commas between.
    fn entries(
        &mut self,
        depth: u8,
        open: &str,
        close: &str,
        entry: &mut dyn FnMut(&mut Self, u8) -> Option<()>,
    ) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        self.eat(open)?;
        self.blanks();
        if self.eat(close).is_some() {
            return Some(());
        }
        loop {
            entry(self, depth)?;
            self.blanks();
            if self.eat(",").is_none() {
                return self.eat(close);
            }
        }
    }

    fn text(&mut self) -> Option<Value<'a>> {
        self.eat("\"")?;
        let whole = self.plain()?;
        if self.eat("\"").is_some() {
            return Some(Value::Text(Cow::Borrowed(whole)));
        }
        let mut text = String::from(whole);
        let mut torn = false;
        while self.eat("\"").is_none() {
            self.eat("\\")?;
            torn |= self.escaped(&mut text)?;
            text.push_str(self.plain()?);
        }
        Some(if torn { Value::Torn } else { Value::Text(Cow::Owned(text)) })
    }

    /// What comes before the next quote or escape; nothing if a control character does.
    fn plain(&mut self) -> Option<&'a str> {
        let plain = self.after(self.run(|byte| byte >= b' ' && byte != b'"' && byte != b'\\'));
        self.rest.as_bytes().first().is_some_and(|next| *next >= b' ').then_some(plain)
    }

    /// What stands behind a backslash. Returns whether it is half of a pair.
    fn escaped(&mut self, text: &mut String) -> Option<bool> {
        let mut chars = self.rest.chars();
        let escape = chars.next()?;
        self.rest = chars.as_str();
        text.push(match escape {
            '"' | '\\' | '/' => escape,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let unit = self.unit()?;
                let unit = match unit {
                    0xd800..=0xdbff => match self.low_half() {
                        // Both halves lie in 0x400 values above their first: the sum is below 0x110000.
                        Some(low) => ((unit & 0x3ff) << 10 | (low & 0x3ff)).wrapping_add(0x1_0000),
                        None => return Some(true),
                    },
                    _ => unit,
                };
                let Some(char) = char::from_u32(unit) else { return Some(true) };
                char
            }
            _ => return None,
        });
        Some(false)
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u32> {
        let digits = self.after(4);
        let unit = digits.bytes().try_fold(0_u32, |unit, digit| Some(unit << 4 | char::from(digit).to_digit(16)?));
        unit.filter(|_| digits.len() == 4)
    }

    /// The second half of a pair, if it comes next.
    fn low_half(&mut self) -> Option<u32> {
        let before = self.rest;
        let low = self.eat("\\u").and_then(|()| self.unit()).filter(|unit| (0xdc00..=0xdfff).contains(unit));
        if low.is_none() {
            self.rest = before;
        }
        low
    }
}

/// What stands before and behind the first byte of a kind, which is ASCII.
fn split(text: &str, kind: fn(u8) -> bool) -> Option<(&str, &str)> {
    let place = text.bytes().position(kind)?;
    Some((text.get(..place)?, text.get(place.checked_add(1)?..)?))
}

/// A number by its digits. JavaScript writes what is below a millionth with an exponent.
fn quantity(number: &str) -> Option<Quantity> {
    let Some((mantissa, exponent)) = split(number, |byte| matches!(byte, b'e' | b'E')) else {
        return number.parse().ok();
    };
    let (whole, mut fraction) = split(mantissa, |byte| byte == b'.').unwrap_or((mantissa, ""));
    while let Some(shorter) = fraction.strip_suffix("0") {
        fraction = shorter;
    }
    // More digits than any quantity has on either side.
    let exponent =
        exponent.strip_prefix('+').unwrap_or(exponent).parse::<i8>().ok().filter(|e| (-30..30).contains(e))?;
    let mut digits = said(&[&whole, &fraction]);
    let mut point = isize::try_from(whole.len()).ok()?.checked_add(isize::from(exponent))?;
    while point <= 0 {
        digits.insert(0, '0');
        point = point.checked_add(1)?;
    }
    let point = usize::try_from(point).ok()?;
    while digits.len() < point {
        digits.push('0');
    }
    if digits.len() > point {
        digits.insert(point, '.');
    }
    // `1.5e3` is read; `01` and `0100e-2` are not, in JSON or here.
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value as Serde;

    fn tree(value: &Serde) -> Value<'_> {
        match value {
            Serde::Null => Value::Null,
            Serde::Bool(truth) => Value::Bool(*truth),
            Serde::Number(number) => Value::Number(number.to_string().parse().ok()),
            Serde::String(text) => Value::Text(Cow::Borrowed(text)),
            Serde::Array(list) => Value::List(list.iter().map(tree).collect()),
            Serde::Object(members) => {
                Value::Object(members.iter().map(|(name, value)| (Cow::Borrowed(name.as_str()), tree(value))).collect())
            }
        }
    }

    fn json() -> impl Strategy<Value = Serde> {
        let leaf = prop_oneof![
            Just(Serde::Null),
            any::<bool>().prop_map(Serde::from),
            (0_u64..1_000_000_000_000_000).prop_map(Serde::from),
            any::<String>().prop_map(Serde::from),
            "[\"\\\\/\u{0}-\u{1f}aé𝄞\u{fffd}]{0,8}".prop_map(Serde::from),
        ];
        leaf.prop_recursive(6, 40, 6, |inside| {
            prop_oneof![
                prop::collection::vec(inside.clone(), 0..6).prop_map(Serde::from),
                prop::collection::hash_map(any::<String>(), inside, 0..6)
                    .prop_map(|members| Serde::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn reads_what_the_json_library_writes(json in json()) {
            let short = json.to_string();
            prop_assert_eq!(parse(&short).unwrap(), tree(&json));
            let pretty = serde_json::to_string_pretty(&json).unwrap();
            prop_assert_eq!(parse(&pretty).unwrap(), tree(&json));
        }

        #[test]
        fn refuses_what_the_json_library_refuses_and_never_panics(
            text in "[\\[\\]{}:,\" \\\\unltrfase0-9é]{0,12}|.{0,12}",
            json in json(),
            cut in any::<prop::sample::Index>(),
        ) {
            let whole = json.to_string();
            let cut: String = whole.chars().take(cut.index(whole.chars().count())).collect();
            for text in [text, cut] {
                // Numbers are the readers' business: `01` is a number here that is no quantity.
                if parse(&text).is_ok() && !text.contains(|c: char| c.is_ascii_digit()) && !text.contains("\\u") {
                    prop_assert!(serde_json::from_str::<Serde>(&text).is_ok(), "{text}");
                }
            }
        }

        #[test]
        fn numbers_are_taken_by_their_digits_as_javascript_writes_them(nanos in 0_u64..10_000_000_000_000) {
            let decimal = crate::said::said(&[&Quantity::from_nanos(nanos.into()).unwrap()]);
            prop_assert_eq!(quantity(&decimal), decimal.parse().ok());
            prop_assert_eq!(quantity(&format!("{nanos}e-9")), (nanos > 0).then(|| decimal.parse().unwrap()).or(Some(Quantity::ZERO)));
        }
    }

    #[test]
    fn exponents_are_read_as_far_as_a_quantity_goes() {
        for (number, digits) in [
            ("1e-7", "0.0000001"),
            ("1.5e-8", "0.000000015"),
            ("1E+3", "1000"),
            ("1.25e1", "12.5"),
            ("9.99e14", "999000000000000"),
        ] {
            assert_eq!(quantity(number), Some(digits.parse().unwrap()), "{number}");
        }
        for number in ["1e-10", "1e15", "1e21", "-1", "-1e-3", "1e", "e5", "1e400", "1e-400", "--1", "1.2.3", "1e5e5"] {
            assert_eq!(quantity(number), None, "{number}");
        }
    }

    #[test]
    fn half_a_pair_is_told_from_text() {
        assert_eq!(parse(r#""\ud83e\udd14""#).unwrap(), Value::Text(Cow::Borrowed("🤔")));
        for torn in [r#""\ud83e""#, r#""\udd14""#, r#""\ud83e\ud83e\udd14""#, r#""a\ud83eb""#] {
            assert_eq!(parse(torn).unwrap(), Value::Torn, "{torn}");
        }
    }

    #[test]
    fn what_is_nested_too_deeply_is_refused() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(32)).is_ok());
        assert!(parse(&nested(33)).is_err());
        assert!(parse(&"[".repeat(1_000_000)).is_err());
    }
}
