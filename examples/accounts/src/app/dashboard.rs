use super::parts::{Field, Kind, NUMBER, PASSWORD, PostForm, alert};
use crate::page::Dashboard;
use leptos::prelude::*;

const NEW_NUMBER: Kind = Kind {
    optional: true,
    ..NUMBER
};

/// `/dashboard`
#[component]
pub(super) fn DashboardPage(dashboard: Dashboard, problem: Option<String>) -> impl IntoView {
    let Dashboard {
        full_name,
        user_name,
        to,
        two_factor,
        new_codes,
        codes_left,
        asks_password,
    } = dashboard;
    let (now, value, label) = if two_factor {
        ("Two-factor is on", "off", "Turn off two-factor")
    } else {
        ("Two-factor is off", "on", "Turn on two-factor")
    };
    let left = (two_factor && new_codes.is_empty())
        .then(|| view! { <p class="ac-hint">{format!("Codes left for a day without the phone: {codes_left}.")}</p> });
    let codes = (!new_codes.is_empty()).then(|| view! { <RecoveryCodes codes=new_codes /> });
    view! {
        {alert(problem)}
        <p class="pg-lead">{format!("Welcome, {full_name} ({user_name}).")}</p>
        <p class="pv-root ac-form" data-theme="auto" data-appearance="normal">
            <span class="pv-success">"Phone number verified"</span> " " {to}
        </p>
        {codes}
        <section class="ac-section">
            <h2>{now}</h2>
            {left}
            <PostForm action="/two-factor">
                {proof(asks_password, "two-factor-password")}
                <div class="pv-main">
                    <button class="pv-button pv-primary" type="submit" name="turn" value=value>{label}</button>
                </div>
            </PostForm>
        </section>
        <section class="ac-section">
            <h2>"Another number"</h2>
            <PostForm action="/number">
                {proof(asks_password, "number-password")}
                <Field name="phone_number" label="Phone number" kind=NEW_NUMBER />
                <div class="pv-main">
                    <button class="pv-button ac-second" type="submit">"Change number"</button>
                </div>
            </PostForm>
        </section>
        <PostForm action="/logout">
            <div class="pv-main"><button class="pv-button ac-second" type="submit">"Log out"</button></div>
        </PostForm>
    }
}

/// The password, where the log-in lies too far back.
fn proof(asked: bool, id: &'static str) -> impl IntoView {
    asked.then(|| {
        view! {
            <div class="pv-field">
                <label class="pv-label" for=id>"Password"</label>
                <input
                    class="pv-input"
                    id=id
                    name="password"
                    type=PASSWORD.input
                    autocomplete=PASSWORD.complete
                    required
                    maxlength=PASSWORD.longest
                />
            </div>
        }
    })
}

#[component]
fn RecoveryCodes(codes: Vec<String>) -> impl IntoView {
    let codes = codes
        .into_iter()
        .map(|code| view! { <li><code>{code}</code></li> })
        .collect_view();
    view! {
        <section class="ac-section">
            <h2>"Recovery codes"</h2>
            <p class="ac-hint">"Each lets you in once without the phone. They are shown this one time: keep them."</p>
            <ul class="ac-codes">{codes}</ul>
        </section>
    }
}
