mod body;
mod limits;
mod refusals;
mod tokens;
mod verifications;
