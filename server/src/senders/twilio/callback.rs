use crate::config::BaseUrl;
use phone_verify_domain::VerificationId;

/// Where Twilio reports what became of deliveries.
#[derive(Clone, Debug)]
pub struct StatusCallbacks(Option<BaseUrl>);

impl StatusCallbacks {
    /// No reports.
    pub const NONE: Self = Self(None);

    /// Reports to the server's public URL, if there is one that Twilio (at `api`) takes: it refuses a message whose
    /// callback has a host with an underscore (21609), and one that leads to its own machine is of use to nobody.
    #[must_use]
    pub fn to(public_url: Option<&BaseUrl>, api: &BaseUrl) -> Self {
        Self(
            public_url
                .filter(|url| !url.host().contains('_') && (!url.is_loopback() || api.is_loopback()))
                .cloned(),
        )
    }

    /// Whether Twilio reports.
    pub(super) const fn are_asked_for(&self) -> bool {
        self.0.is_some()
    }

    /// The URL for the reports of one delivery; it names the delivery and its verification, and holds nothing else.
    pub(super) fn url(&self, channel: &str, verification: VerificationId, delivery: &str) -> Option<String> {
        let base = self.0.as_ref()?;
        Some(format!(
            "{base}/twilio/{channel}/status?verification={verification}&delivery={delivery}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(public: Option<&str>, api: &str) -> Option<String> {
        let public = public.map(|url| BaseUrl::parse(url).unwrap());
        StatusCallbacks::to(public.as_ref(), &BaseUrl::parse(api).unwrap()).url(
            "messages",
            VerificationId::from_bytes([7; 16]),
            "0a",
        )
    }

    #[test]
    fn reports_go_to_the_public_url_where_twilio_can_reach_it() {
        const TWILIO: &str = "https://api.twilio.com";
        assert_eq!(
            url(Some("https://verify.example.com"), TWILIO).unwrap(),
            "https://verify.example.com/twilio/messages/status?verification=07070707070707070707070707070707&delivery=0a"
        );
        assert_eq!(
            url(Some("http://127.0.0.1:3000"), "http://127.0.0.1:4010").unwrap(),
            "http://127.0.0.1:3000/twilio/messages/status?verification=07070707070707070707070707070707&delivery=0a"
        );
        assert_eq!(url(None, TWILIO), None);
        assert_eq!(url(Some("http://localhost:3000"), TWILIO), None);
        assert_eq!(url(Some("https://my_host.example.com"), TWILIO), None);
    }
}
