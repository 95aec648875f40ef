//! Whether what Twilio reports gets here.

use super::Report;
use crate::config::Config;
use crate::senders::twilio::sign;
use reqwest::Client;

/// A report of a message that nobody sent: it is taken and changes nothing.
const FORM: [(&str, &str); 2] = [
    ("MessageSid", "SM00000000000000000000000000000000"),
    ("MessageStatus", "sent"),
];

pub(super) async fn examine(config: &Config, http: &Client, report: &mut Report) {
    const ABOUT: &str = "callback";
    let Some(public_url) = &config.http.public_url else {
        report.note(
            ABOUT,
            "http.public_url is not set: Twilio reports nothing, and the widget cannot show what became of messages",
        );
        return;
    };
    let Some(token) = &config.twilio.auth_token else {
        report.needs(
            ABOUT,
            "twilio.auth_token is not set: Twilio's reports are signed with it and refused without: set it, beside an API key too",
        );
        return;
    };
    let url = format!("{public_url}/twilio/messages/status");
    let form = FORM.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let signature = sign(token, &url, &form).unwrap_or_default();
    let post = async |signature: Option<&str>| {
        let mut request = http.post(&url).form(&form);
        if let Some(signature) = signature {
            request = request.header("X-Twilio-Signature", signature);
        }
        request.send().await.map(|answer| answer.status().as_u16())
    };
    match (post(Some(&signature)).await, post(None).await) {
        (Ok(204), Ok(403)) => report.ok(ABOUT, "signed reports are taken, others refused"),
        (Ok(403), _) => report.needs(
            ABOUT,
            "a signed report is refused: the running server has another twilio.auth_token or http.public_url than these settings",
        ),
        (Ok(204), Ok(status)) => report.needs(
            ABOUT,
            format!("a report without a signature is answered with {status}, not 403: something else answers at http.public_url"),
        ),
        (Ok(status), _) => report.needs(
            ABOUT,
            format!("{url} answers {status}: let http.public_url lead to this server, and its proxy pass /twilio/ on as it is"),
        ),
        (Err(error), _) => report.needs(
            ABOUT,
            format!(
                "{url} cannot be reached ({}): start the server, and let http.public_url lead to it",
                error.without_url()
            ),
        ),
    }
}
