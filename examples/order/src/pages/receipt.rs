use super::{Escaped, page};
use crate::order::Receipt;

/// What has been ordered.
pub fn receipt_page(receipt: &Receipt) -> String {
    let phone = match &receipt.phone_number {
        Some(number) => format!("{number} (verified)"),
        None => format!("verified ({})", receipt.country),
    };
    let main = format!(
        "<h1>Order received</h1>\n<dl>\n\
         <dt>Name</dt><dd>{}</dd>\n<dt>Item</dt><dd>{}</dd>\n\
         <dt>Delivery address</dt><dd class=\"lines\">{}</dd>\n<dt>Phone number</dt><dd>{}</dd>\n</dl>\n\
         <p><a href=\"/\">Order something else</a></p>\n",
        Escaped(&receipt.name),
        Escaped(&receipt.item),
        Escaped(&receipt.address),
        Escaped(&phone),
    );
    page("Order received", "", &main)
}
