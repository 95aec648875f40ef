use super::*;
use serde::Deserialize;

/// What Twilio's npm library signs, and how; `fake-twilio/tests/npm` makes the file and checks that it is the library's.
const SIGNED: &str = include_str!("../../../../../fake-twilio/tests/npm/signatures.json");

#[derive(Deserialize)]
struct Signed {
    what: String,
    public_url: String,
    target: String,
    #[serde(default)]
    form: Form,
    json: Option<String>,
    signature: String,
}

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

fn signed() -> Vec<Signed> {
    serde_json::from_str(SIGNED).unwrap()
}

impl Signed {
    fn body(&self) -> Vec<u8> {
        match &self.json {
            Some(json) => json.clone().into_bytes(),
            None => url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&self.form)
                .finish()
                .into_bytes(),
        }
    }

    fn open(
        &self,
        tokens: &[&str],
        change: impl FnOnce(&mut String, &mut Vec<u8>, &mut String),
    ) -> Option<Form> {
        let tokens = tokens.iter().map(|token| SecretString::from(*token));
        let signatures = Signatures::new(BaseUrl::parse(&self.public_url).unwrap(), tokens);
        let (mut target, mut body, mut signature) =
            (self.target.clone(), self.body(), self.signature.clone());
        change(&mut target, &mut body, &mut signature);
        signatures.open(Claim {
            target: &target,
            signature: Some(&signature),
            is_form: self.json.is_none(),
            body: &body,
        })
    }
}

#[test]
fn what_twilios_own_library_signs_is_accepted_under_either_token() {
    for signed in signed() {
        for tokens in [&[TOKEN][..], &["another", TOKEN]] {
            let form = signed.open(tokens, |_, _, _| {});
            assert_eq!(form.as_ref(), Some(&signed.form), "{}", signed.what);
        }
    }
}

#[test]
fn whatever_is_changed_is_refused() {
    for signed in signed() {
        let what = &signed.what;
        assert_eq!(signed.open(&["another"], |_, _, _| {}), None, "{what}");
        assert_eq!(signed.open(&[], |_, _, _| {}), None, "{what}");
        assert_eq!(
            signed.open(&[TOKEN], |target, _, _| target.push('0')),
            None,
            "{what}"
        );
        assert_eq!(
            signed.open(&[TOKEN], |target, _, _| target.insert(1, 'x')),
            None,
            "{what}"
        );
        assert_eq!(
            signed.open(&[TOKEN], |_, body, _| body.extend_from_slice(b"&x=y")),
            None,
            "{what}"
        );
        assert_eq!(
            signed.open(&[TOKEN], |_, _, signature| signature.clear()),
            None,
            "{what}"
        );
        assert_eq!(
            signed.open(&[TOKEN], |_, _, signature| signature.insert(0, 'A')),
            None,
            "{what}"
        );
        let elsewhere = Signed {
            public_url: "https://other.example.com".to_owned(),
            ..signed
        };
        assert_eq!(elsewhere.open(&[TOKEN], |_, _, _| {}), None);
    }
}

#[test]
fn without_a_signature_or_a_form_nothing_is_accepted() {
    let signed = signed().remove(0);
    let signatures = Signatures::new(BaseUrl::parse(&signed.public_url).unwrap(), [TOKEN.into()]);
    let body = signed.body();
    let claim = Claim {
        target: &signed.target,
        signature: Some(&signed.signature),
        is_form: true,
        body: &body,
    };
    assert!(signatures.open(claim).is_some());
    assert!(
        signatures
            .open(Claim {
                signature: None,
                ..claim
            })
            .is_none()
    );
    assert!(
        signatures
            .open(Claim {
                is_form: false,
                ..claim
            })
            .is_none()
    );
}

#[test]
fn tokens_cannot_be_printed() {
    let signatures = Signatures::new(BaseUrl::parse("https://a.example").unwrap(), [TOKEN.into()]);
    assert!(!format!("{signatures:?}").contains(TOKEN));
}
