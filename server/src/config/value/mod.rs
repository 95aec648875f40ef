//! The kinds of values that settings have.

mod base_url;
mod count;
pub(super) mod duration;
pub(super) mod money;
pub(super) mod secret;

pub use base_url::BaseUrl;
pub use count::Count;
