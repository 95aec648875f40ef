//! Registering and logging in.

use super::parts::{Field, Kind, NUMBER, PASSWORD, PostForm, Submit, alert};
use leptos::prelude::*;

const NAME: Kind = Kind {
    input: "text",
    complete: "username",
    longest: "64",
    shortest: None,
    optional: false,
};

const FULL_NAME: Kind = Kind {
    complete: "name",
    longest: "200",
    ..NAME
};

const NEW_PASSWORD: Kind = Kind {
    complete: "new-password",
    shortest: Some("8"),
    ..PASSWORD
};

/// `/register`
#[component]
pub(super) fn RegisterPage(
    user_name: String,
    full_name: String,
    phone_number: String,
    problem: Option<String>,
) -> impl IntoView {
    view! {
        {alert(problem)}
        <PostForm action="/register">
            <Field name="user_name" label="User name" kind=NAME value=user_name />
            <Field name="full_name" label="Full name" kind=FULL_NAME value=full_name />
            <Field name="password" label="Password" kind=NEW_PASSWORD hint="At least 8 characters." />
            <Field
                name="phone_number"
                label="Phone number"
                kind=NUMBER
                value=phone_number
                hint="With its country code, as in +1 202 555 0123."
            />
            <Submit label="Register" />
        </PostForm>
        <p class="pg-note">"You have an account? " <a href="/login">"Log in"</a></p>
    }
}

/// `/login`
#[component]
pub(super) fn LogInPage(user_name: String, problem: Option<String>) -> impl IntoView {
    view! {
        {alert(problem)}
        <PostForm action="/login">
            <Field name="user_name" label="User name" kind=NAME value=user_name />
            <Field name="password" label="Password" kind=PASSWORD />
            <Submit label="Log in" />
        </PostForm>
        <p class="pg-note">"You have no account? " <a href="/register">"Register"</a></p>
    }
}
