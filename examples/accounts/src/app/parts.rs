//! What forms are made of.

use leptos::prelude::*;

/// A form that is posted, once: its buttons rest while the answer is awaited.
#[component]
pub(super) fn PostForm(
    /// Where to.
    action: &'static str,
    /// Its fields and buttons.
    children: Children,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let once = move |event: leptos::ev::SubmitEvent| {
        if busy.get_untracked() {
            event.prevent_default();
        }
        busy.set(true);
    };
    view! {
        <form
            class="pv-root ac-form"
            method="post"
            action=action
            data-theme="auto"
            data-appearance="normal"
            aria-busy=move || busy.get().then_some("true")
            on:submit=once
        >
            {children()}
        </form>
    }
}

/// How a field is filled in.
#[derive(Clone, Copy, Default)]
pub(super) struct Kind {
    /// `type`
    pub(super) input: &'static str,
    /// `autocomplete`
    pub(super) complete: &'static str,
    /// `maxlength`
    pub(super) longest: &'static str,
    /// `minlength`
    pub(super) shortest: Option<&'static str>,
    /// Whether it may be empty.
    pub(super) optional: bool,
}

/// A field with its label and a hint.
#[component]
pub(super) fn Field(
    /// Its name and id.
    name: &'static str,
    /// What stands above it.
    label: &'static str,
    /// How it is filled in.
    kind: Kind,
    /// What is in it.
    #[prop(optional, into)]
    value: String,
    /// What stands below it.
    #[prop(optional)]
    hint: Option<&'static str>,
) -> impl IntoView {
    let hint_id = format!("{name}-hint");
    let described_by = hint.is_some().then(|| hint_id.clone());
    let hint = hint.map(|text| view! { <p class="ac-hint" id=hint_id>{text}</p> });
    let dir = (kind.input == "tel").then_some("ltr");
    view! {
        <div class="pv-field">
            <label class="pv-label" for=name>{label}</label>
            <input
                class="pv-input"
                id=name
                name=name
                type=kind.input
                autocomplete=kind.complete
                autocapitalize="none"
                dir=dir
                required=!kind.optional
                minlength=kind.shortest
                maxlength=kind.longest
                value=value
                aria-describedby=described_by
            />
            {hint}
        </div>
    }
}

/// What a number's field is like.
pub(super) const NUMBER: Kind = Kind {
    input: "tel",
    complete: "tel",
    longest: "64",
    shortest: None,
    optional: false,
};

/// What the field of a password that is there already is like.
pub(super) const PASSWORD: Kind = Kind {
    input: "password",
    complete: "current-password",
    longest: "1024",
    shortest: None,
    optional: false,
};

/// The form's main button.
#[component]
pub(super) fn Submit(
    /// What stands on it.
    label: &'static str,
) -> impl IntoView {
    view! {
        <div class="pv-main">
            <button class="pv-button pv-primary" type="submit">{label}</button>
        </div>
    }
}

/// What went wrong.
pub(super) fn alert(problem: Option<String>) -> impl IntoView {
    problem.map(|text| view! { <p class="pv-problem" id="problem" role="alert">{text}</p> })
}
