//! The widget's languages: one small file each, and what the loader says before it has one.

use phone_verify_words::{TRANSLATIONS, Translation, Word, Words};

use super::manifest::Folder;

/// What `widget/loader/words.js` takes from a file, in this order: they are its first lines after language and direction.
const LOADERS: [Word; 6] = [
    Word::Country,
    Word::PhoneNumber,
    Word::GetPin,
    Word::StartAgain,
    Word::Unavailable,
    Word::Broken,
];

/// Adds a file for each language, and returns the hash in all their names.
pub(super) fn add(folder: &mut Folder) -> String {
    let files: Vec<_> = translated()
        .map(|translation| (translation.tag, translation.file()))
        .collect();
    folder.add_group("embed/v1/words", "txt", &files)
}

/// Their tags.
pub(super) fn tags() -> Vec<&'static str> {
    translated().map(|translation| translation.tag).collect()
}

/// The beginning of what would be the file of English, as it stands in a JavaScript string.
pub(super) fn of_the_loader() -> String {
    let lines: Vec<_> = Words::ENGLISH
        .text()
        .lines()
        .take(2 + LOADERS.len())
        .map(str::to_owned)
        .collect();
    lines.join("\\n")
}

/// English is in the wasm and in the loader.
fn translated() -> impl Iterator<Item = &'static Translation> {
    TRANSLATIONS
        .iter()
        .filter(|translation| translation.tag != Words::ENGLISH.language())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_finds_its_words_at_the_beginning() {
        assert_eq!(Word::ALL[..LOADERS.len()], LOADERS);
        assert_eq!(Word::ALL[LOADERS.len() + 2], Word::Terms);
        assert_eq!(
            of_the_loader().split("\\n").take(5).collect::<Vec<_>>(),
            ["en", "", "Country", "Phone number", "Get PIN"]
        );
        assert!(!of_the_loader().contains('"'), "it stands between quotes");
    }

    #[test]
    fn a_file_has_a_line_for_each_word_of_the_widget_and_none_of_the_pages() {
        for translation in translated() {
            let file = translation.file();
            let lines: Vec<_> = file.split('\n').collect();
            assert_eq!(lines.first(), Some(&translation.tag));
            assert_eq!(lines.len(), 2 + Word::ALL.len() - 4, "{}", translation.tag);
            assert!(lines.iter().skip(2).all(|line| !line.is_empty()));
        }
    }
}
