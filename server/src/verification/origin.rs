use crate::sites::Site;
use phone_verify_domain::{ApiError, ErrorCode};

/// Refuses a request whose Origin is `null` or not on the site's list. An absent one is not a browser's: allowed.
pub(super) fn check(site: &Site, origin: Option<&str>, own: Option<&str>) -> Result<(), ApiError> {
    let Some(origin) = origin else {
        return Ok(());
    };
    if origin != "null" && (own == Some(origin) || site.allows(origin)) {
        Ok(())
    } else {
        Err(ApiError::new(
            ErrorCode::OriginRefused,
            format!("this origin is not among the origins of the site `{}`", site.key),
        ))
    }
}
