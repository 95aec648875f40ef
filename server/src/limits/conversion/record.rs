/// What became of the codes of a prefix, or of a country, within a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrackRecord {
    /// Sends to strangers.
    pub sent: u32,
    /// Those that belong to a verification which was approved.
    pub approved: u32,
}

/// What a prefix's record says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repute {
    /// Codes came back, and no more did not.
    Good,
    /// Nothing yet.
    Unknown,
    /// More codes did not come back than did.
    Bad,
}

impl TrackRecord {
    /// So many of a hundred codes must have come back for a good one.
    pub const PERCENT: u32 = 50;

    /// Sends that nobody has answered, so far.
    #[must_use]
    pub const fn unanswered(self) -> u32 {
        self.sent.saturating_sub(self.approved)
    }

    /// Both together.
    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            sent: self.sent.saturating_add(other.sent),
            approved: self.approved.saturating_add(other.approved),
        }
    }

    /// What it says to who asks again for a verification of which so many sends have left: those were served to whoever waits for
    /// this one, and do not speak against it. 0 for a start.
    #[must_use]
    pub const fn repute(self, own: u32) -> Repute {
        if self.approved > 0 && self.unanswered() <= self.approved {
            Repute::Good
        } else if self.unanswered().saturating_sub(own) <= self.approved {
            Repute::Unknown
        } else {
            Repute::Bad
        }
    }

    /// Whether a start would find it bad.
    #[must_use]
    pub fn is_bad(self) -> bool {
        self.repute(0) == Repute::Bad
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repute(sent: u32, approved: u32) -> Repute {
        TrackRecord { sent, approved }.repute(0)
    }

    #[test]
    fn one_unanswered_code_is_enough_where_none_came_back() {
        assert_eq!(repute(0, 0), Repute::Unknown);
        assert_eq!(repute(1, 0), Repute::Bad);
    }

    #[test]
    fn a_prefix_is_good_while_as_many_codes_come_back_as_do_not() {
        for (sent, approved, expected) in [
            (1, 1, Repute::Good),
            (2, 1, Repute::Good),
            (3, 1, Repute::Bad),
            (20, 10, Repute::Good),
            (21, 10, Repute::Bad),
        ] {
            assert_eq!(repute(sent, approved), expected, "{approved} of {sent}");
        }
    }

    #[test]
    fn a_second_message_is_not_refused_for_the_first() {
        let record = |sent, approved| TrackRecord { sent, approved };
        assert_eq!(record(1, 0).repute(1), Repute::Unknown);
        assert_eq!(record(2, 0).repute(1), Repute::Bad, "somebody else's speaks");
        assert_eq!(record(5, 1).repute(3), Repute::Unknown);
    }
}
