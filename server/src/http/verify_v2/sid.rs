//! Names in Twilio's manner: two letters and 32 hexadecimal digits.

use phone_verify_domain::VerificationId;

/// The name of a verification.
pub(super) fn of_verification(id: VerificationId) -> String {
    format!("VE{id}")
}

/// The verification that a name names; `None` where it is no name.
pub(super) fn verification(sid: &str) -> Option<VerificationId> {
    VerificationId::parse(sid.strip_prefix("VE")?)
}

/// The name of a sending.
pub(super) fn of_attempt(delivery_id: &str) -> String {
    format!("VL{delivery_id}")
}

/// The sending that a name names; `None` where it is no name.
pub(super) fn attempt(sid: &str) -> Option<String> {
    let digits = sid.strip_prefix("VL")?;
    let is_one = digits.len() == 32
        && digits
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_one.then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written_and_nothing_else_is_one() {
        let id = VerificationId::from_bytes([0xab; 16]);
        assert_eq!(verification(&of_verification(id)), Some(id));
        let digits = "0123456789abcdef0123456789abcdef";
        assert_eq!(attempt(&of_attempt(digits)).as_deref(), Some(digits));
        for other in [
            "",
            "VE",
            "VL",
            "+12025550134",
            &format!("VE{digits}0"),
            &digits.to_uppercase(),
        ] {
            assert_eq!((verification(other), attempt(other)), (None, None), "{other}");
        }
        assert_eq!(attempt(&format!("VL{}", digits.to_uppercase())), None);
    }
}
