// Writes spellings of every region's example numbers, and what Google's libphonenumber makes of each, one JSON object a
// line: {text, region, e164, country, type}; `e164` is null where the text is no valid number or has an extension.
import lib from "google-libphonenumber";

const { PhoneNumberFormat, PhoneNumberType, PhoneNumberUtil } = lib;
const util = PhoneNumberUtil.getInstance();
const typeNames = Object.fromEntries(Object.entries(PhoneNumberType).map(([name, value]) => [value, name]));

const fullWidth = (text) => text.replace(/[0-9+]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
const arabicIndic = (text) => text.replace(/[0-9]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0x630));
const digits = (text) => text.replace(/[^0-9]/g, "");

function* spellings(number, region) {
  const e164 = util.format(number, PhoneNumberFormat.E164);
  const international = util.format(number, PhoneNumberFormat.INTERNATIONAL);
  const national = util.format(number, PhoneNumberFormat.NATIONAL);
  const rfc3966 = util.format(number, PhoneNumberFormat.RFC3966);
  const significant = util.getNationalSignificantNumber(number);
  const elsewhere = region === "US" ? "DE" : "US";
  for (const text of [
    e164,
    international,
    international.replaceAll(" ", "."),
    international.replaceAll(" ", "\u00a0"),
    ` (${international}) `,
    rfc3966,
    rfc3966.toUpperCase(),
    fullWidth(international),
    arabicIndic(e164),
    international.replace(" ", " (0) "),
  ]) {
    yield [text, region];
  }
  for (const text of [e164, international, rfc3966, national, digits(national), `00${digits(e164)}`, `011${digits(e164)}`]) {
    yield [text, elsewhere];
    yield [text, null];
  }
  for (const text of [
    national,
    significant,
    digits(national),
    digits(national).split("").join(" "),
    national.replaceAll(" ", "-"),
    national.replaceAll("-", "/"),
    fullWidth(national),
    `00${digits(e164)}`,
    `00 ${international.slice(1)}`,
    `011${digits(e164)}`,
    digits(e164),
    significant.slice(0, -1),
    `${significant}0`,
    `+${number.getCountryCode()}${significant.slice(1)}`,
    `${e164}1`,
    `${national} ext. 12`,
    `${e164}x12`,
    `${rfc3966};ext=12`,
    `${e164}#12`,
  ]) {
    yield [text, region];
  }
}

function judge(text, region) {
  let number;
  try {
    number = util.parse(text, region);
  } catch {
    return { e164: null };
  }
  if (number.getExtension() || !util.isValidNumber(number)) {
    return { e164: null };
  }
  const country = util.getRegionCodeForNumber(number);
  return {
    e164: util.format(number, PhoneNumberFormat.E164),
    country: country === "001" ? null : country,
    type: typeNames[util.getNumberType(number)],
  };
}

const seen = new Set();
for (const region of util.getSupportedRegions()) {
  for (const type of Object.values(PhoneNumberType)) {
    const example = util.getExampleNumberForType(region, type);
    if (!example) continue;
    for (const [text, given] of spellings(example, region)) {
      const key = `${given} ${text}`;
      if (seen.has(key)) continue;
      seen.add(key);
      console.log(JSON.stringify({ text, region: given, ...judge(text, given) }));
    }
  }
}
