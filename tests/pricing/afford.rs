//! What credits buy, against trying every quantity.

use proptest::prelude::*;
use scrip::{
    Conversions, Credits, EstimateOptions, Model, Price, PriceBook, Quantity, Task, Tier, TierBy, Timestamp, Unit,
    Usage,
};

const LAST: u32 = 60;

fn price() -> impl Strategy<Value = Price> {
    let tier = (1..LAST, 0..20_u32, prop::bool::ANY).prop_map(|(above, credits, total)| Tier {
        above: Quantity::from_whole(above),
        credits: Credits::from_whole(credits),
        by: total.then_some(TierBy::InputTotal),
    });
    let tiers = prop::collection::vec(tier, 0..3).prop_map(|mut tiers| {
        tiers.sort_by_key(|tier| tier.above);
        tiers.dedup_by_key(|tier| tier.above);
        tiers
    });
    let minimum = prop::option::of((0..10_u32).prop_map(Quantity::from_whole));
    // The last tier costs something, and enough that 40 credits never buy more than the brute force tries.
    (0..20_u32, 1..5_u32, minimum, tiers).prop_map(|(credits, per, minimum, mut tiers)| {
        let floor = |credits: Credits| credits.max(Credits::from_whole(4));
        let mut credits = Credits::from_whole(credits);
        match tiers.last_mut() {
            Some(last) => last.credits = floor(last.credits),
            None => credits = floor(credits),
        }
        Price { unit: Unit::InputToken, credits, per: Quantity::from_whole(per), minimum, tiers }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]
    #[test]
    fn no_larger_quantity_fits_and_this_one_does(price in price(), credits in 0..40_000_u64) {
        let text = || "m".to_owned();
        let book = PriceBook::new(vec![Model {
            id: text(),
            supplier: text(),
            name: text(),
            task: Task::Embed,
            prices: vec![price],
            tokenizer: None,
            max_output_tokens: None,
            valid_from: None,
            valid_to: None,
            source: None,
        }]).unwrap();
        let now = Timestamp::from_millis(0).unwrap();
        let credits = Credits::from_nanos(credits * 1_000_000).unwrap();
        let cost = |tokens: u32| {
            let usage = Usage { input_tokens: Some(Quantity::from_whole(tokens)), ..Usage::default() };
            book.estimate("m", &usage, &EstimateOptions::at(now)).unwrap().total
        };
        let best = (0..=LAST * 4).rev().find(|tokens| cost(*tokens) <= credits).unwrap_or(0);
        let found = book.afford(credits, "m", now, &Conversions::default()).unwrap();
        prop_assert_eq!(found[0].quantity, Quantity::from_whole(best));
    }
}
