use super::{Escaped, page};
use crate::order::{OrderForm, Problems};
use crate::sessions::Session;

/// What the form is shown with.
pub struct FormPage<'a> {
    /// The phone-verify server's origin.
    pub verify_origin: &'a str,
    /// The site key there.
    pub site_key: &'a str,
    /// The purpose that this form's tokens are for.
    pub purpose: &'a str,
    /// Whose form it is.
    pub session: &'a Session,
    /// What was typed before.
    pub form: &'a OrderForm,
    /// A token from before that is good and not used up: the widget shows *verified* with it.
    pub kept_token: Option<&'a str>,
    /// What is wrong with it.
    pub problems: Problems,
}

/// The order form.
pub fn form_page(shown: &FormPage<'_>) -> String {
    let verify = Escaped(shown.verify_origin);
    let scripts = format!(
        "<script src=\"/order.js\" defer></script>\n\
         <script async type=\"module\" src=\"{verify}/embed/v1/phone-verify.js\"></script>\n"
    );
    let summary = if shown.problems.is_empty() {
        ""
    } else {
        "<p role=\"alert\">The order was not placed: see below.</p>\n"
    };
    let main = format!(
        r#"<h1>Order</h1>
{summary}<form action="/order" method="post" novalidate>
<input type="hidden" name="form-token" value="{form_token}">
{name}{item}{address}<fieldset>
<legend>Phone</legend>
{widget}{phone_problem}<p id="phone-hint">The driver rings before delivering, so the number has to be yours.</p>
<noscript><p>Verifying a number here needs JavaScript.</p></noscript>
</fieldset>
<button type="submit">Place order</button>
</form>
"#,
        form_token = Escaped(&shown.session.form_token),
        name = text_field("name", "Name", "name", &shown.form.name, shown.problems.name),
        item = text_field("item", "Item", "off", &shown.form.item, shown.problems.item),
        address = address_field(&shown.form.address, shown.problems.address),
        widget = widget(shown),
        phone_problem = problem("phone", shown.problems.phone),
    );
    page("Order", &scripts, &main)
}

fn widget(shown: &FormPage<'_>) -> String {
    let token = shown
        .kept_token
        .map(|token| format!(" token=\"{}\"", Escaped(token)))
        .unwrap_or_default();
    format!(
        "<phone-verify site-key=\"{site_key}\" callback=\"onPhoneVerified\" name=\"phone-token\" \
         token-nonce=\"{nonce}\" purpose=\"{purpose}\"{token}></phone-verify>\n",
        site_key = Escaped(shown.site_key),
        nonce = Escaped(&shown.session.nonce),
        purpose = Escaped(shown.purpose),
    )
}

fn text_field(id: &str, label: &str, autocomplete: &str, value: &str, wrong: Option<&str>) -> String {
    format!(
        "<p><label for=\"{id}\">{label}</label>\n\
         <input id=\"{id}\" name=\"{id}\" required autocomplete=\"{autocomplete}\" value=\"{value}\"{state}></p>\n\
         {problem}",
        value = Escaped(value),
        state = state(id, wrong),
        problem = problem(id, wrong),
    )
}

fn address_field(value: &str, wrong: Option<&str>) -> String {
    // The line break after the tag is not part of the text; without it, one that was typed first would be lost.
    format!(
        "<p><label for=\"address\">Delivery address</label>\n\
         <textarea id=\"address\" name=\"address\" rows=\"3\" required autocomplete=\"street-address\"{state}>\n\
         {value}</textarea></p>\n{problem}",
        value = Escaped(value),
        state = state("address", wrong),
        problem = problem("address", wrong),
    )
}

fn state(id: &str, wrong: Option<&str>) -> String {
    wrong
        .map(|_| format!(" aria-invalid=\"true\" aria-describedby=\"{id}-problem\""))
        .unwrap_or_default()
}

fn problem(id: &str, wrong: Option<&str>) -> String {
    wrong
        .map(|words| {
            format!(
                "<p class=\"problem\" id=\"{id}-problem\">{}</p>\n",
                Escaped(words)
            )
        })
        .unwrap_or_default()
}
