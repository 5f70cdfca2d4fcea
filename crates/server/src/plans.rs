//! Plans and packs: how many credits come back every 30 days.

use scrip::Credits;

use crate::problem::Problem;

/// The credits of a plan and its packs together.
///
/// # Errors
/// [`Problem::Invalid`] for a plan or pack that does not exist, or a pack that stands twice.
pub fn capacity(plan: &str, packs: &[String]) -> Result<Credits, Problem> {
    let base: u32 = match plan {
        "free" => 25,
        "gold" => 1000,
        _ => return Err(Problem::invalid("/plan", "expected \"free\" or \"gold\"")),
    };
    let mut total = base;
    for (place, pack) in packs.iter().enumerate() {
        let pointer = || format!("/packs/{place}");
        total += match pack.as_str() {
            "100" => 100,
            "250" => 250,
            _ => return Err(Problem::invalid(pointer(), "expected \"100\" or \"250\"")),
        };
        if packs.iter().take(place).any(|other| other == pack) {
            return Err(Problem::invalid(pointer(), "each pack at most once"));
        }
    }
    Ok(Credits::from_whole(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_add_to_any_plan_each_once() {
        let pack = |text: &str| text.to_owned();
        assert_eq!(capacity("free", &[]).unwrap(), Credits::from_whole(25));
        assert_eq!(capacity("gold", &[pack("250"), pack("100")]).unwrap(), Credits::from_whole(1350));
        assert!(capacity("gold", &[pack("100"), pack("100")]).is_err());
        assert!(capacity("silver", &[]).is_err());
    }
}
