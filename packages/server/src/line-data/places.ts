import { lineOfCountry } from '@waymark/control/lines/line-chain'
import { LINES } from '@waymark/control/lines/lines'

/** Codes of the provinces before letters took the place of numbers in ISO 3166-2:CN (2017), which some data still have. */
const NUMBERS: Readonly<Record<string, string>> = {
  ...{ 11: 'BJ', 12: 'TJ', 13: 'HE', 14: 'SX', 15: 'NM', 21: 'LN', 22: 'JL', 23: 'HL', 31: 'SH', 32: 'JS' },
  ...{ 33: 'ZJ', 34: 'AH', 35: 'FJ', 36: 'JX', 37: 'SD', 41: 'HA', 42: 'HB', 43: 'HN', 44: 'GD', 45: 'GX' },
  ...{ 46: 'HI', 50: 'CQ', 51: 'SC', 52: 'GZ', 53: 'YN', 54: 'XZ', 61: 'SN', 62: 'GS', 63: 'QH', 64: 'NX' },
  ...{ 65: 'XJ', 71: 'TW', 91: 'HK', 92: 'MO' },
}
/** What geo data call places besides the names of our lines. */
const OTHER_PROVINCES: Readonly<Record<string, string>> = {
  ...{ 'inner mongolia': 'Neimenggu', 'nei mongol': 'Neimenggu', tibet: 'Xizang', xizang: 'Xizang' },
}
const OTHER_COUNTRIES: Readonly<Record<string, string>> = {
  ...{
    中国: 'CN',
    china: 'CN',
    香港: 'HK',
    澳门: 'MO',
    台湾: 'TW',
    'hong kong': 'HK',
    macao: 'MO',
    macau: 'MO',
  },
  ...{
    taiwan: 'TW',
    'united states of america': 'US',
    'republic of korea': 'KR',
    'korea, republic of': 'KR',
  },
  ...{ 'russian federation': 'RU', 'viet nam': 'VN', czechia: 'CZ', türkiye: 'TR', 俄罗斯联邦: 'RU' },
}

const byCode = new Map<string, string>()
const byProvince = new Map(Object.entries(OTHER_PROVINCES))
const byCountry = new Map<string, string>()
for (const { id, type, iso, iso_subdivision: subdivision, name_en, name_zh } of LINES) {
  if (type !== 'region' || iso === undefined) continue
  if (subdivision !== undefined) {
    byCode.set(subdivision.slice(3), id)
    byProvince.set(name_zh, id)
    byProvince.set(name_en.toLowerCase(), id)
    byProvince.set(id.toLowerCase(), id)
  } else if (iso !== 'CN') {
    byCountry.set(name_zh, id)
    byCountry.set(name_en.toLowerCase(), id)
  }
}
for (const [name, code] of Object.entries(OTHER_COUNTRIES)) byCountry.set(name, lineOfCountry(code)!)

/**
 * The line of a code of ISO 3166-2:CN without its country, `BJ`, or `11` as it was before 2017. Hong Kong, Macao and Taiwan, which
 * have codes there too, are places of their own.
 */
export function lineOfProvinceCode(code: string): string | undefined {
  const letters = NUMBERS[code] ?? code
  return letters === 'HK' || letters === 'MO' || letters === 'TW' ? letters : byCode.get(letters)
}

/** The line of a province by its name: `北京市`, `广西壮族自治区`, `Guangdong`, `Beijing Shi`. */
export function lineOfProvince(name: string): string | undefined {
  const short = name
    .trim()
    .replace(/(?:省|市|特别行政区|(?:壮族|回族|维吾尔)?自治区)$/, '')
    .replace(
      /(?: (?:sheng|shi|province|municipality|zhuangzu zizhiqu|huizu zizhiqu|zizhiqu|uygur zizhiqu))+$/i,
      '',
    )
    .toLowerCase()
  return byProvince.get(short)
}

/** The line of a country or area by its name, Chinese or English. */
export const lineOfCountryName = (name: string): string | undefined =>
  byCountry.get(name.trim().toLowerCase())
