use super::page;

/// Shown where a form was posted that no session of this shop has open.
pub fn ended_page() -> String {
    let main = "<h1>Your session has ended</h1>\n\
                <p>The order was not placed. <a href=\"/\">Open the form again</a>.</p>\n";
    page("Your session has ended", "", main)
}
