//! `fake-twilio --listen 127.0.0.1:4010`

use clap::Parser;
use fake_twilio::{Account, FakeTwilio};
use std::io::{self, Write};
use std::net::SocketAddr;

/// Twilio for tests and demos: see the library's documentation for the paths under /fake.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:4010")]
    listen: SocketAddr,
    /// The account that may ask.
    #[arg(long, env = "TWILIO_ACCOUNT_SID", default_value_t = Account::default().sid)]
    account_sid: String,
    /// The password that goes with the account.
    #[arg(long, env = "TWILIO_AUTH_TOKEN", default_value_t = Account::default().auth_token, hide_env_values = true)]
    auth_token: String,
    /// An API key of the account.
    #[arg(long, env = "TWILIO_API_KEY", default_value_t = Account::default().api_key)]
    api_key: String,
    /// The password that goes with the API key.
    #[arg(long, env = "TWILIO_API_KEY_SECRET", default_value_t = Account::default().api_key_secret, hide_env_values = true)]
    api_key_secret: String,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let account = Account {
        sid: arguments.account_sid,
        auth_token: arguments.auth_token,
        api_key: arguments.api_key,
        api_key_secret: arguments.api_key_secret,
    };
    let fake = FakeTwilio::listen(arguments.listen, account).await?;
    writeln!(
        io::stdout(),
        "fake Twilio for {} listens on {}",
        fake.account().sid,
        fake.url()
    )?;
    fake.ended().await;
    Ok(())
}
