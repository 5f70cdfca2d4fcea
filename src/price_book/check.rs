//! What makes a list of rows a price book.

use alloc::vec::Vec;

use crate::{
    Model, Price, PriceBook, Quantity, Timestamp,
    pricing_error::{Fault, Kind},
};

impl PriceBook {
    pub(super) fn checked(models: Vec<Model>) -> Result<Self, Fault> {
        let mut order: Vec<usize> = Vec::with_capacity(models.len());
        for (index, model) in models.iter().enumerate() {
            row(model).map_err(|fault| fault.at(index))?;
            let place = order.partition_point(|other| models.get(*other).is_some_and(|other| key(other) <= key(model)));
            order.insert(place, index);
        }
        for (earlier, later) in order.iter().zip(order.iter().skip(1)) {
            if let (Some(row), Some(next)) = (models.get(*earlier), models.get(*later)) {
                adjoining(row, next).map_err(|fault| fault.at(*later))?;
            }
        }
        Ok(Self { models, order })
    }
}

fn key(model: &Model) -> (&str, Option<Timestamp>) {
    (&model.id, model.valid_from.as_ref().map(super::Date::at))
}

fn broken(detail: &'static str) -> Fault {
    Fault::new(Kind::PriceBookInvalid, detail)
}

fn adjoining(row: &Model, next: &Model) -> Result<(), Fault> {
    if row.id != next.id {
        return Ok(());
    }
    match (&row.valid_to, &next.valid_from) {
        (Some(end), Some(start)) if end.at() == start.at() => Ok(()),
        (Some(end), Some(start)) if end.at() < start.at() => {
            Err(broken("there is a gap between this row and the one before it with the same id").under("valid_from"))
        }
        (_, None) => Err(broken("the same id stands twice without dates that tell the rows apart").under("id")),
        _ => Err(broken("this row overlaps the one before it with the same id").under("valid_from")),
    }
}

fn row(model: &Model) -> Result<(), Fault> {
    for (name, text) in [("id", &model.id), ("supplier", &model.supplier), ("name", &model.name)] {
        if text.is_empty() {
            return Err(broken("expected text that is not empty").under(name));
        }
    }
    if let (Some(from), Some(to)) = (&model.valid_from, &model.valid_to)
        && from.at() >= to.at()
    {
        return Err(broken("a row must be valid for some time").under("valid_to"));
    }
    if model.max_output_tokens.is_some_and(|tokens| tokens.is_zero() || !tokens.is_whole()) {
        return Err(broken("expected a whole number of tokens above 0").under("max_output_tokens"));
    }
    if model.prices.is_empty() {
        return Err(broken("a model needs a price").under("prices"));
    }
    for (index, one) in model.prices.iter().enumerate() {
        let before = model.prices.get(..index).unwrap_or_default();
        price(one, before).map_err(|fault| fault.at(index).under("prices"))?;
    }
    Ok(())
}

fn price(price: &Price, before: &[Price]) -> Result<(), Fault> {
    if before.iter().any(|other| other.unit == price.unit) {
        return Err(broken("this unit has a price already").under("unit"));
    }
    if price.per.is_zero() {
        return Err(broken("a price is for more than 0 units").under("per"));
    }
    let whole = |quantity: Quantity, name: &str| {
        if price.unit.is_whole() && !quantity.is_whole() {
            return Err(broken("this unit is counted in whole numbers").under(name));
        }
        Ok(())
    };
    if let Some(minimum) = price.minimum {
        whole(minimum, "minimum")?;
    }
    for (index, tier) in price.tiers.iter().enumerate() {
        let earlier = price.tiers.get(..index).unwrap_or_default();
        if earlier.iter().any(|other| other.by == tier.by && other.above >= tier.above) {
            return Err(broken("tiers ascend").under("above").at(index).under("tiers"));
        }
    }
    Ok(())
}
