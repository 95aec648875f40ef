/// What a verifier expects of a claim that a token may lack.
///
/// There is no default: whoever verifies says whether the claim binds the token to something of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect<'a> {
    /// The claim is there and is exactly this.
    Exactly(&'a str),
    /// The claim is not there.
    Absent,
    /// The claim may be there or not, and may say anything: the verifier has another way to bind the token.
    Any,
}

impl Expect<'_> {
    /// Whether `claim` is as expected. Equal lengths are compared in constant time: a nonce is a secret of the host's.
    pub(crate) fn holds(self, claim: Option<&str>) -> bool {
        match (self, claim) {
            (Self::Any, _) | (Self::Absent, None) => true,
            (Self::Exactly(expected), Some(claim)) => {
                aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_bytes(), claim.as_bytes())
                    .is_ok()
            }
            (Self::Exactly(_), None) | (Self::Absent, Some(_)) => false,
        }
    }
}

/// How the verifier's clock relates to the one that the token was minted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clocks {
    /// It is the same clock: nothing is allowed for.
    Same,
    /// It is another machine's: 60 s either way are allowed for (RFC 7519, 4.1.4: "no more than a few minutes").
    Apart,
}

impl Clocks {
    /// What is allowed for, in seconds.
    #[must_use]
    pub const fn leeway_seconds(self) -> i64 {
        match self {
            Self::Same => 0,
            Self::Apart => 60,
        }
    }
}

/// What a token must say to be accepted.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The server's public URL, exactly.
    pub issuer: &'a str,
    /// The site key, exactly.
    pub audience: &'a str,
    /// The user whom the host's server began the session for.
    pub subject: Expect<'a>,
    /// The value that the host gave to this browser session's page.
    pub nonce: Expect<'a>,
    /// What the verification is for.
    pub purpose: Expect<'a>,
    /// Whose clock `now_seconds` is.
    pub clocks: Clocks,
}
