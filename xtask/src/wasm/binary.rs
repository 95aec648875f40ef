//! A WebAssembly module as a list of sections, as far as names in it have to be changed.

use std::collections::HashMap;
use std::ops::Range;

use crate::error::{Error, Result};

/// `\0asm` and version 1.
const HEADER: &[u8] = b"\0asm\x01\0\0\0";

/// A section that says of itself by which name it goes.
const CUSTOM: u8 = 0;

/// What the module wants from outside.
const IMPORTS: u8 = 2;

/// What the module gives to the outside.
const EXPORTS: u8 = 7;

/// What its functions do.
const CODE: u8 = 10;

/// What its memory begins with.
const DATA: u8 = 11;

/// The custom section of names, and in it the part of the functions' names.
const NAMES: (&str, u8) = ("name", 1);

/// Kind of a function among imports and exports.
const FUNCTION: u8 = 0;

/// `i32.const`, by which a segment of data says where it goes.
const CONSTANT: u8 = 0x41;

/// Ends that.
const END: u8 = 0x0b;

/// A module.
pub struct Binary {
    sections: Vec<(u8, Vec<u8>)>,
}

/// A function wanted from outside.
#[derive(Debug, PartialEq, Eq)]
pub struct Import {
    /// Of which module.
    pub module: String,
    /// By which name.
    pub name: String,
    /// Index of its type.
    signature: u32,
}

/// Something given to the outside.
#[derive(Debug, PartialEq, Eq)]
pub struct Export {
    /// By which name.
    pub name: String,
    kind: u8,
    /// Its place among those of its kind.
    pub index: u32,
}

/// A part of what memory begins with.
pub struct Segment {
    /// Where it goes.
    pub address: u32,
    /// It.
    pub bytes: Vec<u8>,
}

impl Segment {
    /// What is at this address, so many bytes long, if it is in this segment.
    pub fn get(&self, address: u32, length: u32) -> Option<&[u8]> {
        self.bytes.get(self.range(address, length)?)
    }

    /// The same, to be changed.
    pub fn at(&mut self, address: u32, length: u32) -> Option<&mut [u8]> {
        let range = self.range(address, length)?;
        self.bytes.get_mut(range)
    }

    fn range(&self, address: u32, length: u32) -> Option<Range<usize>> {
        let start = usize::try_from(address.checked_sub(self.address)?).ok()?;
        Some(start..start.checked_add(usize::try_from(length).ok()?)?)
    }
}

impl Binary {
    /// Takes it apart.
    ///
    /// # Errors
    /// It is no module.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader(bytes.strip_prefix(HEADER).ok_or_else(broken)?);
        let mut sections = Vec::new();
        while !reader.0.is_empty() {
            let (id, size) = (reader.byte()?, reader.number()?);
            sections.push((id, reader.take(size)?.to_vec()));
        }
        Ok(Self { sections })
    }

    /// Puts it together again.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = HEADER.to_vec();
        for (id, content) in &self.sections {
            bytes.push(*id);
            put_sized(&mut bytes, content);
        }
        bytes
    }

    /// Rewrites the imports.
    ///
    /// # Errors
    /// One of them is no function.
    pub fn map_imports(&mut self, map: impl FnOnce(&mut Vec<Import>)) -> Result<()> {
        let Some(content) = self.section(IMPORTS) else {
            return Ok(());
        };
        let mut reader = Reader(content);
        let mut imports = Vec::new();
        for _ in 0..reader.number()? {
            let (module, name) = (reader.text()?, reader.text()?);
            if reader.byte()? != FUNCTION {
                return Err(Error::Other(format!("the wasm imports {name}, no function")));
            }
            let signature = reader.number()?;
            imports.push(Import {
                module,
                name,
                signature,
            });
        }
        map(&mut imports);
        content.clear();
        put_number(content, length(&imports));
        for import in &imports {
            put_sized(content, import.module.as_bytes());
            put_sized(content, import.name.as_bytes());
            content.push(FUNCTION);
            put_number(content, import.signature);
        }
        Ok(())
    }

    /// Rewrites the exports.
    ///
    /// # Errors
    /// The section is broken.
    pub fn map_exports(&mut self, map: impl FnOnce(&mut Vec<Export>)) -> Result<()> {
        let Some(content) = self.section(EXPORTS) else {
            return Ok(());
        };
        let mut reader = Reader(content);
        let mut exports = Vec::new();
        for _ in 0..reader.number()? {
            let (name, kind, index) = (reader.text()?, reader.byte()?, reader.number()?);
            exports.push(Export { name, kind, index });
        }
        map(&mut exports);
        content.clear();
        put_number(content, length(&exports));
        for export in &exports {
            put_sized(content, export.name.as_bytes());
            content.push(export.kind);
            put_number(content, export.index);
        }
        Ok(())
    }

    /// The functions' names as the linker knows them, by their index.
    ///
    /// # Errors
    /// The section is broken.
    pub fn function_names(&self) -> Result<HashMap<u32, String>> {
        let mut names = HashMap::new();
        for (_, content) in self.sections.iter().filter(|(id, _)| *id == CUSTOM) {
            let mut reader = Reader(content);
            if reader.text()? != NAMES.0 {
                continue;
            }
            while !reader.0.is_empty() {
                let (part, size) = (reader.byte()?, reader.number()?);
                let mut reader = Reader(reader.take(size)?);
                if part == NAMES.1 {
                    for _ in 0..reader.number()? {
                        names.insert(reader.number()?, reader.text()?);
                    }
                }
            }
        }
        Ok(names)
    }

    /// Rewrites what functions do, each known by its index: locals, instructions and end.
    ///
    /// # Errors
    /// A section is broken.
    pub fn map_functions(&mut self, mut map: impl FnMut(u32, &mut Vec<u8>)) -> Result<()> {
        let mut imported = 0;
        self.map_imports(|imports| imported = length(imports))?;
        let Some(content) = self.section(CODE) else {
            return Ok(());
        };
        let mut reader = Reader(content);
        let mut functions = Vec::new();
        for own in 0..reader.number()? {
            let size = reader.number()?;
            let mut function = reader.take(size)?.to_vec();
            map(imported + own, &mut function);
            functions.push(function);
        }
        content.clear();
        put_number(content, length(&functions));
        for function in &functions {
            put_sized(content, function);
        }
        Ok(())
    }

    /// Rewrites each custom section of this name.
    ///
    /// # Errors
    /// A section's name is broken, or `map` fails.
    pub fn map_custom(&mut self, name: &str, map: impl Fn(&[u8]) -> Result<Vec<u8>>) -> Result<()> {
        for (_, content) in self.sections.iter_mut().filter(|(id, _)| *id == CUSTOM) {
            let mut reader = Reader(content);
            if reader.text()? == name {
                let mut mapped = Vec::new();
                put_sized(&mut mapped, name.as_bytes());
                mapped.extend(map(reader.0)?);
                *content = mapped;
            }
        }
        Ok(())
    }

    /// Rewrites what memory begins with; how many segments there are and where they go stays.
    ///
    /// # Errors
    /// A segment's place is no constant.
    pub fn map_data(&mut self, map: impl FnOnce(&mut [Segment])) -> Result<()> {
        let Some(content) = self.section(DATA) else {
            return Ok(());
        };
        let mut reader = Reader(content);
        let mut segments = Vec::new();
        for _ in 0..reader.number()? {
            // In the one memory there is, at a place that is known before the start.
            if (reader.byte()?, reader.byte()?) != (0, CONSTANT) {
                return Err(broken());
            }
            let address = reader.number()?;
            let _end = reader.byte()?;
            let size = reader.number()?;
            let bytes = reader.take(size)?.to_vec();
            segments.push(Segment { address, bytes });
        }
        map(&mut segments);
        content.clear();
        put_number(content, length(&segments));
        for segment in &segments {
            content.extend([0, CONSTANT]);
            put_address(content, segment.address);
            content.push(END);
            put_sized(content, &segment.bytes);
        }
        Ok(())
    }

    fn section(&mut self, wanted: u8) -> Option<&mut Vec<u8>> {
        self.sections
            .iter_mut()
            .find(|(id, _)| *id == wanted)
            .map(|(_, content)| content)
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.0.split_first().ok_or_else(broken)?;
        self.0 = rest;
        Ok(*first)
    }

    /// LEB128.
    fn number(&mut self) -> Result<u32> {
        let mut number = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            number |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(broken())
    }

    fn take(&mut self, size: u32) -> Result<&'a [u8]> {
        let size = usize::try_from(size).map_err(|_| broken())?;
        let (taken, rest) = self.0.split_at_checked(size).ok_or_else(broken)?;
        self.0 = rest;
        Ok(taken)
    }

    fn text(&mut self) -> Result<String> {
        let size = self.number()?;
        String::from_utf8(self.take(size)?.to_vec()).map_err(|_| broken())
    }
}

/// Appends a number as modules hold it: LEB128.
pub fn put_number(bytes: &mut Vec<u8>, mut number: u32) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            bytes.push(low & 0x7f);
            return;
        }
        bytes.push(low | 0x80);
    }
}

/// As [`put_number`], where bit 6 of the last byte would be a sign.
fn put_address(bytes: &mut Vec<u8>, address: u32) {
    put_number(bytes, address);
    if let Some(last) = bytes.last_mut()
        && *last & 0x40 != 0
    {
        *last |= 0x80;
        bytes.push(0);
    }
}

fn put_sized(bytes: &mut Vec<u8>, content: &[u8]) {
    put_number(bytes, length(content));
    bytes.extend(content);
}

/// A length as modules hold it; nothing in one reaches 4 GiB.
fn length<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}

fn broken() -> Error {
    Error::Other("the wasm is broken".to_owned())
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A module with these functions imported from `env`, these exported, and this custom section.
    pub fn module(imports: &[&str], exports: &[&str], custom: (&str, &[u8])) -> Vec<u8> {
        let (mut wanted, mut given, mut own) = (Vec::new(), Vec::new(), Vec::new());
        put_number(&mut wanted, length(imports));
        for name in imports {
            put_sized(&mut wanted, b"env");
            put_sized(&mut wanted, name.as_bytes());
            wanted.push(FUNCTION);
            put_number(&mut wanted, 300);
        }
        put_number(&mut given, length(exports));
        for name in exports {
            put_sized(&mut given, name.as_bytes());
            given.push(FUNCTION);
            put_number(&mut given, 0);
        }
        put_sized(&mut own, custom.0.as_bytes());
        own.extend(custom.1);
        let sections = vec![(IMPORTS, wanted), (EXPORTS, given), (CUSTOM, own)];
        Binary { sections }.bytes()
    }

    /// A module with these functions of its own, the first of them given to the outside as `exported`.
    pub fn with_functions(exported: &str, functions: &[(&str, &[u8])]) -> Vec<u8> {
        let (mut given, mut code, mut names, mut own) = (vec![1], Vec::new(), Vec::new(), Vec::new());
        put_sized(&mut given, exported.as_bytes());
        given.extend([FUNCTION, 0]);
        put_number(&mut code, length(functions));
        put_number(&mut names, length(functions));
        for (index, (name, body)) in functions.iter().enumerate() {
            put_sized(&mut code, body);
            put_number(&mut names, u32::try_from(index).unwrap());
            put_sized(&mut names, name.as_bytes());
        }
        put_sized(&mut own, NAMES.0.as_bytes());
        own.push(NAMES.1);
        put_sized(&mut own, &names);
        let sections = vec![(EXPORTS, given), (CODE, code), (CUSTOM, own)];
        Binary { sections }.bytes()
    }

    /// A module whose memory begins with `data` at `address`.
    pub fn with_data(address: u32, data: &[u8]) -> Vec<u8> {
        let mut content = vec![1, 0, CONSTANT];
        put_address(&mut content, address);
        content.push(END);
        put_sized(&mut content, data);
        let sections = vec![(DATA, content)];
        Binary { sections }.bytes()
    }

    #[test]
    fn a_module_that_nothing_is_changed_in_stays_the_same() {
        let bytes = module(&["one", "two"], &["three"], ("four", b"5678"));
        let mut binary = Binary::parse(&bytes).unwrap();
        binary
            .map_imports(|imports| assert_eq!(imports.len(), 2))
            .unwrap();
        binary
            .map_exports(|exports| assert_eq!(exports.len(), 1))
            .unwrap();
        binary.map_custom("four", |content| Ok(content.to_vec())).unwrap();
        assert_eq!(binary.bytes(), bytes);
        for address in [0, 63, 64, 8191, 8192, 1_048_576] {
            let bytes = with_data(address, b"data");
            let mut binary = Binary::parse(&bytes).unwrap();
            binary
                .map_data(|segments| assert_eq!((segments.len(), segments[0].address), (1, address)))
                .unwrap();
            assert_eq!(binary.bytes(), bytes);
        }
    }

    #[test]
    fn what_is_cut_short_is_an_error_and_no_panic() {
        let bytes = module(&["one"], &[], ("four", b""));
        for end in 0..bytes.len() {
            if let Ok(mut binary) = Binary::parse(&bytes[..end]) {
                let _ = binary.map_imports(|_| ());
                let _ = binary.map_data(|_| ());
            }
        }
        assert!(Binary::parse(b"\0asm").is_err());
    }
}
