use super::{Engine, refusal};
use crate::limits::{COUNTED_BYTES, Counted};
use crate::senders::Carried;
use crate::store::{Record, Sealed};
use phone_verify_domain::{ApiError, Code, VerificationId};
use zeroize::Zeroizing;

/// What later steps of a verification need and the database must not tell: sealed, and gone after the end.
pub(super) struct Secrets {
    /// The code that every sending carries.
    pub(super) code: OwnedCode,
    /// Whose rows the sends count in, so that a view can tell the wait without the number.
    pub(super) counted: Counted,
}

/// Whose code a verification has.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum OwnedCode {
    /// Ours.
    Ours(Code),
    /// The provider's.
    Providers,
}

impl OwnedCode {
    /// What a message says of it.
    pub(super) const fn carried(&self) -> Carried<'_> {
        match self {
            Self::Ours(code) => Carried::Ours(code),
            Self::Providers => Carried::Providers,
        }
    }
}

impl Secrets {
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(self.counted.to_bytes().to_vec());
        // No digits: the provider's.
        if let OwnedCode::Ours(code) = &self.code {
            bytes.extend_from_slice(code.expose().as_bytes());
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (counted, code) = bytes.split_first_chunk::<COUNTED_BYTES>()?;
        let length = u8::try_from(code.len()).ok()?;
        let code = match length {
            0 => OwnedCode::Providers,
            _ => OwnedCode::Ours(Code::parse(std::str::from_utf8(code).ok()?, length).ok()?),
        };
        Some(Self {
            code,
            counted: Counted::from_bytes(counted)?,
        })
    }
}

impl Engine {
    pub(super) fn seal(&self, id: VerificationId, secrets: &Secrets) -> Result<Sealed, ApiError> {
        let parts = &self.parts;
        let sealed = parts.keys.seal(id, &secrets.to_bytes(), &*parts.random);
        sealed.map_err(|error| refusal::broken("the code cannot be sealed", &error))
    }

    /// What was sealed; `None` after the end, and where the key is gone.
    pub(super) fn unseal(&self, record: &Record) -> Option<Secrets> {
        let id = record.facts.id;
        match self.parts.keys.open(id, record.sealed.as_ref()?) {
            Ok(bytes) => Secrets::from_bytes(&bytes),
            Err(error) => {
                tracing::error!(%error, verification = %id, "the code cannot be read");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_survive_their_bytes() {
        for code in [
            OwnedCode::Ours(Code::parse("0012345", 7).unwrap()),
            OwnedCode::Providers,
        ] {
            let secrets = Secrets {
                code,
                counted: Counted::Nobody,
            };
            let read = Secrets::from_bytes(&secrets.to_bytes()).unwrap();
            assert!(read.code == secrets.code && read.counted == secrets.counted);
        }
        for bytes in [&[][..], &[1; 64], &[1; 80], &[9; 71]] {
            assert!(Secrets::from_bytes(bytes).is_none());
        }
    }
}
