//! Compression at build time, at the highest settings: every byte is sent many times.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

/// Brotli's largest window that every browser takes, as a power of two.
const BROTLI_WINDOW: u32 = 22;

/// What is sent instead of the file itself to those who accept it.
pub struct Compressed {
    /// Brotli, quality 11.
    pub br: Vec<u8>,
    /// gzip, level 9.
    pub gz: Vec<u8>,
}

/// Compresses; `None` if that gains nothing.
///
/// # Errors
/// Never for data in memory.
pub fn compress(bytes: &[u8]) -> std::io::Result<Option<Compressed>> {
    let mut br = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut br, 4096, 11, BROTLI_WINDOW);
    writer.write_all(bytes)?;
    writer.flush()?;
    drop(writer);

    let mut writer = GzEncoder::new(Vec::new(), Compression::best());
    writer.write_all(bytes)?;
    let gz = writer.finish()?;
    Ok((br.len() < bytes.len() && gz.len() < bytes.len()).then_some(Compressed { br, gz }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn both_encodings_give_the_same_bytes_back() {
        let text = "phone-verify ".repeat(500);
        let small = compress(text.as_bytes()).unwrap().unwrap();
        let (mut br, mut gz) = (String::new(), String::new());
        brotli::Decompressor::new(small.br.as_slice(), 4096)
            .read_to_string(&mut br)
            .unwrap();
        flate2::read::GzDecoder::new(small.gz.as_slice())
            .read_to_string(&mut gz)
            .unwrap();
        assert_eq!((br.as_str(), gz.as_str()), (text.as_str(), text.as_str()));
    }

    #[test]
    fn what_does_not_shrink_is_left_alone() {
        assert!(compress(&[1, 2, 3]).unwrap().is_none());
    }
}
