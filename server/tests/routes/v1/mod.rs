mod body;
mod refusals;
mod tokens;
mod verifications;
