use super::*;
use phone_verify_domain::{ErrorCode, Status};

fn view() -> View {
    View {
        id: "0123456789abcdef0123456789abcdef".into(),
        status: Status::Pending,
        channel: Channel::Sms,
        to: "+1 ••• ••• ••34".into(),
        code_length: 6,
        attempts_left: 3,
        sends_left: 4,
        next_sms_in: Some(45),
        next_call_in: None,
        next_check_in: Some(75),
        expires_in: Some(600),
        delivery: None,
        client_secret: None,
        token: None,
    }
}

fn html(form: &PlainForm) -> String {
    plain_document(&Page::default(), form)
}

#[test]
fn a_number_is_asked_for_with_what_was_typed_before() {
    let html = html(&PlainForm {
        action: "/verify/x".into(),
        phone_number: "0301 \"<x>".into(),
        country: "DE".into(),
        countries: vec!["DE".into(), "AT".into()],
        nonce: "n".into(),
        ..PlainForm::default()
    });
    assert!(html.contains(r#"method="post" action="/verify/x""#), "{html}");
    assert!(
        html.contains("0301 &quot;&lt;x&gt;") || html.contains("0301 &quot;<x>"),
        "{html}"
    );
    assert!(
        html.contains("Germany (+49)") && html.contains("Austria (+43)"),
        "{html}"
    );
    assert!(!html.contains("France") && !html.contains("<script"), "{html}");
    assert_eq!(html.matches("selected").count(), 1, "{html}");
}

#[test]
fn waits_and_what_is_never_possible_are_said_in_words() {
    let html = html(&PlainForm {
        step: PlainStep::Code(Box::new(view())),
        problem: Some(ApiError::new(ErrorCode::WrongCode, "")),
        id: "i".into(),
        client_secret: "s".into(),
        ..PlainForm::default()
    });
    for said in [
        "Enter the 6-digit PIN sent to +1 ••• ••• ••34",
        "This PIN is wrong. You can try 3 more times.",
        "in 45 s",
        "in 1 min 15 s",
        "not available",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
    assert_eq!(html.matches("disabled").count(), 1, "{html}");
}

#[test]
fn a_page_speaks_the_language_of_its_words() {
    let page = Page {
        words: phone_verify_words::negotiated("de-CH").words(),
        ..Page::default()
    };
    let form = PlainForm {
        step: PlainStep::Code(Box::new(view())),
        problem: Some(ApiError::new(ErrorCode::WrongCode, "")),
        ..PlainForm::default()
    };
    let html = plain_document(&page, &form);
    for said in [
        r#"<html lang="de""#,
        "Bestätigen Sie Ihre Telefonnummer",
        "Diese PIN ist falsch. Sie haben noch 3 Versuche.",
        "in 1 min 15 s",
        "Stattdessen anrufen",
        "Aktualisieren",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
    let page = Page {
        words: phone_verify_words::negotiated("ar").words(),
        ..Page::default()
    };
    assert!(plain_document(&page, &form).contains(r#"<html lang="ar" dir="rtl""#));
}

#[test]
fn every_country_that_may_be_chosen_has_a_name_but_for_three() {
    let html = html(&PlainForm::default());
    let unnamed: Vec<_> = crate::countries::all()
        .into_iter()
        .filter(|country| html.contains(&format!(">{} (+", country.region)))
        .map(|country| country.region)
        .collect();
    assert_eq!(unnamed, ["AC", "TA", "XK"]);
}

#[test]
fn each_button_asks_for_one_thing() {
    for action in PlainAction::ALL {
        assert_eq!(PlainAction::parse(action.as_str()), Some(action));
    }
    assert_eq!(PlainAction::parse(""), None);
}
