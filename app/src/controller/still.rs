//! On the server the widget is a picture: nothing is pressed, nothing happens.

use super::Controller;
use phone_verify_domain::Channel;

#[expect(clippy::unused_self, reason = "the same methods as in the browser")]
impl Controller {
    pub(crate) fn begin(self) {}
    pub(crate) fn get_pin(self) {}
    pub(crate) fn resend(self, _channel: Channel) {}
    pub(crate) fn check(self) {}
    pub(crate) fn change_number(self) {}
    pub(crate) fn number_edited(self, _typed: String) {}
    pub(crate) fn country_chosen(self, _region: &str) {}
    pub(crate) fn code_edited(self, _typed: &str) {}
    pub(crate) fn place_focus(self) {}
}
