//! What people type, paste and have filled in for a code, turned into ASCII digits.

/// The zeros of every script's decimal digits (Unicode 14, general category Nd); one to nine follow each.
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
    0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
    0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066,
    0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950,
    0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6,
    0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// The digits in `typed`, in ASCII; where a whole message was pasted, the one code of `length` digits in it.
#[must_use]
pub fn digits(typed: &str, length: usize) -> String {
    let mut all = String::new();
    let mut start = 0;
    let mut codes: Vec<(usize, usize)> = Vec::new();
    for character in typed.chars().chain(['\n']) {
        if let Some(digit) = digit(character) {
            all.push(char::from(digit));
        } else {
            if all.len() - start == length {
                codes.push((start, all.len()));
            }
            start = all.len();
        }
    }
    let mut codes = codes.into_iter().filter_map(|(from, to)| all.get(from..to));
    match codes.next() {
        Some(code) if all.len() > length && codes.all(|other| other == code) => code.to_owned(),
        _ => all,
    }
}

/// The digit that this is in whatever script, in ASCII.
pub(crate) fn digit(character: char) -> Option<u8> {
    let point = u32::from(character);
    let zero = ZEROS.iter().rev().find(|zero| **zero <= point)?;
    u8::try_from(point - zero)
        .ok()
        .filter(|value| *value <= 9)
        .map(|value| b'0' + value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_any_script_become_ascii_and_the_rest_goes() {
        for typed in [
            "012345",
            " 012 345 ",
            "012-345",
            "٠١٢٣٤٥",
            "۰۱۲۳۴۵",
            "०१२३४५",
            "０１２３４５",
            "𝟘𝟙𝟚𝟛𝟜𝟝",
            "O012345",
        ] {
            assert_eq!(digits(typed, 6), "012345", "{typed}");
        }
        assert_eq!(digits("", 6), "");
        assert_eq!(digits("½²", 6), "");
        assert_eq!(digits("1234567", 6), "1234567");
    }

    #[test]
    fn the_code_is_taken_out_of_a_pasted_message() {
        assert_eq!(
            digits("Your PIN is 012345. It is valid for 10 minutes.", 6),
            "012345"
        );
        assert_eq!(
            digits("shop.example: 012345\n\n@shop.example #012345", 6),
            "012345"
        );
        assert_eq!(digits("111111 or 222222", 6), "111111222222");
    }
}
