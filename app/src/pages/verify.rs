use super::Page;
use crate::controller::{Event, Look};
use crate::gateway::Gateway;
use crate::options::Options;
use crate::phone_verify::PhoneVerify;
use crate::words::Word;
use leptos::prelude::*;

/// What the page of a host's session is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errand {
    /// The session.
    pub session: String,
    /// Where the page leads once the number is proved, on this server; nowhere where the host named no address.
    pub onward: Option<String>,
}

/// The page that a host's server sends a browser to: the thing itself, within a session, and the way back.
#[component]
pub(super) fn Verify(page: Page, errand: Errand) -> impl IntoView {
    let verified = RwSignal::new(false);
    let onward = errand.onward.clone();
    let on_event = Callback::new(move |event: Event| {
        if let Event::Token(token) = event {
            verified.set(token.is_some());
            if let (Some(_), Some(address)) = (token, &onward) {
                leave_for(address);
            }
        }
    });
    let onward = errand.onward;
    let say = |word| page.words.say(word).to_owned();
    let (heading, go_on, close_page) = (say(Word::VerifyYourNumber), say(Word::GoOn), say(Word::ClosePage));
    let way_back = move || {
        verified.get().then(|| match onward.clone() {
            Some(address) => view! { <p class="pg-note"><a href=address>{go_on.clone()}</a></p> }.into_any(),
            None => view! { <p class="pg-note">{close_page.clone()}</p> }.into_any(),
        })
    };
    let options = Options {
        session: Some(errand.session.clone()),
        // What another session has begun in this tab is none of this one's.
        slot: errand.session,
        ..Options::default()
    };
    view! {
        <div class="pg-page">
            <main class="pg-main">
                <section class="pg-try" aria-labelledby="verify">
                    <h1 id="verify">{heading}</h1>
                    <PhoneVerify
                        gateway=Gateway::Actions
                        options=options
                        words=page.words
                        site_key=page.site_key.unwrap_or_default()
                        look=Look { theme: "auto".to_owned(), appearance: "normal".to_owned() }
                        on_event=on_event
                    />
                    {way_back}
                </section>
            </main>
        </div>
    }
}

/// The link stays for whoever is not led on.
#[cfg(feature = "browser")]
fn leave_for(address: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.location().assign(address);
    }
}

#[cfg(not(feature = "browser"))]
const fn leave_for(_: &str) {}
