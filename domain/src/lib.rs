//! The rules and the words of phone verification, and nothing else.
//!
//! No input or output, no clock, no async runtime, no random source: whatever changes from run to run is handed in.
//! The crate builds for `wasm32` and is shared by the widget, the server and the token library.
//!
//! ```text
//! domain <- token          domain <- app <- widget          domain, token <- server -> app (ssr)
//! ```

mod channel;
mod code;
mod delivery;
mod error;
mod identity;
mod limit;
mod phone_number;
mod policy;
mod request;
mod time;
mod verification;
mod verifier;
mod view;

pub use channel::Channel;
pub use code::{Code, CodeError};
pub use delivery::{DeliveryReason, DeliveryState};
pub use error::{ApiError, ErrorCode, ProofDemand};
pub use identity::{ClientSecret, IdempotencyKey, SiteKey, VerificationId};
pub use limit::{LimitWindows, Window};
pub use phone_number::{Country, PhoneNumber, PhoneNumberError};
pub use policy::{CheckPolicy, CodePolicy, Policy, SendPolicy};
pub use request::{Check, CheckRequest, Resend, ResendRequest, Start, StartRequest};
pub use time::{Timestamp, seconds_rounded_up};
pub use verification::{SendWait, Status, Verification};
pub use verifier::{Caller, Verifier};
pub use view::{DeliveryView, View};
