//! Passwords: argon2id, computed off the async threads.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::problem::Problem;

const SHORTEST: usize = 8;
const LONGEST: usize = 1000;

/// Hashes a new password.
///
/// # Errors
/// [`Problem::Invalid`] when it is too short or too long.
pub async fn hash(password: String) -> Result<String, Problem> {
    if !(SHORTEST..=LONGEST).contains(&password.chars().count()) {
        return Err(Problem::invalid("/password", "from 8 to 1000 characters"));
    }
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    });
    hashed.await.map_err(Problem::internal)?.map_err(Problem::internal)
}

/// Whether this is the password. Without a stored hash the work is done all the same, so that time tells nothing.
///
/// # Errors
/// [`Problem::Internal`] when the stored hash is damaged.
pub async fn verify(password: String, stored: Option<String>) -> Result<bool, Problem> {
    let checked = tokio::task::spawn_blocking(move || match stored {
        Some(stored) => {
            PasswordHash::new(&stored).map(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        }
        None => {
            let _ = Argon2::default().hash_password(password.as_bytes());
            Ok(false)
        }
    });
    checked.await.map_err(Problem::internal)?.map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_verified_by_its_hash_alone() {
        let stored = hash("correct horse".to_owned()).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("correct horse".to_owned(), Some(stored.clone())).await.unwrap());
        assert!(!verify("wrong horse".to_owned(), Some(stored)).await.unwrap());
        assert!(!verify("correct horse".to_owned(), None).await.unwrap());
        assert!(hash("short".to_owned()).await.is_err());
    }
}
