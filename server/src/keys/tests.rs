use super::*;
use crate::clock::ManualClock;
use crate::random::SystemRandom;
use phone_verify_token::SigningKey;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;

const ID: VerificationId = VerificationId::from_bytes([7; 16]);
const OTHER_ID: VerificationId = VerificationId::from_bytes([8; 16]);

/// 2026-01-01T12:00:00Z.
const NOON: Timestamp = Timestamp::from_millis(1_767_268_800_000);

fn load(dir: &Path) -> Result<Keys, KeysError> {
    load_at(dir, &Arc::new(ManualClock::at(NOON)))
}

fn load_at(dir: &Path, clock: &Arc<ManualClock>) -> Result<Keys, KeysError> {
    Keys::load(dir, &GivenKeys::default(), &SystemRandom, clock.clone())
}

fn keys() -> (TempDir, Keys) {
    let dir = TempDir::new().unwrap();
    let keys = load(&dir.path().join("keys")).unwrap();
    (dir, keys)
}

fn site(key: &str) -> SiteKey {
    SiteKey::parse(key).unwrap()
}

fn number(national: &str) -> PhoneNumber {
    PhoneNumber::new(1, national).unwrap()
}

fn code(digits: &str) -> Code {
    Code::parse(digits, 6).unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn keys_are_made_once_for_nobody_else_to_read() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("deep/keys");
    let first = load(&path).unwrap();
    let again = load(&path).unwrap();
    assert_eq!(first.fingerprint(), again.fingerprint());
    assert_eq!(first.client_secret(ID).expose(), again.client_secret(ID).expose());
    assert_eq!(first.jwks(), again.jwks());
    let sealed = first.seal(ID, b"code", &SystemRandom).unwrap();
    assert_eq!(*again.open(ID, &sealed).unwrap(), b"code");

    assert_eq!(mode(&path), 0o700);
    let mut names: Vec<String> = fs::read_dir(&path)
        .unwrap()
        .map(|entry| entry.unwrap())
        .inspect(|entry| assert_eq!(mode(&entry.path()), 0o600))
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "client-1.key",
            "index-1.key",
            "limits-1.key",
            "sealing-1.key",
            "signing-1.pem"
        ]
    );
}

#[test]
fn processes_that_race_for_an_empty_folder_get_the_same_keys() {
    for _ in 0..10 {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("keys");
        let loaded: Vec<Keys> = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..8).map(|_| scope.spawn(|| load(&path).unwrap())).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        for keys in &loaded {
            assert_eq!(keys.fingerprint(), loaded[0].fingerprint());
            assert_eq!(keys.jwks(), loaded[0].jwks());
            let sealed = keys.seal(ID, b"code", &SystemRandom).unwrap();
            assert_eq!(*loaded[0].open(ID, &sealed).unwrap(), b"code");
        }
        assert_eq!(fs::read_dir(&path).unwrap().count(), 5, "nothing is left over");
    }
}

#[test]
fn a_file_or_folder_that_others_may_read_is_refused_with_what_to_do() {
    let (dir, _) = keys();
    let path = dir.path().join("keys");
    let file = path.join("index-1.key");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let refusal = load(&path).unwrap_err().to_string();
    assert!(
        refusal.contains("mode 0640") && refusal.contains(&format!("chmod 600 {}", file.display())),
        "{refusal}"
    );
    fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
    assert!(load(&path).is_ok(), "less is fine");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let refusal = load(&path).unwrap_err().to_string();
    assert!(refusal.contains("chmod 700"), "{refusal}");
}

#[test]
fn an_empty_folder_that_others_may_read_is_closed() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("keys");
    fs::create_dir(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    load(&path).unwrap();
    assert_eq!(mode(&path), 0o700);
}

#[test]
fn a_damaged_file_is_named_and_nothing_of_it_is_shown() {
    let (dir, _) = keys();
    let file = dir.path().join("keys/limits-1.key");
    fs::write(&file, "secretbutshort").unwrap();
    let refusal = load(&dir.path().join("keys")).unwrap_err().to_string();
    assert!(
        refusal.contains("limits-1.key") && !refusal.contains("secretbutshort"),
        "{refusal}"
    );
    fs::write(&file, "").unwrap();
    assert!(load(&dir.path().join("keys")).is_err(), "an empty file is no key");
}

#[test]
fn keys_that_are_given_need_no_folder() {
    let key = |byte: &str| Some(SecretString::from(byte.repeat(32)));
    let given = GivenKeys {
        index: key("01"),
        limits: key("02"),
        client: key("03"),
        sealing: key("04"),
        signing: Some(SigningKey::generate().unwrap().to_pkcs8_pem()),
    };
    let nowhere = Path::new("/dev/null/keys");
    let clock = Arc::new(ManualClock::at(NOON));
    let keys = Keys::load(nowhere, &given, &SystemRandom, clock.clone()).unwrap();
    let older = keys.seal(ID, b"code", &SystemRandom).unwrap();

    let both = format!("1:{},2:{}", "04".repeat(32), "05".repeat(32));
    let given = GivenKeys {
        sealing: Some(both.into()),
        ..given
    };
    let rotated = Keys::load(nowhere, &given, &SystemRandom, clock.clone()).unwrap();
    assert_eq!(*rotated.open(ID, &older).unwrap(), b"code");
    let newer = rotated.seal(ID, b"code", &SystemRandom).unwrap();
    assert_eq!(newer.key_id, 2);
    assert!(matches!(keys.open(ID, &newer), Err(SealError::KeyMissing(2))));
    assert_eq!(rotated.fingerprint(), keys.fingerprint(), "sealing keys rotate");
}

#[test]
fn an_added_sealing_key_seals_and_the_older_one_still_opens() {
    let (dir, keys) = keys();
    let path = dir.path().join("keys");
    let older = keys.seal(ID, b"code", &SystemRandom).unwrap();
    fs::copy(path.join("limits-1.key"), path.join("sealing-2.key")).unwrap();
    let keys = load(&path).unwrap();
    assert_eq!(keys.seal(ID, b"", &SystemRandom).unwrap().key_id, 2);
    assert_eq!(*keys.open(ID, &older).unwrap(), b"code");
}

#[test]
fn what_is_sealed_opens_for_its_own_verification_only_and_only_unaltered() {
    let (_dir, keys) = keys();
    let sealed = keys.seal(ID, b"123456", &SystemRandom).unwrap();
    assert!(!sealed.bytes.windows(6).any(|window| window == b"123456"));
    assert!(matches!(keys.open(OTHER_ID, &sealed), Err(SealError::Altered)));
    for position in 0..sealed.bytes.len() {
        let mut altered = sealed.clone();
        altered.bytes[position] ^= 1;
        assert!(matches!(keys.open(ID, &altered), Err(SealError::Altered)));
    }
    for length in 0..sealed.bytes.len() {
        let mut shortened = sealed.clone();
        shortened.bytes.truncate(length);
        assert!(keys.open(ID, &shortened).is_err());
    }
    let again = keys.seal(ID, b"123456", &SystemRandom).unwrap();
    assert_ne!(sealed.bytes, again.bytes, "no nonce is used twice");
}

#[test]
fn two_sites_rows_of_one_number_cannot_be_joined() {
    let (_dir, keys) = keys();
    let number = number("2025550134");
    let index = |site_key: &str| keys.number_index(&site(site_key), &number);
    assert_ne!(index("a"), index("b"));
    assert_eq!(index("a"), index("a"));
    assert_ne!(
        keys.limit_key("number", b"+1").0,
        keys.limit_key("address", b"+1").0
    );
}

#[test]
fn a_client_secret_is_its_verifications_only() {
    let (_dir, keys) = keys();
    let secret = keys.client_secret(ID);
    assert_eq!(secret.expose().len(), 43);
    assert!(keys.verify_client_secret(ID, &secret));
    assert!(!keys.verify_client_secret(OTHER_ID, &secret));
    let mut last_bits = secret.expose().to_owned();
    let other = if last_bits.pop() == Some('A') { 'B' } else { 'A' };
    last_bits.push(other);
    assert!(!keys.verify_client_secret(ID, &ClientSecret::parse(&last_bits).unwrap()));
}

#[test]
fn the_mac_of_a_code_binds_it_to_everything() {
    let (_dir, keys) = keys();
    let index = |national| keys.number_index(&site("a"), &number(national));
    let mac = |id, site_key, number, purpose, digits| {
        keys.code_mac(id, &site(site_key), number, purpose, &code(digits))
            .0
    };
    let macs = [
        mac(ID, "a", index("2025550134"), None, "123456"),
        mac(OTHER_ID, "a", index("2025550134"), None, "123456"),
        mac(ID, "b", index("2025550134"), None, "123456"),
        mac(ID, "a", index("2025550135"), None, "123456"),
        mac(ID, "a", index("2025550134"), Some(""), "123456"),
        mac(ID, "a", index("2025550134"), Some("signup"), "123456"),
        mac(ID, "a", index("2025550134"), None, "123457"),
    ];
    for (i, one) in macs.iter().enumerate() {
        assert!(macs[i + 1..].iter().all(|other| other != one));
    }
}

#[test]
fn requests_that_differ_in_any_part_have_different_macs() {
    let (_dir, keys) = keys();
    let mac = |call, parts: &[Option<&str>]| keys.request_mac(&site("a"), call, parts);
    let macs = [
        mac("start", &[Some("a"), None]),
        mac("resend", &[Some("a"), None]),
        mac("start", &[None, Some("a")]),
        mac("start", &[Some("a"), Some("")]),
        mac("start", &[Some("a")]),
        keys.request_mac(&site("b"), "start", &[Some("a"), None]),
    ];
    for (i, one) in macs.iter().enumerate() {
        assert!(macs[i + 1..].iter().all(|other| other != one));
    }
}

#[test]
fn no_key_can_be_printed() {
    let (dir, keys) = keys();
    let printed = format!("{keys:?}");
    for entry in fs::read_dir(dir.path().join("keys")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines().filter(|line| !line.starts_with('-')) {
            assert!(!printed.contains(line), "{printed}");
        }
    }
    assert!(
        !format!(
            "{:?}",
            GivenKeys {
                index: Some("hush".into()),
                ..GivenKeys::default()
            }
        )
        .contains("hush")
    );
}

mod known_answers;
mod rotation;
