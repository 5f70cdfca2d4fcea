//! Requests per address: IPv4 addresses one by one, IPv6 by /64, because one customer owns that many.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};

use crate::{config::Switch, problem::Problem};

/// A page with an embed asks about three times; many people share one address.
const BURST: u32 = 600;
const PER_SECOND: u32 = 10;

/// How often an address may ask.
pub struct RateLimit {
    limiter: Option<DefaultKeyedRateLimiter<IpAddr>>,
}

impl RateLimit {
    /// On or off.
    #[must_use]
    pub fn new(switch: Switch) -> Self {
        Self::with(switch, PER_SECOND, BURST)
    }

    fn with(switch: Switch, per_second: u32, burst: u32) -> Self {
        let quota = NonZeroU32::new(per_second).zip(NonZeroU32::new(burst));
        let quota = quota.map(|(per_second, burst)| Quota::per_second(per_second).allow_burst(burst));
        let limiter = quota.filter(|_| switch == Switch::On).map(RateLimiter::keyed);
        Self { limiter }
    }

    /// Counts one request.
    ///
    /// # Errors
    /// [`Problem::RateLimited`] with the seconds to wait.
    pub fn check(&self, address: IpAddr) -> Result<(), Problem> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.check_key(&prefix(address)).map_err(|not_until| {
            let wait = not_until.wait_time_from(limiter.clock().now());
            Problem::RateLimited { retry_after_seconds: wait.as_secs() + 1, limit: BURST }
        })
    }

    /// Drops addresses that have been quiet.
    pub fn forget(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
        }
    }
}

fn prefix(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let bits = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(bits))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_ipv6_customer_share_a_bucket() {
        let limit = RateLimit::with(Switch::On, 1, 2);
        assert!(limit.check("2001:db8::1".parse().unwrap()).is_ok());
        assert!(limit.check("2001:db8::2".parse().unwrap()).is_ok());
        assert!(matches!(limit.check("2001:db8::3".parse().unwrap()), Err(Problem::RateLimited { .. })));
        assert!(limit.check("2001:db8:0:1::1".parse().unwrap()).is_ok());
        assert!(limit.check("::ffff:192.0.2.1".parse().unwrap()).is_ok());
    }

    #[test]
    fn switched_off_it_never_refuses() {
        let limit = RateLimit::with(Switch::Off, 1, 1);
        assert!((0..10).all(|_| limit.check("192.0.2.1".parse().unwrap()).is_ok()));
    }
}
