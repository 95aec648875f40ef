/// When a transaction lets go of the rows that it changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Commit {
    /// Once the disk has it.
    Durable,
    /// At once, for whoever waits for the same rows; the disk is waited for before anything comes of it.
    Early,
}
