use super::LogInProblem;
use leptos::prelude::*;

pub(super) fn form(problem: Option<LogInProblem>) -> impl IntoView {
    let wrong = problem.map(|_| "true");
    let described = problem.map(|_| "problem");
    let problem = problem.map(|problem| {
        let text = match problem {
            LogInProblem::Wrong => "That is not the password.".to_owned(),
            LogInProblem::TooMany { retry_in } => {
                format!("Too many attempts. The next one is looked at in {retry_in} seconds.")
            }
        };
        view! {
            <p class="ad-problem" id="problem" role="alert">
                {text}
            </p>
        }
    });
    view! {
        <form class="ad-form ad-narrow" method="post" action="/admin/login">
            {problem}
            // Whoever keeps passwords for people keeps them under a name.
            <input type="text" name="username" autocomplete="username" value="admin" hidden readonly />
            <label for="password">"Password"</label>
            <input
                id="password"
                name="password"
                type="password"
                autocomplete="current-password"
                required
                maxlength="1024"
                aria-invalid=wrong
                aria-describedby=described
            />
            <button class="ad-button ad-primary" type="submit">
                "Log in"
            </button>
        </form>
    }
}
