//! The one place that reads the clock and the random source.

use crate::prelude::*;
use js_sys::{Date, Uint8Array};
use scrip::Timestamp;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(into: &Uint8Array);
}

/// The visitor's clock. It may be wrong: the server's count wins over whatever follows from it.
pub(crate) fn now() -> Timestamp {
    timestamp(Date::now()).unwrap_or(Timestamp::MIN)
}

/// A moment from JavaScript's milliseconds; `None` for `NaN` and beyond the range of `Date`.
pub(crate) fn timestamp(millis: f64) -> Option<Timestamp> {
    // A float cast saturates, and the range check refuses what saturated.
    if millis.is_nan() { None } else { Timestamp::from_millis(millis as i64).ok() }
}

/// A moment as JavaScript's milliseconds; exact, as the range of `Date` is inside 2^53.
pub(crate) fn millis(at: Timestamp) -> f64 {
    at.as_millis() as f64
}

/// A moment as RFC 3339 text.
pub(crate) fn iso(at: Timestamp) -> js_sys::JsString {
    Date::new(&millis(at).into()).to_iso_string()
}

/// A new idempotency key: UUIDv7, so that keys arrive at the ledger in time order.
pub(crate) fn new_key() -> String {
    let array = Uint8Array::new_with_length(10);
    get_random_values(&array);
    let mut random = [0; 10];
    array.copy_to(&mut random);
    uuid_v7(now().as_millis().unsigned_abs(), random)
}

/// A number from 0 to 255 for jitter.
pub(crate) fn random_byte() -> u8 {
    let array = Uint8Array::new_with_length(1);
    get_random_values(&array);
    array.get_index(0)
}

fn uuid_v7(millis: u64, random: [u8; 10]) -> String {
    let [_, _, m0, m1, m2, m3, m4, m5] = millis.to_be_bytes();
    let [a, b, c, d, e, f, g, h, i, j] = random;
    let bytes = [m0, m1, m2, m3, m4, m5, 0x70 | (a & 0x0f), b, 0x80 | (c & 0x3f), d, e, f, g, h, i, j];
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from(if digit < 10 { b'0' + digit } else { b'a' - 10 + digit }));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_uuid_of_version_seven_with_its_time_in_front() {
        assert_eq!(uuid_v7(0x0190_0102_0304, [0xff; 10]), "01900102-0304-7fff-bfff-ffffffffffff");
        assert_eq!(uuid_v7(0, [0; 10]), "00000000-0000-7000-8000-000000000000");
    }

    #[test]
    fn later_keys_sort_after_earlier_ones() {
        assert!(uuid_v7(1_700_000_000_000, [0xff; 10]) < uuid_v7(1_700_000_000_001, [0; 10]));
    }

    #[test]
    fn a_time_that_is_no_number_is_no_moment() {
        assert_eq!(timestamp(f64::NAN), None);
        assert_eq!(timestamp(f64::INFINITY), None);
        assert_eq!(timestamp(5.0), Timestamp::from_millis(5).ok());
    }
}
