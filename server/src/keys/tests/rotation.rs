use super::*;
use phone_verify_token::VerifyingKeys;
use std::collections::BTreeSet;

const PUBLISH: Duration = Duration::from_mins(10);

/// A folder of keys, a clock, and the keys as one process has them.
struct World {
    dir: TempDir,
    clock: Arc<ManualClock>,
    keys: Keys,
}

impl World {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let clock = Arc::new(ManualClock::at(NOON));
        let keys = load_at(&dir.path().join("keys"), &clock).unwrap();
        Self { dir, clock, keys }
    }

    fn folder(&self) -> std::path::PathBuf {
        self.dir.path().join("keys")
    }

    fn rotate(&self) -> Vec<NewKey> {
        let given = GivenKeys::default();
        rotate(&self.folder(), &given, &SystemRandom, self.clock.now(), PUBLISH).unwrap()
    }

    fn prune(&self, in_use: &[u32]) -> Vec<String> {
        let in_use: BTreeSet<u32> = in_use.iter().copied().collect();
        let given = GivenKeys::default();
        prune(&self.folder(), &given, Some(&in_use), self.clock.now()).unwrap()
    }

    fn sealed(&self) -> Sealed {
        self.keys.seal(ID, b"code", &SystemRandom).unwrap()
    }

    /// The name of the key that signs now.
    fn signs(&self) -> String {
        let token = self.keys.sign(&claims()).unwrap();
        let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
        let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
        header["kid"].as_str().unwrap().to_owned()
    }

    fn published(&self) -> VerifyingKeys {
        VerifyingKeys::from_jwks(&self.keys.jwks()).unwrap()
    }

    fn names(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(self.folder()).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }
}

fn just_before(moment: Timestamp) -> Timestamp {
    Timestamp::from_millis(moment.as_millis() - 1)
}

fn claims() -> Claims {
    serde_json::from_value(serde_json::json!({
        "iss": "i", "aud": "a", "jti": "j", "iat": 1, "exp": 2, "phone_number_index": "00", "phone_number_verified": true,
        "phone_verified_at": 1, "amr": ["sms"], "country": "US",
    }))
    .unwrap()
}

#[test]
fn a_new_key_is_published_at_once_and_used_ten_minutes_later() {
    let world = World::new();
    let old = world.signs();
    let made = world.rotate();
    let files: Vec<&str> = made.iter().map(|key| key.file.as_str()).collect();
    assert_eq!(files, ["signing-2.pem", "sealing-2.key"]);
    assert!(made.iter().all(|key| key.used_from == Some(NOON + PUBLISH)));

    world.keys.read_again();
    assert_eq!(world.keys.jwks()["keys"].as_array().unwrap().len(), 2);
    world.clock.set(just_before(NOON + PUBLISH));
    assert_eq!((world.signs(), world.sealed().key_id), (old.clone(), 1));
    world.clock.advance(Duration::from_millis(1));
    let new = world.signs();
    assert_ne!(new, old);
    assert!(world.published().get(&new).is_some() && world.published().get(&old).is_some());
    assert_eq!(world.sealed().key_id, 2);
}

#[test]
fn an_old_public_key_is_published_until_its_last_token_has_expired() {
    let world = World::new();
    let old = world.signs();
    world.rotate();
    world
        .clock
        .set(just_before(NOON + PUBLISH + signing::PUBLISHED_AFTER_USE));
    world.keys.read_again();
    assert!(world.published().get(&old).is_some());
    assert_eq!(world.prune(&[]), [""; 0]);
    world.clock.advance(Duration::from_millis(1));
    world.keys.read_again();
    assert!(world.published().get(&old).is_none());
    assert_eq!(world.keys.jwks()["keys"].as_array().unwrap().len(), 1);
}

#[test]
fn files_go_once_nothing_needs_them_and_a_sealing_key_not_before_the_last_row_of_it() {
    let world = World::new();
    let sealed = world.sealed();
    world.rotate();
    world.clock.advance(PUBLISH + signing::PUBLISHED_AFTER_USE);
    assert_eq!(world.prune(&[1]), ["signing-1.pem"]);
    let keys = load_at(&world.folder(), &world.clock).unwrap();
    assert_eq!(*keys.open(ID, &sealed).unwrap(), b"code");
    assert_eq!(world.prune(&[2]), ["sealing-1.key"]);
    assert_eq!(world.prune(&[]), [""; 0], "what is used stays");
    let keys = load_at(&world.folder(), &world.clock).unwrap();
    assert!(matches!(keys.open(ID, &sealed), Err(SealError::KeyMissing(1))));
    assert_eq!(keys.fingerprint(), world.keys.fingerprint(), "these rotate");
}

#[test]
fn what_another_process_sealed_with_a_key_that_this_one_has_not_read_opens() {
    let world = World::new();
    world.rotate();
    world.clock.advance(PUBLISH);
    let other = load_at(&world.folder(), &world.clock).unwrap();
    let sealed = other.seal(ID, b"code", &SystemRandom).unwrap();
    assert_eq!(sealed.key_id, 2);
    assert_eq!(*world.keys.open(ID, &sealed).unwrap(), b"code");
    assert_eq!(world.signs(), {
        let token = other.sign(&claims()).unwrap();
        let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
        let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
        header["kid"].as_str().unwrap().to_owned()
    });
}

#[test]
fn unknown_ids_read_the_folder_once_a_second() {
    let world = World::new();
    let unknown = Sealed {
        key_id: 9,
        ..world.sealed()
    };
    world.clock.advance(UNKNOWN_READS_EVERY);
    assert!(world.keys.open(ID, &unknown).is_err());
    assert!(!world.keys.read_for_unknown(), "that was a moment ago");
    world.clock.advance(UNKNOWN_READS_EVERY);
    assert!(world.keys.read_for_unknown());
}

#[test]
fn of_rotations_at_the_same_time_each_makes_its_keys_whole_and_for_nobody_else_to_read() {
    let world = World::new();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| world.rotate());
        }
    });
    let wanted = (1..=9).flat_map(|id| [format!("signing-{id}.pem"), format!("sealing-{id}.key")]);
    let fixed = ["client-1.key", "index-1.key", "limits-1.key"].map(str::to_owned);
    assert_eq!(world.names(), wanted.chain(fixed).collect());
    for name in world.names() {
        assert_eq!(mode(&world.folder().join(name)), 0o600);
    }
    world.keys.read_again();
    assert_eq!(world.keys.trouble(), None);
    assert_eq!(world.keys.jwks()["keys"].as_array().unwrap().len(), 9);
}

#[test]
fn a_file_that_cannot_be_read_keeps_the_keys_that_were_and_is_told_without_its_path() {
    let world = World::new();
    let old = (world.signs(), world.sealed());
    world.rotate();
    let damaged = world.folder().join("signing-2.pem");
    let good = fs::read(&damaged).unwrap();
    fs::write(&damaged, "-----BEGIN PRIVATE KEY-----").unwrap();
    world.clock.advance(PUBLISH);
    world.keys.read_again();
    let trouble = world.keys.trouble().unwrap();
    assert!(!trouble.contains(world.dir.path().to_str().unwrap()), "{trouble}");
    assert_eq!(world.signs(), old.0);
    assert_eq!(world.sealed().key_id, 2, "the other kind is read");
    assert_eq!(*world.keys.open(ID, &old.1).unwrap(), b"code");

    fs::write(&damaged, good).unwrap();
    world.keys.read_again();
    assert_eq!(world.keys.trouble(), None);
    assert_ne!(world.signs(), old.0);

    fs::set_permissions(&damaged, fs::Permissions::from_mode(0o644)).unwrap();
    world.keys.read_again();
    assert!(world.keys.trouble().is_some(), "open to others");
    fs::remove_dir_all(world.folder()).unwrap();
    world.keys.read_again();
    assert!(world.keys.trouble().is_some());
    assert_eq!(world.sealed().key_id, 2, "what was read before stays");
    assert!(!world.folder().exists(), "nothing is made anew");
}

#[test]
fn a_moment_that_is_none_is_refused_by_name() {
    let world = World::new();
    let path = world.folder().join("sealing-2.key");
    fs::copy(world.folder().join("sealing-1.key"), &path).unwrap();
    let key = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("# used from soon\n{key}")).unwrap();
    let refusal = load(&world.folder()).unwrap_err().to_string();
    assert!(
        refusal.contains("sealing-2.key") && !refusal.contains(key.trim()),
        "{refusal}"
    );
    fs::write(
        &path,
        format!("# by hand\n# used from 2026-01-01T13:00:00+01:00\n{key}"),
    )
    .unwrap();
    assert_eq!(
        load(&world.folder())
            .unwrap()
            .seal(ID, b"", &SystemRandom)
            .unwrap()
            .key_id,
        2
    );
}

#[test]
fn keys_that_are_given_are_not_rotated() {
    let world = World::new();
    let given = GivenKeys {
        signing: Some(SigningKey::generate().unwrap().to_pkcs8_pem()),
        ..GivenKeys::default()
    };
    let made = rotate(&world.folder(), &given, &SystemRandom, NOON, PUBLISH).unwrap();
    assert_eq!(made.len(), 1);
    assert_eq!(made[0].file, "sealing-2.key");
    let given = GivenKeys {
        sealing: Some("01".repeat(32).into()),
        ..given
    };
    let refused = rotate(&world.folder(), &given, &SystemRandom, NOON, PUBLISH);
    assert!(matches!(refused, Err(KeysError::NothingToRotate)));
}
