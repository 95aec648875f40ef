use super::{
    NumberButton, NumberFound, NumberPage, SendingRow, channel, country, decisions, fate, log, parts,
};
use leptos::prelude::*;

pub(super) fn page(page: NumberPage) -> impl IntoView {
    let problem = page.is_none.then(|| {
        view! {
            <p class="ad-problem" id="problem" role="alert">
                "That is no phone number with its country's calling code."
            </p>
        }
    });
    let wrong = page.is_none.then_some("true");
    let described = if page.is_none { "problem" } else { "number-hint" };
    let typed = page.typed.clone();
    let done = page.done.and_then(done).map(|text| {
        view! {
            <p class="ad-done" role="status">
                {text}
            </p>
        }
    });
    let found = page.found.map(|found| known(found, &page.typed, &page.sites));
    view! {
        <form class="ad-form ad-narrow" method="post" action="/admin/numbers">
            {problem}
            <label for="number">"Phone number"</label>
            <input
                id="number"
                name="phone_number"
                type="tel"
                autocomplete="off"
                dir="ltr"
                required
                maxlength="64"
                value=typed
                aria-invalid=wrong
                aria-describedby=described
            />
            <p class="ad-hint" id="number-hint">
                "With its calling code, as in +1 202 555 0123. Numbers are not listed anywhere: type the one that somebody has told you."
            </p>
            <button
                class="ad-button ad-primary"
                type="submit"
                name=NumberButton::FIELD
                value=NumberButton::LookUp.as_str()
            >
                "Look up"
            </button>
        </form>
        {done}
        {found}
    }
}

/// What was done, in words.
fn done(button: NumberButton) -> Option<&'static str> {
    Some(match button {
        NumberButton::LookUp => return None,
        NumberButton::Unlock => {
            "Its limits and wrong codes are forgotten: a message can be asked for at once."
        }
        NumberButton::Block => {
            "It is blocked. Whoever asks for a message to it is told what everybody is told, and nothing is sent."
        }
        NumberButton::Unblock => "The block is ended.",
        NumberButton::Erase => {
            "What was known of it is deleted; counters that limit it run out by themselves."
        }
    })
}

fn known(found: NumberFound, typed: &str, sites: &[String]) -> impl IntoView + use<> {
    let yes_no = |yes: bool| if yes { "Yes" } else { "No" };
    let blocked = match (found.blocked, found.blocked_on.is_empty()) {
        (true, _) => "On all sites".to_owned(),
        (false, true) => "No".to_owned(),
        (false, false) => format!("On {}", found.blocked_on.join(", ")),
    };
    let wait = match found.wait {
        0 => "Now".to_owned(),
        seconds => format!("In {seconds} seconds, as far as its own limits go"),
    };
    let facts = [
        ("Number", found.mask.clone()),
        (
            "Country",
            found.country.map_or_else(|| "None".to_owned(), country),
        ),
        ("Blocked", blocked),
        ("Has said STOP", yes_no(found.opted_out).to_owned()),
        ("Next message possible", wait),
    ];
    view! {
        {parts::facts("ad-facts", facts)}
        <h2>"What can be done"</h2>
        {actions(typed, sites)}
        <h2>"Last messages and calls"</h2>
        {sendings(found.sendings)}
        <h2>"What rules decided against it"</h2>
        {decisions::table(found.decisions)}
        <h2>"What was done here with it"</h2>
        {log::table(found.log)}
    }
}

/// Each is a form of its own, so that Enter does nothing by accident.
fn actions(typed: &str, sites: &[String]) -> impl IntoView + use<> {
    let choice = |id: &'static str| {
        let options = sites
            .iter()
            .map(|key| view! { <option value=key.clone()>{key.clone()}</option> })
            .collect_view();
        view! {
            <label for=id>"On"</label>
            <select id=id name="site">
                <option value="">"All sites"</option>
                {options}
            </select>
        }
    };
    let sure = view! {
        <label class="ad-check">
            <input type="checkbox" name="sure" value="yes" required />
            "Yes, delete it"
        </label>
    };
    view! {
        <div class="ad-actions">
            {action(typed, NumberButton::Unlock, "Unlock", ().into_any())}
            {action(typed, NumberButton::Block, "Block", choice("block-on").into_any())}
            {action(typed, NumberButton::Unblock, "Unblock", choice("unblock-on").into_any())}
            {action(typed, NumberButton::Erase, "Erase", sure.into_any())}
        </div>
    }
}

fn action(typed: &str, button: NumberButton, label: &'static str, fields: AnyView) -> impl IntoView + use<> {
    view! {
        <form class="ad-form ad-action" method="post" action="/admin/numbers">
            <input type="hidden" name="phone_number" value=typed.to_owned() />
            {fields}
            <button class="ad-button" type="submit" name=NumberButton::FIELD value=button.as_str()>
                {label}
            </button>
        </form>
    }
}

fn sendings(rows: Vec<SendingRow>) -> AnyView {
    if rows.is_empty() {
        return view! { <p>"None are known."</p> }.into_any();
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <tr>
                    <th scope="row">{row.at}</th>
                    <td>{row.site}</td>
                    <td>{channel(row.channel)}</td>
                    <td>{fate(row.state, row.reason)}</td>
                    <td>{row.status}</td>
                </tr>
            }
        })
        .collect_view();
    parts::table(
        "Last messages and calls",
        &["At (UTC)", "Site", "Channel", "What became of it", "Verification"],
        rows,
    )
}
