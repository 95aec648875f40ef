use phone_verify_domain::Channel;

/// What a page asks of one widget: the attributes of contract 4 that matter to the component itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The site's public key.
    pub site_key: String,
    /// The host's session.
    pub session: Option<String>,
    /// The page's nonce, for the token.
    pub token_nonce: Option<String>,
    /// What the verification is for.
    pub purpose: Option<String>,
    /// The number that its field holds to begin with; for pages that a server renders, which know it.
    #[cfg(feature = "server-functions")]
    pub phone_number: String,
    /// The country to begin with.
    pub country: String,
    /// The countries to offer; all where empty.
    pub countries: Vec<String>,
    /// The channels to offer, the preferred one first; both where empty.
    pub channels: Vec<Channel>,
    /// Whether a code is checked as its last digit is in.
    pub auto: bool,
    /// Whether nothing can be done at all.
    pub disabled: bool,
    /// The consent line beside *Get PIN*; the widget's own words where it is empty.
    pub terms: Option<String>,
    /// A token from before.
    pub token: Option<String>,
    /// Tells this widget from others on its page: the name of its place in the browser's storage.
    pub slot: String,
}

impl Options {
    /// The channel that *Get PIN* and *Send again* use.
    #[must_use]
    pub fn first_channel(&self) -> Channel {
        self.channels.first().copied().unwrap_or(Channel::Sms)
    }

    /// Whether the page offers this channel.
    #[must_use]
    pub fn offers(&self, channel: Channel) -> bool {
        self.channels.is_empty() || self.channels.contains(&channel)
    }
}

/// Reads a list as attributes hold it: separated by spaces or commas.
pub fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', ',', '\n', '\t']).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_separated_by_spaces_or_commas() {
        assert_eq!(
            list("DE, AT,CH  FR").collect::<Vec<_>>(),
            ["DE", "AT", "CH", "FR"]
        );
        assert_eq!(list(" , ").count(), 0);
    }

    #[test]
    fn the_first_channel_named_is_the_one_to_begin_with() {
        let call_only = Options {
            channels: vec![Channel::Call],
            ..Options::default()
        };
        assert_eq!(call_only.first_channel(), Channel::Call);
        assert!(!call_only.offers(Channel::Sms));
        assert!(Options::default().offers(Channel::Call));
    }
}
