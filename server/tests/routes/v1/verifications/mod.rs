mod cancel;
mod check;
mod resend;
mod start;
mod view;
