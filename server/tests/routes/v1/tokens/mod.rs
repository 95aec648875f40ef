mod redeem;
