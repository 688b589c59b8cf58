import type { Field } from './operations.ts'

/** With which codes a field is refused; the first row that fits counts, and without one it is DNS.0002. */
const CODES: readonly (readonly [field: RegExp, ...codes: string[]])[] = [
  [/^(error_item_)?limit$/, '0006'],
  [/^(error_item_)?offset$/, '0017'],
  [/^marker$/, '0007'],
  [/^sort_key$/, '0032'],
  [/^sort_dir$/, '0033'],
  [/^show_detail$/, '0038'],
  [/^enterprise_project_id$/, '1905'],
  [/^email$/, '0201'],
  [/^(zone_id)$/, '0301'],
  [/^recordset_id$/, '0309'],
  [/^ptr_id$|^floatingip_ids\[\]$/, '0501'],
  [/^task_id$/, '1304'],
  [/^endpoint_id$/, '1509', '0002'],
  [/^(line_id|linegroup_id)$/, '1601'],
  [/^domain_id$|^target_user$/, '0311'],
  [/^version$/, 'APIGW.0101'],
  [/^health_check_id$/, '1101', '1105'],
  // The kind of a batch to delete is that of the ids, and of a list that of its marker.
  [/^zone_type$/, '0204', '0302', '0007'],
  [/^zone_names?(\[\])?$|\.zone_name$|^domain_name$/, '0202', '0002', '0326', '0327', '0329'],
  [/(^|\.)ttl$/, '0203', '0303', '0319', '0506'],
  [/(^|\.)weight$/, '0323'],
  [/(^|\.)status$/, '0315'],
  [/(^|\.)type$/, '0307', '0002'],
  [/(^|\.)description$/, '0206', '0305', '0508', '0002'],
  [/^alias_target/, '0308', '0330', '0331'],
  [/(^|\.)records(\[\])?$|^update_info\.values/, '0308', '0002'],
  [/^recordset_name_prefixes\[\]$|conditions\[\]\.value$/, '0304'],
  [/(^|\.)name$/, '0202', '0304', '1501', '1602', '0002'],
  [/(^|\.)line$/, '1601', '0806'],
  [/^lines(\[\])?$/, '1702', '0002', '0326'],
  [/^ip(_segments)?(\[\])?$/, '1605', '1608'],
  [/^direction$/, '1503'],
  [/(^|\.)region$/, '0601'],
  [/subnet_id$|^ipaddress$/, '1502'],
  [/^ipaddresses$/, '1514'],
  [/\.ip$/, '1515'],
  [/^ptrdnames?(\[\])?$/, '0505', '0507', '0002'],
  [/^publicip\.id$/, '0504'],
  [/^router|^vpc/, '0701'],
  [/^tag$|^(not_)?tags(_any)?|^tag\./, '1003', '1001', '0002'],
  // More than the largest number, each kind of batch with its own code.
  [
    /^(recordset_ids|zone_ids|floatingip_ids|recordsets|recordset_name_prefixes)$/,
    '0002',
    '0326',
    '0327',
    '0329',
  ],
]

export function refusalCodesOf({ name }: Field): readonly string[] {
  const [, ...codes] = CODES.find(([field]) => field.test(name)) ?? [undefined, '0002']
  return codes.map((code) => (code.includes('.') ? code : `DNS.${code}`))
}
