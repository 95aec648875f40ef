// Writes app/src/number_input/table.txt, by which the widget groups a number's digits while they are typed:
//
//   node formats.mjs > ../../../app/src/number_input/table.txt
//
// For each calling code, in ascending order and with a space between: the trunk prefix, empty for the usual 0, `-` for none;
// then `,prefix:mask` for numbers that begin so, the longest prefix counts. A mask has the size of each group but the last,
// and `-` behind it where no space but a hyphen follows. Found by asking Google's libphonenumber for the international
// spelling of random valid numbers, the same ones each time.
import lib from "google-libphonenumber";

const { PhoneNumber, PhoneNumberFormat, PhoneNumberType, PhoneNumberUtil } = lib;
const util = PhoneNumberUtil.getInstance();

/** Digits of a prefix at most; two where three would take more room than this many entries. */
const DEPTH = 3;
const ROOM = 24;
/** Numbers asked for at each prefix and length. */
const SAMPLES = 12;

let seed = 1;
function randomDigit() {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return Math.floor((seed / 2147483648) * 10);
}

function numberOf(code, digits) {
  const number = new PhoneNumber();
  number.setCountryCode(code);
  number.setNationalNumber(Number(digits));
  const zeros = /^0*/.exec(digits)[0].length;
  if (zeros > 0) {
    number.setItalianLeadingZero(true);
    number.setNumberOfLeadingZeros(zeros);
  }
  return number;
}

/** How libphonenumber groups a number; null where it does something that no mask says. */
function maskOf(number, code, digits) {
  const text = util.format(number, PhoneNumberFormat.INTERNATIONAL).slice(`+${code} `.length);
  const parts = text.split(/(\D+)/);
  let mask = "";
  for (let group = 0; group + 2 < parts.length; group += 2) {
    if (!/^[ -]$/.test(parts[group + 1])) return null;
    mask += parts[group].length + parts[group + 1].trim();
  }
  return text.replace(/\D/g, "") === digits ? mask : null;
}

/** The masks of valid numbers with this prefix, of that length of which there are most. */
function look(code, lengths, prefix) {
  let found = new Map();
  let most = 0;
  for (const length of lengths.filter((length) => length > prefix.length)) {
    const masks = new Map();
    let valid = 0;
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      let digits = prefix;
      while (digits.length < length) digits += randomDigit();
      const number = numberOf(code, digits);
      if (!util.isValidNumber(number)) continue;
      valid += 1;
      const mask = maskOf(number, code, digits);
      if (mask !== null) masks.set(mask, (masks.get(mask) ?? 0) + 1);
    }
    if (valid > most) [found, most] = [masks, valid];
  }
  return found;
}

/** A tree of prefixes; a leaf has the one mask of its numbers, or null where it does not matter. */
function grow(code, lengths, depth, prefix = "") {
  const found = look(code, lengths, prefix);
  const [best] = [...found].sort((one, other) => other[1] - one[1]);
  if (prefix.length === depth) return { mask: best?.[0] ?? null };
  if (prefix !== "" && found.size === 1 && best[1] >= SAMPLES - 2) return { mask: best[0] };
  return { children: [..."0123456789"].map((digit) => grow(code, lengths, depth, prefix + digit)) };
}

function masksIn(tree) {
  return tree.children ? tree.children.flatMap(masksIn) : tree.mask === null ? [] : [tree.mask];
}

/** Writes down for every node how few entries it needs below each mask that it may inherit. */
function weigh(tree, masks) {
  if (!tree.children) {
    tree.below = Object.fromEntries(masks.map((mask) => [mask, tree.mask === null || tree.mask === mask ? 0 : 1]));
    return;
  }
  tree.children.forEach((child) => weigh(child, masks));
  tree.own = Object.fromEntries(masks.map((mask) => [mask, tree.children.reduce((sum, child) => sum + child.below[mask], 0)]));
  tree.fewest = Math.min(...Object.values(tree.own));
  tree.below = Object.fromEntries(masks.map((mask) => [mask, Math.min(tree.own[mask], 1 + tree.fewest)]));
}

function entriesOf(tree, prefix = "", inherited = null) {
  if (!tree.children) return tree.mask === null || tree.mask === inherited ? [] : [[prefix, tree.mask]];
  let mask = inherited;
  const entries = [];
  if (inherited === null || tree.own[inherited] > 1 + tree.fewest) {
    mask = Object.keys(tree.own).find((mask) => tree.own[mask] === tree.fewest);
    entries.push([prefix, mask]);
  }
  return [...entries, ...tree.children.flatMap((child, digit) => entriesOf(child, prefix + digit, mask))];
}

function entriesFor(code, lengths, depth) {
  const tree = grow(code, lengths, depth);
  const masks = [...new Set(masksIn(tree))];
  if (masks.length === 0) return [];
  weigh(tree, masks);
  return entriesOf(tree);
}

function maskFor(entries, digits) {
  const [longest] = entries.filter(([prefix]) => digits.startsWith(prefix)).sort(([one], [other]) => other.length - one.length);
  return longest?.[1] ?? "";
}

function line(code) {
  const regions = util.getRegionCodesForCountryCode(code);
  const examples = (type) =>
    regions.map((region) => util.getExampleNumberForType(region, type)).filter(Boolean).map((number) => util.getNationalSignificantNumber(number));
  const mobiles = examples(PhoneNumberType.MOBILE);
  const lengths = [...new Set([...mobiles, ...examples(PhoneNumberType.FIXED_LINE)].map((digits) => digits.length))];
  let entries = entriesFor(code, lengths, DEPTH);
  if (entries.length > ROOM) {
    const fewer = entriesFor(code, lengths, DEPTH - 1);
    // Mobile numbers are what is mostly typed: they are not grouped worse.
    if (mobiles.every((digits) => maskFor(fewer, digits) === maskFor(entries, digits))) entries = fewer;
  }
  const trunk = util.getNddPrefixForRegion(util.getRegionCodeForCountryCode(code), true) || "-";
  return [trunk === "0" ? "" : trunk, ...entries.map((entry) => entry.join(":"))].join(",");
}

const codes = [...new Set(util.getSupportedRegions().map((region) => util.getCountryCodeForRegion(region)))];
process.stdout.write(codes.sort((one, other) => one - other).map(line).join(" "));
