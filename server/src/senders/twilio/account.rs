use crate::config::{BaseUrl, TwilioConfig};
use secrecy::SecretString;

/// Whose account is used, by whom, and where.
#[derive(Clone, Debug)]
pub struct Account {
    /// The account's SID: it stands in every path, whoever asks.
    pub sid: String,
    /// Who asks.
    pub credentials: Credentials,
    /// Where.
    pub api: BaseUrl,
}

/// Who asks, by HTTP Basic.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// The account itself.
    AuthToken(SecretString),
    /// One of its API keys, which can be withdrawn alone.
    ApiKey {
        /// `SK…`
        sid: String,
        /// Its secret.
        secret: SecretString,
    },
}

/// Why settings name no account to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Nobody can ask.
    #[error("twilio: account_sid, and auth_token or a whole API key, are needed")]
    Incomplete,
    /// A region without an edge.
    #[error(
        "twilio.region: Twilio's host names need an edge with it: set twilio.edge, as in \"dublin\" for \"ie1\""
    )]
    RegionWithoutEdge,
    /// A region or an edge that cannot stand in a host name.
    #[error("twilio.region, twilio.edge: expected letters, digits and hyphens")]
    NotAHostLabel,
}

impl Account {
    /// The account that settings name; with a whole API key its auth token is left to webhooks.
    ///
    /// # Errors
    /// [`AccountError`] says what to change.
    pub fn new(config: &TwilioConfig) -> Result<Self, AccountError> {
        let sid = config.account_sid.clone().ok_or(AccountError::Incomplete)?;
        let key = config.api_key.clone().zip(config.api_key_secret.clone());
        let credentials = match (key, &config.auth_token) {
            (Some((sid, secret)), _) => Credentials::ApiKey { sid, secret },
            (None, Some(token)) => Credentials::AuthToken(token.clone()),
            (None, None) => return Err(AccountError::Incomplete),
        };
        Ok(Self {
            sid,
            credentials,
            api: api_url(config)?,
        })
    }

    /// User and password of HTTP Basic.
    pub(super) fn user_and_password(&self) -> (&str, &SecretString) {
        match &self.credentials {
            Credentials::AuthToken(token) => (&self.sid, token),
            Credentials::ApiKey { sid, secret } => (sid, secret),
        }
    }
}

/// Where Twilio's API is: `api_url`, else by edge and region.
///
/// # Errors
/// [`AccountError::RegionWithoutEdge`], [`AccountError::NotAHostLabel`].
pub fn api_url(config: &TwilioConfig) -> Result<BaseUrl, AccountError> {
    match &config.api_url {
        Some(url) => Ok(url.clone()),
        None => product_url("api", config.region.as_deref(), config.edge.as_deref()),
    }
}

/// Where Twilio Lookup is: `lookups_url`, else by edge and region.
///
/// # Errors
/// As [`api_url`].
pub(super) fn lookups_url(config: &TwilioConfig) -> Result<BaseUrl, AccountError> {
    match &config.lookups_url {
        Some(url) => Ok(url.clone()),
        None => product_url("lookups", config.region.as_deref(), config.edge.as_deref()),
    }
}

/// Where Twilio Verify is: `verify_url`, else by edge and region.
///
/// # Errors
/// As [`api_url`].
pub(super) fn verify_url(config: &TwilioConfig) -> Result<BaseUrl, AccountError> {
    match &config.verify_url {
        Some(url) => Ok(url.clone()),
        None => product_url("verify", config.region.as_deref(), config.edge.as_deref()),
    }
}

/// `https://product.edge.region.twilio.com`. An edge alone leads to region us1, as in Twilio's own libraries; a region
/// alone leads nowhere.
pub(super) fn product_url(
    product: &str,
    region: Option<&str>,
    edge: Option<&str>,
) -> Result<BaseUrl, AccountError> {
    let host = match (region, edge) {
        (None, None) => format!("{product}.twilio.com"),
        (region, Some(edge)) => {
            let region = region.unwrap_or("us1");
            if ![region, edge].into_iter().all(is_host_label) {
                return Err(AccountError::NotAHostLabel);
            }
            format!("{product}.{edge}.{region}.twilio.com")
        }
        (Some(_), None) => return Err(AccountError::RegionWithoutEdge),
    };
    BaseUrl::parse(&format!("https://{host}")).ok_or(AccountError::NotAHostLabel)
}

fn is_host_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> TwilioConfig {
        TwilioConfig {
            account_sid: Some("AC1".to_owned()),
            auth_token: Some("token".into()),
            ..TwilioConfig::default()
        }
    }

    fn api(region: Option<&str>, edge: Option<&str>) -> Result<String, AccountError> {
        let config = TwilioConfig {
            region: region.map(str::to_owned),
            edge: edge.map(str::to_owned),
            ..config()
        };
        Account::new(&config).map(|account| account.api.to_string())
    }

    #[test]
    fn hosts_name_edge_and_region() {
        assert_eq!(api(None, None).unwrap(), "https://api.twilio.com");
        assert_eq!(
            api(Some("ie1"), Some("dublin")).unwrap(),
            "https://api.dublin.ie1.twilio.com"
        );
        assert_eq!(
            api(None, Some("sydney")).unwrap(),
            "https://api.sydney.us1.twilio.com"
        );
        assert_eq!(api(Some("ie1"), None), Err(AccountError::RegionWithoutEdge));
        assert_eq!(
            api(Some("ie1"), Some("evil.example/")),
            Err(AccountError::NotAHostLabel)
        );
    }

    #[test]
    fn an_api_url_wins_over_region_and_edge() {
        let config = TwilioConfig {
            api_url: BaseUrl::parse("http://127.0.0.1:4010"),
            region: Some("ie1".to_owned()),
            ..config()
        };
        assert_eq!(
            Account::new(&config).unwrap().api.to_string(),
            "http://127.0.0.1:4010"
        );
    }

    #[test]
    fn a_whole_api_key_wins_over_the_auth_token_and_a_half_one_does_not() {
        let mut config = config();
        config.api_key = Some("SK1".to_owned());
        let account = Account::new(&config).unwrap();
        assert!(matches!(account.credentials, Credentials::AuthToken(_)));
        config.api_key_secret = Some("secret".into());
        let account = Account::new(&config).unwrap();
        assert!(matches!(account.credentials, Credentials::ApiKey { .. }));
        config.auth_token = None;
        config.api_key = None;
        assert_eq!(Account::new(&config).err(), Some(AccountError::Incomplete));
    }

    #[test]
    fn an_account_cannot_be_printed_with_its_secret() {
        let account = Account::new(&config()).unwrap();
        assert!(!format!("{account:?}").contains("token\""), "{account:?}");
    }
}
