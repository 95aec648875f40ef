mod cancel;
mod challenge;
mod check;
mod resend;
mod start;
mod view;
