/// The brand skins that a page may try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skin {
    /// A bank.
    Harbor,
    /// A shop.
    Bloom,
    /// A tool for developers.
    Signal,
}

impl Skin {
    /// The skin of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Harbor, Self::Bloom, Self::Signal]
            .into_iter()
            .find(|skin| skin.name() == name)
    }

    /// Its name, and that of its file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Harbor => "harbor",
            Self::Bloom => "bloom",
            Self::Signal => "signal",
        }
    }

    /// Its style sheet.
    #[must_use]
    pub const fn css(self) -> &'static str {
        match self {
            Self::Harbor => include_str!("../../../../examples/skins/harbor.css"),
            Self::Bloom => include_str!("../../../../examples/skins/bloom.css"),
            Self::Signal => include_str!("../../../../examples/skins/signal.css"),
        }
    }
}
