use crate::{Channel, DeliveryReason, DeliveryState, Status};

/// Defines an enum whose variants each have one fixed word on the wire, in the database and in attributes.
///
/// Derived serde enums cost the widget kilobytes; a table of words costs bytes.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant,)+ }

        impl $name {
            /// Every value, in the order of their definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The fixed word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The value that `word` names, if it names one.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<str> as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&word).ok_or_else(|| serde::de::Error::unknown_variant(&word, &[$($word,)+]))
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::String)
                    .enum_values(Some([$($word,)+]))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }
    };
}
pub(crate) use words;

/// All that may be shown of a verification: a widget can be drawn from any one view.
///
/// Waiting times are whole seconds from now, rounded up; 0 means possible now, `None` not any more.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct View {
    /// Names the verification; no right in itself.
    pub id: String,
    /// Where it stands.
    pub status: Status,
    /// The channel of the last delivery.
    pub channel: Channel,
    /// The masked number, as in `+1 ••• ••• ••34`.
    pub to: String,
    /// How many digits the code has.
    pub code_length: u8,
    /// How many codes may still be tried.
    pub attempts_left: u32,
    /// How often the code may still be sent.
    pub sends_left: u32,
    /// When the code may be sent by text message.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_sms_in: Option<u64>,
    /// When the code may be sent by voice call.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_call_in: Option<u64>,
    /// When a code may be checked.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_check_in: Option<u64>,
    /// When the verification expires.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub expires_in: Option<u64>,
    /// What became of the last delivery.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub delivery: Option<DeliveryView>,
    /// The right to act on the verification; only in the answer to a start.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub client_secret: Option<String>,
    /// The signed result; only in the answer to the check that approved.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub token: Option<String>,
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryView {
    /// Where it stands.
    pub state: DeliveryState,
    /// Why it failed, if it did.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub reason: Option<DeliveryReason>,
}
