//! What there is to choose.

/// One thing to choose: an attribute of the element, or something about the page around it.
pub(super) struct Setting {
    /// The attribute, the name of the form's field, and the key in the page's address.
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: Kind,
    /// What it begins with.
    pub(super) first: &'static str,
    /// A line below the field.
    pub(super) note: &'static str,
}

/// How it is chosen.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text,
    /// There, as `on`, or not.
    Flag,
    /// One of these values, each with its words; the first is what the widget does by itself.
    OneOf(&'static [(&'static str, &'static str)]),
}

/// A group of settings, with its heading.
pub(super) struct Group {
    pub(super) heading: &'static str,
    pub(super) settings: &'static [Setting],
}

pub(super) const SITE_KEY: &str = "site-key";
pub(super) const CALLBACK: &str = "callback";
pub(super) const SKIN: &str = "skin";
pub(super) const TERMS: &str = "terms";
pub(super) const TERMS_TEXT: &str = "terms-text";

/// The form, from top to bottom.
pub(super) const GROUPS: &[Group] = &[
    Group {
        heading: "Looks",
        settings: &[
            Setting {
                name: "appearance",
                label: "Appearance",
                kind: Kind::OneOf(&[("", "Normal"), ("compact", "Compact"), ("card", "Card")]),
                first: "",
                note: "",
            },
            Setting {
                name: "theme",
                label: "Theme",
                kind: Kind::OneOf(&[("", "As the system"), ("light", "Light"), ("dark", "Dark")]),
                first: "",
                note: "",
            },
            Setting {
                name: SKIN,
                label: "Skin",
                kind: Kind::OneOf(&[
                    ("", "None"),
                    ("harbor", "Harbor"),
                    ("bloom", "Bloom"),
                    ("signal", "Signal"),
                ]),
                first: "",
                note: "A style sheet of variables, for your page",
            },
            Setting {
                name: "shadow",
                label: "In a shadow root",
                kind: Kind::Flag,
                first: "",
                note: "",
            },
        ],
    },
    Group {
        heading: "What it asks",
        settings: &[
            Setting {
                name: SITE_KEY,
                label: "Site key",
                kind: Kind::Text,
                first: "",
                note: "",
            },
            Setting {
                name: "country",
                label: "Country to begin with",
                kind: Kind::Text,
                first: "",
                note: "Two letters, such as CH",
            },
            Setting {
                name: "countries",
                label: "Countries offered",
                kind: Kind::Text,
                first: "",
                note: "Such as CH DE AT; all where empty",
            },
            Setting {
                name: "channels",
                label: "Channels",
                kind: Kind::OneOf(&[
                    ("", "Text message, then call"),
                    ("call sms", "Call, then text message"),
                    ("sms", "Text message only"),
                    ("call", "Call only"),
                ]),
                first: "",
                note: "",
            },
            Setting {
                name: "locale",
                label: "Language",
                kind: Kind::Text,
                first: "",
                note: "A tag such as de-CH; the page's where empty",
            },
            Setting {
                name: TERMS,
                label: "A consent line",
                kind: Kind::Flag,
                first: "",
                note: "",
            },
            Setting {
                name: TERMS_TEXT,
                label: "Its words",
                kind: Kind::Text,
                first: "",
                note: "The widget's own where empty",
            },
            Setting {
                name: "auto",
                label: "Check as the last digit is in",
                kind: Kind::Flag,
                first: "",
                note: "",
            },
        ],
    },
    Group {
        heading: "What your page gets",
        settings: &[
            Setting {
                name: CALLBACK,
                label: "Callback",
                kind: Kind::Text,
                first: "onPhoneVerified",
                note: "A global function's name",
            },
            Setting {
                name: "name",
                label: "Name of the form's field",
                kind: Kind::Text,
                first: "",
                note: "phone-verify-token where empty",
            },
            Setting {
                name: "purpose",
                label: "Purpose",
                kind: Kind::Text,
                first: "",
                note: "Goes into the token",
            },
        ],
    },
];

/// All of them, in the form's order.
pub(super) fn settings() -> impl Iterator<Item = &'static Setting> {
    GROUPS.iter().flat_map(|group| group.settings)
}
