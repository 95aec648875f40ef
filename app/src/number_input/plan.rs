//! How the numbers of a calling code are grouped.

use crate::countries;

/// For each calling code, in the order of [`countries::calling_codes`]: see `server/tests/numbers/formats.mjs`, which writes
/// it from libphonenumber's metadata.
const TABLE: &str = include_str!("table.txt");

/// One calling code's.
pub(super) struct Plan {
    pub(super) calling_code: &'static str,
    /// What stands before a number within the country; empty where nothing does.
    trunk: &'static str,
    /// `prefix:mask`, with commas between.
    masks: &'static str,
}

impl Plan {
    /// The plan of this calling code.
    pub(super) fn of(calling_code: &str) -> Option<Self> {
        Self::find(|code| code == calling_code)
    }

    /// The plan of the calling code that these digits begin with.
    pub(super) fn of_international(digits: &str) -> Option<Self> {
        Self::find(|code| digits.starts_with(code))
    }

    fn find(is_it: impl Fn(&str) -> bool) -> Option<Self> {
        let (calling_code, entry) = countries::calling_codes()
            .zip(TABLE.split(' '))
            .find(|(code, _)| is_it(code))?;
        let (trunk, masks) = entry.split_once(',').unwrap_or((entry, ""));
        Some(Self {
            calling_code,
            trunk: match trunk {
                "" => "0",
                "-" => "",
                other => other,
            },
            masks,
        })
    }

    /// A number as it is dialled within the country, with or without its trunk prefix.
    pub(super) fn national(&self, digits: &str) -> String {
        match digits.strip_prefix(self.trunk) {
            Some(rest) if self.trunk == "0" => ["0", &self.grouped(rest)].concat(),
            Some(rest) if !self.trunk.is_empty() && !rest.is_empty() => {
                [self.trunk, " ", &self.grouped(rest)].concat()
            }
            _ => self.grouped(digits),
        }
    }

    /// What follows the calling code. Some write the 0 there that is dialled within the country only; other trunk prefixes
    /// begin numbers, too.
    pub(super) fn international(&self, digits: &str) -> String {
        if self.trunk == "0" {
            self.national(digits)
        } else {
            self.grouped(digits)
        }
    }

    fn grouped(&self, digits: &str) -> String {
        let mut sizes = self.mask(digits).bytes().peekable();
        let (mut grouped, mut rest) = (String::new(), digits);
        while let Some(size) = sizes.next() {
            let Some((group, after)) = rest.split_at_checked(usize::from(size.wrapping_sub(b'0'))) else {
                break;
            };
            if after.is_empty() {
                break;
            }
            grouped.push_str(group);
            let hyphen = sizes.next_if_eq(&b'-').is_some();
            grouped.push(if hyphen { '-' } else { ' ' });
            rest = after;
        }
        grouped.push_str(rest);
        grouped
    }

    fn mask(&self, digits: &str) -> &'static str {
        let (mut mask, mut longest) = ("", 0);
        for entry in self.masks.split(',') {
            if let Some((prefix, its)) = entry.split_once(':')
                && prefix.len() >= longest
                && digits.starts_with(prefix)
            {
                (mask, longest) = (its, prefix.len());
            }
        }
        mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_plan_for_every_calling_code_and_nothing_else_is_in_the_table() {
        assert_eq!(TABLE.split(' ').count(), countries::calling_codes().count());
        for entry in TABLE.split(' ') {
            let mut fields = entry.split(',');
            let trunk = fields.next().unwrap();
            assert!(
                trunk == "-" || trunk.bytes().all(|byte| byte.is_ascii_digit()),
                "{entry}"
            );
            for field in fields {
                let (prefix, mask) = field.split_once(':').unwrap();
                assert!(prefix.bytes().all(|byte| byte.is_ascii_digit()), "{entry}");
                assert!(
                    mask.bytes()
                        .all(|byte| byte == b'-' || (b'1'..=b'9').contains(&byte)),
                    "{entry}"
                );
            }
        }
    }
}
