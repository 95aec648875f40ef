//! On the server the widget is a picture: nothing is pressed, nothing happens.

use super::Controller;
use leptos::ev::Event;

#[expect(clippy::unused_self, reason = "the same methods as in the browser")]
impl Controller {
    pub(crate) fn begin(self) {}
    pub(crate) fn end(self) {}
    pub(crate) fn place_focus(self) {}
    pub(crate) fn get_pin(self) {}
    pub(crate) fn send_again(self) {}
    pub(crate) fn call(self) {}
    pub(crate) fn check(self) {}
    pub(crate) fn change_number(self) {}
    pub(crate) fn on_number_input(self, _event: &Event) {}
    pub(crate) fn on_number_key(self, _event: &Event) {}
    pub(crate) fn on_code_input(self, _event: &Event) {}
    pub(crate) fn on_code_key(self, _event: &Event) {}
    pub(crate) fn on_country_press(self) {}
    pub(crate) fn on_country_key(self, _event: &Event) {}
    pub(crate) fn on_country_left(self, _event: &Event) {}
    pub(crate) fn on_search_input(self, _event: &Event) {}
    pub(crate) fn on_search_key(self, _event: &Event) {}
    pub(crate) fn on_option_press(self, _event: &Event) {}
    pub(crate) fn hold_focus(self, _event: &Event) {}
}
