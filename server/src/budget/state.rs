/// How much of a budget is left, as what that means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BudgetState {
    /// All goes on.
    #[default]
    Normal,
    /// All goes on, and the operator should look.
    Warn,
    /// No calls are made.
    VoiceOff,
    /// Nor do strangers get messages: only numbers that were verified on their site before.
    KnownOnly,
    /// Nothing is sent: not even the cheapest message fits.
    Stop,
}

impl BudgetState {
    const ALL: [Self; 5] = [
        Self::Normal,
        Self::Warn,
        Self::VoiceOff,
        Self::KnownOnly,
        Self::Stop,
    ];

    /// The word that is kept, shown and told.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Warn => "warn",
            Self::VoiceOff => "voice_off",
            Self::KnownOnly => "known_only",
            Self::Stop => "stop",
        }
    }

    /// Reads that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}
