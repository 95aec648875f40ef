use crate::real::Seeded;

/// What is at the edges of some grammar.
const PIECES: &[&[u8]] = &[
    b"",
    b"\0",
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"{",
    b"}",
    b"[[[[[[[[[[[[[[[[",
    b",",
    b".",
    b"..",
    b"=",
    b"==",
    b"&",
    b"%00",
    b"%",
    b"+",
    b"-",
    b" ",
    b"\t",
    b"\r\n",
    b";ext=1",
    b"00",
    b"0",
    b"-1",
    b"1e999",
    b"999999999999999999999999999999",
    b"true",
    b"null",
    b"[]",
    b"::ffff:",
    b"[::1]:99999",
    b"203.0.113.9",
    b"\xff",
    b"\xc0\x80",
    "\u{661}\u{662}\u{663}".as_bytes(),
    "\u{ff11}\u{ff12}".as_bytes(),
    "\u{202e}".as_bytes(),
    "\u{1f600}".as_bytes(),
    b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
];

/// Changes examples at random: the same seed, the same inputs.
pub struct Mutator {
    random: Seeded,
    examples: Vec<Vec<u8>>,
}

impl Mutator {
    pub fn new(seed: u64, examples: &[&[u8]]) -> Self {
        Self {
            random: Seeded::new(seed),
            examples: examples.iter().map(|example| example.to_vec()).collect(),
        }
    }

    /// The next input: an example with one to eight changes.
    pub fn next(&mut self) -> Vec<u8> {
        let example = self.below(self.examples.len());
        let mut input = self.examples[example].clone();
        for _ in 0..=self.below(8) {
            self.change(&mut input);
        }
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let end = (at + self.below(8)).min(input.len());
        match self.below(7) {
            0 => drop(input.drain(at..end)),
            1 => input.insert(at, self.byte()),
            2 => {
                let piece = PIECES[self.below(PIECES.len())];
                drop(input.splice(at..at, piece.iter().copied()));
            }
            3 => {
                let piece = PIECES[self.below(PIECES.len())];
                drop(input.splice(at..end, piece.iter().copied()));
            }
            4 => {
                let repeated: Vec<u8> = input[at..end].repeat(1 + self.below(4));
                drop(input.splice(at..at, repeated));
            }
            5 => {
                let other = self.below(self.examples.len());
                let from = self.below(self.examples[other].len() + 1);
                let tail = self.examples[other][from..].to_vec();
                input.truncate(at);
                input.extend(tail);
            }
            _ if at < input.len() => input[at] ^= 1 << self.below(8),
            _ => input.truncate(at),
        }
        input.truncate(4_096);
    }

    fn byte(&mut self) -> u8 {
        self.random.next().to_le_bytes()[0]
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.random.below(bound as u64)).unwrap()
    }
}
