//! What is kept in a database was made with these derivations: a server that made it otherwise would find nobody's number again.
//! The values were computed with Python's `hmac`, from RFC 5869 and RFC 2104.

use super::*;

const ID: VerificationId = VerificationId::from_bytes([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);

fn given() -> (TempDir, Keys) {
    let key = |byte: u8| Some(hex::encode([byte; 32]).into());
    let given = GivenKeys {
        index: key(1),
        limits: key(2),
        client: key(3),
        ..GivenKeys::default()
    };
    let dir = TempDir::new().unwrap();
    let clock = Arc::new(ManualClock::at(NOON));
    let keys = Keys::load(&dir.path().join("keys"), &given, &SystemRandom, clock).unwrap();
    (dir, keys)
}

#[test]
fn what_databases_hold_is_made_as_it_was() {
    let (_dir, keys) = given();
    let index = keys.number_index(&site("demo"), &number("2025550123"));
    let code = keys.code_mac(ID, &site("demo"), index, Some("order"), &code("123456"));
    let request = keys.request_mac(&site("demo"), "start", &[Some("a"), None]);
    let made = [
        hex::encode(index.0),
        hex::encode(keys.limit_key("number", b"subject").0),
        hex::encode(code.0),
        hex::encode(keys.session_id("value").0),
        hex::encode(request),
        keys.fingerprint().to_owned(),
        keys.client_secret(ID).expose().to_owned(),
    ];
    let known = [
        "fb3939c0af26a142f150d3bd1ca3ae1b3b50754e71bd4d0f66b5171931fddc85",
        "f46843a3340f79ba21fd8d17e40be100841d16a072766f60d4e3b2c40e46d291",
        "cfa9c0502255637115fe5d6a2e2efebd87ef6472ac5ad5afb0d9cd09cec5d723",
        "1dc94645fb3bd50a16e77ecbee65a7420f80d4de85a880e2b2bae1f1d6b19793",
        "0046131a5a4ade8bc039106313457063a9c82bd6591ff52530f4a240a30f6b51",
        "5277d291eec4a7e79b700ebd20bcc303",
        "mUZFLaGuuV9skpjIsPfjR55GUbtYIIBcFh4UVj1V4Lg",
    ];
    assert_eq!(made, known);
}
