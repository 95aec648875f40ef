// Writes libphonenumber's international spelling of every region's example numbers, mobile and fixed line, one JSON object a
// line: {region, calling_code, mobile, international}.
import lib from "google-libphonenumber";

const { PhoneNumberFormat, PhoneNumberType, PhoneNumberUtil } = lib;
const util = PhoneNumberUtil.getInstance();

for (const region of util.getSupportedRegions()) {
  for (const type of [PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE]) {
    const number = util.getExampleNumberForType(region, type);
    if (!number) continue;
    const example = {
      region,
      calling_code: String(number.getCountryCode()),
      mobile: type === PhoneNumberType.MOBILE,
      international: util.format(number, PhoneNumberFormat.INTERNATIONAL),
    };
    console.log(JSON.stringify(example));
  }
}
