// The words that the first form and the element's own failures need, and the language's file for the rest.

// Language, direction, then the first texts of words/languages/en.toml.
const ENGLISH = "__PV_ENGLISH__";

const TRANSLATED = "__PV_LANGUAGES__".split(" ");

// Norwegian goes by several names.
const SAME = { no: "nb", nn: "nb" };

// By language: a promise of the file's text.
const files = new Map();

// The language nearest to a locale that there is a file for; words/src/translation.rs finds the same.
function nearest(locale) {
  const { language, script } = new Intl.Locale(locale).maximize();
  return [`${language}-${script}`, SAME[language] ?? language].find((tag) => TRANSLATED.includes(tag));
}

// The file of a locale's language, or nothing where English will do: there is none, or it cannot be had.
export function wordsFor(locale) {
  const tag = nearest(locale);
  if (tag && !files.has(tag)) {
    files.set(tag, load(tag));
  }
  return files.get(tag);
}

async function load(tag) {
  try {
    const file = new URL(`words-${tag}-__PV_WORDS__.txt`, import.meta.url);
    // English at last is better than nothing for longer.
    const answer = await fetch(file, { credentials: "omit", signal: AbortSignal.timeout(5000) });
    const text = answer.ok && (await answer.text());
    if (text && text.startsWith(tag)) {
      return text;
    }
  } catch {
    // The next widget tries again.
  }
  files.delete(tag);
}

// What the loader itself says; the terms in English are in the drawn form.
export function own(words = ENGLISH) {
  const [language, direction, country, number, send, again, unreachable, broken, , , terms] = words.split("\n");
  return { language, direction, country, number, send, again, unreachable, broken, terms };
}
