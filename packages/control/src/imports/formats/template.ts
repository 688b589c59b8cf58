import type { ZoneType } from '../../store/store.ts'
import { type ColumnId, headerOf, templateColumnsOf } from './columns.ts'
import type { Language } from './file-item.ts'
import { type SheetColumn, writeWorkbook } from './workbook-write.ts'

const SHEET_NAMES: Readonly<Record<Language, { records: string; hints: string }>> = {
  'zh-cn': { records: '记录集', hints: '填写说明' },
  'en-us': { records: 'Record Sets', hints: 'Hints' },
}

export const recordsSheetName = (language: Language): string => SHEET_NAMES[language].records

const WIDTHS: Readonly<Record<ColumnId, number>> = {
  name: 32,
  type: 12,
  line: 18,
  ttl: 12,
  value: 48,
  weight: 10,
  status: 12,
  description: 32,
}

const TYPES: Readonly<Record<ZoneType, readonly string[]>> = {
  public: ['A', 'CNAME', 'AAAA', 'TXT', 'MX', 'NS', 'SRV', 'CAA'],
  private: ['A', 'CNAME', 'AAAA', 'TXT', 'MX', 'SRV', 'PTR'],
}

/** The columns of a sheet of record sets, with lists to choose from where the values are few. */
export function sheetColumns(
  ids: readonly ColumnId[],
  zoneType: ZoneType,
  language: Language,
): SheetColumn[] {
  const choices: Partial<Record<ColumnId, readonly string[]>> = {
    type: TYPES[zoneType],
    status: ['ENABLE', 'DISABLE'],
  }
  return ids.map((id) => ({ header: headerOf(id, language), width: WIDTHS[id], choices: choices[id] }))
}

/** The workbook to fill in (API: import template): headers without data, and a second sheet that explains them. */
export function templateWorkbook(zoneType: ZoneType, language: Language): AsyncGenerator<Uint8Array, void> {
  const columns = templateColumnsOf(zoneType)
  const names = SHEET_NAMES[language]
  const [columnHeader, hintHeader] = language === 'zh-cn' ? ['列', '说明'] : ['Column', 'Meaning']
  const hints = HINTS[language]
  const optional: ColumnId[] =
    zoneType === 'public' ? ['weight', 'status', 'description'] : ['status', 'description']
  return writeWorkbook([
    { name: names.records, columns: sheetColumns(columns, zoneType, language), rows: [] },
    {
      name: names.hints,
      columns: [
        { header: columnHeader!, width: 18 },
        { header: hintHeader!, width: 90 },
      ],
      rows: [
        ...[...columns, ...optional].map((id) => [
          headerOf(id, language),
          id === 'type' ? `${hints.type}${TYPES[zoneType].join(', ')}` : hints[id],
        ]),
        ['', hints.rows],
      ],
    },
  ])
}

const HINTS: Readonly<Record<Language, Readonly<Record<ColumnId | 'rows', string>>>> = {
  'zh-cn': {
    name: '完整域名(如 www.example.com)或主机记录前缀(如 www)。留空或填写 @ 表示主域名。',
    type: '必填。可选值:',
    line: '线路名称(如 全网默认、电信_北京)或线路ID(如 default_view)。留空表示全网默认。',
    ttl: '1 到 2147483647 之间的整数,单位为秒。留空表示 300。',
    value: '必填。多个值请在单元格内换行,每行一个。TXT 记录的值需带英文双引号,如 "v=spf1 -all"。',
    weight: '可选列。0 到 1000 之间的整数。',
    status: '可选列。ENABLE(启用)或 DISABLE(暂停)。留空表示 ENABLE。',
    description: '可选列。最多 255 个字符。',
    rows: '请在第一个工作表中填写,每行一个记录集。空行会被忽略;同名同线路的 MX 行会合并为一个记录集。',
  },
  'en-us': {
    name: 'Full name (www.example.com) or prefix (www). Blank or @ means the zone itself.',
    type: 'Required. One of: ',
    line: 'Name of the line (Default, China Telecom_North China_Beijing) or its ID (default_view). Blank means Default.',
    ttl: 'A whole number of seconds from 1 to 2147483647. Blank means 300.',
    value:
      'Required. Several values: one per line inside the cell. TXT values carry double quotes: "v=spf1 -all".',
    weight: 'Optional column. A whole number from 0 to 1000.',
    status: 'Optional column. ENABLE or DISABLE. Blank means ENABLE.',
    description: 'Optional column. At most 255 characters.',
    rows: 'Fill in the first sheet, one record set a row. Blank rows are skipped; MX rows of one name and line become one record set.',
  },
}
