use super::Page;
use crate::controller::{Event, Look};
use crate::gateway::Gateway;
use crate::phone_verify::PhoneVerify;
use leptos::prelude::*;

/// The page at `/`: what this server does, and the thing itself to try.
#[component]
pub(super) fn Home(page: Page) -> impl IntoView {
    let token = RwSignal::new(None::<String>);
    let on_event = Callback::new(move |event: Event| {
        if let Event::Token(now) = event {
            token.set(now);
        }
    });
    let result = move || {
        token.get().map(|token| {
            view! {
                <div class="pg-result">
                    <h3>"What your page gets"</h3>
                    <pre class="pg-code" tabindex="0" aria-label="Token">{token}</pre>
                    <p>"Your server checks it offline with the public keys, or redeems it, once."</p>
                </div>
            }
        })
    };
    let try_it = page.site_key.clone().map(|site_key| {
        view! {
            <PhoneVerify
                gateway=Gateway::Actions
                site_key=site_key
                name="phone-verify-token"
                look=Look { theme: "auto".to_owned(), appearance: "normal".to_owned() }
                on_event=on_event
            />
        }
    });
    let outbox = page.outbox.map(outbox_note);
    let site_key = page.site_key.unwrap_or_else(|| "your-site-key".to_owned());
    view! {
        <div class="pg-page">
            <header class="pg-header">
                <p class="pg-brand">"phone-verify"</p>
            </header>
            <main class="pg-main">
                <section class="pg-intro">
                    <h1>"Know that the number is theirs."</h1>
                    <p class="pg-lead">
                        "A PIN by text message or voice call, typed into one small form, "
                        "and a signed result that your server can check."
                    </p>
                    <h2>"Put it into any page"</h2>
                    <pre class="pg-code" tabindex="0" aria-label="HTML">{snippet(&page.public_url, &site_key)}</pre>
                    <p class="pg-more">
                        <a href=super::CONFIGURATOR_PATH>"Choose its looks and settings, and see them at once"</a>
                    </p>
                </section>
                <section class="pg-try" aria-labelledby="try">
                    <h2 id="try">"Try it"</h2>
                    {try_it}
                    {outbox}
                    {result}
                </section>
            </main>
        </div>
    }
}

/// Where the codes are, in development.
pub(super) fn outbox_note(outbox: String) -> impl IntoView {
    view! {
        <p class="pg-note">
            "This server runs in development: nothing is sent. "
            <a href=outbox target="_blank" rel="noopener">"Read the PIN in the outbox"</a>
        </p>
    }
}

fn snippet(public_url: &str, site_key: &str) -> String {
    [
        "<script async type=\"module\"\n        src=\"",
        public_url,
        "/embed/v1/phone-verify.js\"></script>\n<script>\n  function onPhoneVerified(result) {\n    // send result.token to your server\n  }\n</script>\n\n<form action=\"/order\" method=\"post\">\n  <phone-verify site-key=\"",
        site_key,
        "\"\n                callback=\"onPhoneVerified\"></phone-verify>\n</form>",
    ]
    .concat()
}
