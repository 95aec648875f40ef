//! The HTML.

mod ended;
mod escape;
mod form;
mod receipt;

pub use ended::ended_page;
pub use form::{FormPage, form_page};
pub use receipt::receipt_page;

use escape::Escaped;

/// The page around `main`, which is HTML already.
fn page(title: &str, scripts: &str, main: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/order.css">
{scripts}</head>
<body>
<main>
{main}</main>
</body>
</html>
"#,
        title = Escaped(title),
    )
}
