use alloc::string::String;

use crate::said::Say;

/// JSON text on its way out: what is computed often is written at once, without a tree in between.
#[derive(Default)]
pub(crate) struct Json(String);

impl Json {
    pub(crate) fn end(self) -> String {
        self.0
    }

    /// The name of the next member.
    fn name(&mut self, name: &str) {
        self.next();
        // Names are ours: nothing in them needs escaping.
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
    }

    /// A comma, unless something has just begun.
    fn next(&mut self) {
        if !matches!(self.0.as_bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.0.push(',');
        }
    }

    /// A number as text, or anything else without a character that needs escaping.
    pub(crate) fn plain(&mut self, name: &str, value: &dyn Say) {
        self.name(name);
        self.0.push('"');
        value.say(&mut self.0);
        self.0.push('"');
    }

    /// A number.
    pub(crate) fn number(&mut self, name: &str, value: &dyn Say) {
        self.name(name);
        value.say(&mut self.0);
    }

    /// `null`, `true` or `false`.
    pub(crate) fn word(&mut self, name: &str, word: &str) {
        self.name(name);
        self.0.push_str(word);
    }

    /// Any text.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        self.quoted(text);
    }

    /// Any text, as an entry of a list.
    pub(crate) fn entry(&mut self, text: &str) {
        self.next();
        self.quoted(text);
    }

    fn quoted(&mut self, text: &str) {
        self.0.push('"');
        let mut rest = text;
        while let Some(place) = rest.bytes().position(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
            let (before, special) = rest.split_at_checked(place).unwrap_or((rest, ""));
            self.0.push_str(before);
            let mut chars = special.chars();
            if let Some(char) = chars.next() {
                // Below 128: two hexadecimal digits.
                self.0.push_str("\\u00");
                let code = u32::from(char);
                let digits = [code >> 4, code & 15].map(|digit| char::from_digit(digit, 16).unwrap_or('0'));
                self.0.extend(digits);
            }
            rest = chars.as_str();
        }
        self.0.push_str(rest);
        self.0.push('"');
    }

    /// An object, as a member or as an entry of a list.
    pub(crate) fn object(&mut self, name: Option<&str>, inside: &dyn Fn(&mut Self)) {
        self.nested(name, '{', '}', inside);
    }

    /// A list.
    pub(crate) fn list(&mut self, name: Option<&str>, inside: &dyn Fn(&mut Self)) {
        self.nested(name, '[', ']', inside);
    }

    fn nested(&mut self, name: Option<&str>, open: char, close: char, inside: &dyn Fn(&mut Self)) {
        match name {
            Some(name) => self.name(name),
            None => self.next(),
        }
        self.0.push(open);
        inside(self);
        self.0.push(close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_is_read_back(text in any::<String>(), other in "[\"\\\\\u{0}-\u{1f}aé𝄞]*") {
            let mut json = Json::default();
            json.object(None, &|json| {
                json.text("text", &text);
                json.list(Some("list"), &|json| {
                    json.entry(&other);
                    json.entry(&text);
                    json.object(None, &|_| ());
                });
                json.plain("plain", &15);
                json.number("number", &16);
                json.word("word", "null");
            });
            let read: serde_json::Value = serde_json::from_str(&json.end()).unwrap();
            let expected = serde_json::json!({"text": text, "list": [other, text, {}], "plain": "15", "number": 16, "word": null});
            prop_assert_eq!(read, expected);
        }
    }
}
