use crate::View;
use std::time::Duration;

macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident = $word:literal, $status:literal, $title:literal;)+) => {
        /// The fixed words by which programs tell refusals apart.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($(#[$meta])* $variant,)+ }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The fixed word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The code that `word` names, if it names one.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }

            /// A short English sentence for developers; users read the widget's own words.
            #[cfg(feature = "serde")]
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }
        }
    };
}

codes! {
    /// The request is not of the documented shape.
    InvalidRequest = "invalid_request", 400, "The request is malformed";
    /// No credentials, or malformed ones.
    Unauthorized = "unauthorized", 401, "Credentials are missing or malformed";
    /// The page's origin is not on the site's list.
    OriginRefused = "origin_refused", 403, "This origin may not use this site key";
    /// Proof of work is missing, wrong, old or used.
    ChallengeRequired = "challenge_required", 403, "A proof of work is required";
    /// No such route or verification.
    NotFound = "not_found", 404, "Not found";
    /// No such site.
    SiteUnknown = "site_unknown", 404, "The site key is unknown";
    /// The route knows other methods.
    MethodNotAllowed = "method_not_allowed", 405, "The method is not allowed here";
    /// The verification is approved already.
    AlreadyApproved = "already_approved", 409, "The verification is approved already";
    /// The token has been redeemed.
    AlreadyRedeemed = "already_redeemed", 409, "The token has been redeemed already";
    /// The number belongs to another subject.
    NumberTaken = "number_taken", 409, "The number belongs to another subject";
    /// The same call is still under way.
    RequestInProgress = "request_in_progress", 409, "The same request is still in progress";
    /// The verification's time is over.
    Expired = "expired", 410, "The verification has expired";
    /// The verification's checks are spent.
    Exhausted = "exhausted", 410, "All checks of the verification are spent";
    /// The verification was canceled.
    Canceled = "canceled", 410, "The verification was canceled";
    /// The body is too large.
    TooLarge = "too_large", 413, "The body is too large";
    /// The body is not JSON by its content type, or it is encoded.
    UnsupportedMediaType = "unsupported_media_type", 415, "The body must be unencoded application/json";
    /// The request was meant for another host.
    Misdirected = "misdirected", 421, "This server does not answer for that host";
    /// The text is no number of any numbering plan.
    InvalidNumber = "invalid_number", 422, "Not a valid phone number";
    /// The site does not serve the number's country.
    CountryNotServed = "country_not_served", 422, "The country is not served";
    /// The number is of a kind that is not verified.
    NumberTypeRefused = "number_type_refused", 422, "Numbers of this type are refused";
    /// Another number than the verification's.
    NumberMismatch = "number_mismatch", 422, "Not the number of this verification";
    /// The owner of the number asked not to get messages.
    OptedOut = "opted_out", 422, "The number has opted out of messages";
    /// The channel is not offered, or not for this number.
    ChannelUnavailable = "channel_unavailable", 422, "The channel is not available";
    /// The host session is unknown or over.
    InvalidSession = "invalid_session", 422, "The session is not valid";
    /// The token is not one to accept.
    InvalidToken = "invalid_token", 422, "The token is not valid";
    /// The idempotency key was used with another body.
    IdempotencyMismatch = "idempotency_mismatch", 422, "The idempotency key was used with another body";
    /// Not the shape of a code; nothing was spent.
    InvalidCode = "invalid_code", 422, "Not a code";
    /// A code was compared and is wrong.
    WrongCode = "wrong_code", 422, "The code is wrong";
    /// A limit; nothing was spent.
    TooManyRequests = "too_many_requests", 429, "Too many requests";
    /// The provider refused or is down.
    SenderUnavailable = "sender_unavailable", 503, "The message could not be sent";
    /// Too much at once.
    Busy = "busy", 503, "The server is busy";
    /// A limit or the database cannot be asked.
    Unavailable = "unavailable", 503, "The service is unavailable";
}

/// A refusal, the same for every door: which one, what may be done about it and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// Which refusal.
    pub code: ErrorCode,
    /// What exactly is wrong, in English, for developers.
    pub detail: String,
    /// After how many seconds another try may succeed.
    pub retry_in: Option<u64>,
    /// The verification it is about.
    pub verification: Option<Box<View>>,
    /// The work to be proved before the same is asked again.
    pub proof: Option<Box<ProofDemand>>,
}

/// What `challenge_required` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofDemand {
    /// ALTCHA's challenge (protocol version 2), as JSON text.
    pub challenge: String,
    /// The path of the script of this server that does the work, if it has one.
    pub solver: Option<String>,
}

impl ApiError {
    /// A refusal with its detail.
    #[must_use]
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            retry_in: None,
            verification: None,
            proof: None,
        }
    }

    /// The same, with how long to wait: whole seconds, rounded up, at least 1.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_in = Some(crate::seconds_rounded_up(wait).max(1));
        self
    }

    /// The same, with the verification it is about.
    #[must_use]
    pub fn about(mut self, view: View) -> Self {
        self.verification = Some(Box::new(view));
        self
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl std::error::Error for ApiError {}
