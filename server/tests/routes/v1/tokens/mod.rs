mod forged;
mod redeem;
