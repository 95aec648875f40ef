use std::time::Duration;

const HOUR: u64 = 60 * 60;

/// The pauses after the first attempts (contract 2), in seconds.
const FIRST: [u64; 6] = [2, 5, 30, 5 * 60, 30 * 60, 2 * HOUR];

/// Then every eight hours,
const AFTERWARDS: u64 = 8 * HOUR;

/// for three days.
const AFTERWARDS_TIMES: usize = 9;

/// How long after so many failed attempts the next one is made; `None` once there were enough.
pub(super) fn pause_after(attempts: u32) -> Option<Duration> {
    let last = usize::try_from(attempts).ok()?.checked_sub(1)?;
    let seconds = match FIRST.get(last) {
        Some(seconds) => *seconds,
        None if last < FIRST.len() + AFTERWARDS_TIMES => AFTERWARDS,
        None => return None,
    };
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_follow_the_contract_and_end_after_three_days_of_eight_hours_each() {
        let pauses: Vec<u64> = (1..)
            .map_while(pause_after)
            .map(|pause| pause.as_secs())
            .collect();
        assert_eq!(pauses[..6], [2, 5, 30, 300, 1_800, 7_200]);
        assert!(pauses[6..].iter().all(|pause| *pause == 8 * HOUR));
        assert_eq!(pauses[6..].iter().sum::<u64>(), 3 * 24 * HOUR);
        assert_eq!(pause_after(0), None);
        assert_eq!(pause_after(u32::MAX), None);
    }
}
