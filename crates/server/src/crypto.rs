//! The master key: what signs visits and encrypts secrets at rest. Random numbers are drawn here and in `ids`.

use std::{fs, io::Write, path::Path};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

const NONCE_BYTES: usize = 24;

/// The key of everything this server keeps secret.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

impl MasterKey {
    /// From 64 hexadecimal digits; any other text of at least 16 characters is hashed.
    ///
    /// # Errors
    /// When the text is too short to be a secret.
    pub fn from_text(text: &str) -> anyhow::Result<Self> {
        let text = text.trim();
        if let Some(bytes) = from_hex(text) {
            return Ok(Self(bytes));
        }
        anyhow::ensure!(text.len() >= 16, "the master key is too short: give 64 hexadecimal digits (SCRIP_MASTER_KEY)");
        Ok(Self(Sha256::digest(text.as_bytes()).into()))
    }

    /// The key in the data folder, made with mode 0600 when there is none.
    ///
    /// # Errors
    /// When the file cannot be read or made.
    pub fn in_folder(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("master.key");
        match fs::read_to_string(&path) {
            Ok(text) => Self::from_text(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = Self(random()?);
                let mut file = private_file(&path)?;
                file.write_all(to_hex(&key.0).as_bytes())?;
                file.sync_all()?;
                Ok(key)
            }
            Err(error) => Err(anyhow::anyhow!("cannot read {}: {error}", path.display())),
        }
    }

    /// A key for one purpose.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        sign(&self.0, &[purpose.as_bytes()])
    }

    /// Encrypts; `context` says what it is and must be the same when it is opened.
    ///
    /// # Errors
    /// When the machine has no random numbers.
    pub fn seal(&self, context: &str, secret: &[u8]) -> anyhow::Result<Vec<u8>> {
        let nonce: [u8; NONCE_BYTES] = random()?;
        let cipher = XChaCha20Poly1305::new(&self.derive("seal v1").into());
        let payload = Payload { msg: secret, aad: context.as_bytes() };
        let sealed = cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| anyhow::anyhow!("a secret could not be encrypted"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts what [`seal`](Self::seal) made.
    ///
    /// # Errors
    /// When another master key sealed it, or it was changed.
    pub fn open(&self, context: &str, sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        let parts = sealed.split_first_chunk::<NONCE_BYTES>();
        let (nonce, sealed) = parts.ok_or_else(|| anyhow::anyhow!("a sealed secret is cut off"))?;
        let cipher = XChaCha20Poly1305::new(&self.derive("seal v1").into());
        cipher
            .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: context.as_bytes() })
            .map_err(|_| anyhow::anyhow!("a secret was sealed with another master key"))
    }
}

/// HMAC-SHA-256 over the concatenation.
#[must_use]
pub fn sign(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// Whether a signature is the right one, in constant time.
#[must_use]
pub fn verify(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    Hmac::<Sha256>::new_from_slice(key).is_ok_and(|mut mac| {
        mac.update(message);
        mac.verify_slice(signature).is_ok()
    })
}

/// Random bytes of the operating system.
///
/// # Errors
/// When it has none.
pub fn random<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    Ok(bytes)
}

/// A fresh secret with 256 random bits and a prefix that says what it is.
///
/// # Errors
/// When the machine has no random numbers.
pub fn secret(prefix: &str) -> anyhow::Result<String> {
    Ok(format!("{prefix}_{}", BASE64_URL_SAFE_NO_PAD.encode(random::<32>()?)))
}

/// SHA-256, as secrets are stored.
#[must_use]
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(unix)]
fn private_file(path: &Path) -> std::io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> std::io::Result<fs::File> {
    fs::OpenOptions::new().write(true).create_new(true).open(path)
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (place, byte) in bytes.iter_mut().enumerate() {
        let start = place * 2;
        *byte = u8::from_str_radix(text.get(start..start + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_and_context_only() {
        let key = MasterKey::from_text(&"ab".repeat(32)).unwrap();
        let sealed = key.seal("key_1", b"secret").unwrap();
        assert_eq!(key.open("key_1", &sealed).unwrap(), b"secret");
        assert!(key.open("key_2", &sealed).is_err());
        assert!(MasterKey::from_text(&"cd".repeat(32)).unwrap().open("key_1", &sealed).is_err());
    }

    #[test]
    fn the_key_in_a_folder_stays_the_same_and_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let first = MasterKey::in_folder(folder.path()).unwrap();
        assert_eq!(first.0, MasterKey::in_folder(folder.path()).unwrap().0);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join("master.key")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
