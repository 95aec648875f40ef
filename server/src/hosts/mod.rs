//! What a host's server asks for: who it is, and tokens redeemed once.

mod authenticate;
mod redeem;

pub use authenticate::authenticate;
pub use redeem::TokenDesk;
