/** Codes of the catalogue that no request here leads to, with the reason. A code is either here or has a case that reaches it. */
interface Reason {
  readonly reason: string
  readonly codes: readonly string[]
}

const dns = (...numbers: string[]): string[] => numbers.map((number) => `DNS.${number}`)
const gateway = (...numbers: string[]): string[] => numbers.map((number) => `APIGW.${number}`)

export const NOT_OCCURRING: readonly Reason[] = [
  {
    reason:
      'Other services of the vendor, which are not part of this one: billing, monitoring, identity, sites, packages.',
    codes: dns(
      ...[
        '0012',
        '0015',
        '0022',
        '0023',
        '0024',
        '0025',
        '0026',
        '0034',
        '0035',
        '0036',
        '0710',
        '0712',
        '0805',
      ],
      ...['1110', '1401', '1402', '1403', '1801', '1901', '1902', '2000', '2001'],
    ),
  },
  {
    reason: 'No operation has such a parameter: times of monitoring, quotas to write, pools of servers.',
    codes: dns(
      ...['0009', '0010', '0011', '0101', '0102', '0103', '0104', '0105', '0106', '0107', '0108', '0109'],
      ...['0401', '0402', '0603', '0604'],
    ),
  },
  {
    reason:
      'A more exact code is answered: DNS.0001 for failures of ours, DNS.0310 for ids of projects, DNS.0504 for ids of addresses.',
    codes: dns('0003', '0041', '0602'),
  },
  {
    reason:
      'The same code with the text "ok" is the body of a deleted import; as an error it is DNS.0001 here.',
    codes: dns('0000'),
  },
  {
    reason: 'Answered by the gateway in its own shape: too many requests, an unknown version, no right.',
    codes: dns('0014', '0028', '0031'),
  },
  {
    reason: 'Null is like not sent, and what a request does not define is ignored.',
    codes: dns('0044'),
  },
  {
    reason: 'Everything that the catalogue of operations has is offered, to every account.',
    codes: dns('0037', '0040', '1206'),
  },
  {
    reason: 'DNS.0308 tells what is wrong with a value, DNS.1301 what with a file, DNS.0307 which type.',
    codes: dns('0018', '0029', '1305'),
  },
  {
    reason: 'There is one pool of name servers, and it is always there.',
    codes: dns('0205', '0207', '0901'),
  },
  {
    reason: 'States have codes of their own: DNS.0209, 0213, 0314 and 2006.',
    codes: dns('0214', '0215', '0232', '2003', '2005'),
  },
  {
    reason: 'Conflicts have codes of their own: DNS.0208, 0211, 0312, 0328 and 0335.',
    codes: dns('0223', '0226', '0334', '0342'),
  },
  {
    reason: 'Names have no limit but their length.',
    codes: dns('0320', '0321'),
  },
  {
    reason: 'An alias may be of any host name.',
    codes: dns('0332'),
  },
  {
    reason: 'A network sees a zone from the moment of the answer, and the last one cannot be taken away.',
    codes: dns('0704', '0705', '0708', '0709'),
  },
  {
    reason: 'Health checks are not offered, so none exists; DNS.1101 and 1105 say so.',
    codes: dns('1102', '1103', '1104', '1106', '1107', '1108', '1109'),
  },
  {
    reason: 'Ids of enterprise projects are labels: any id of the right form is kept.',
    codes: dns('1900', '1903', '1904', '1906'),
  },
  {
    reason:
      'Parts of the vendor’s gateway that are not here: backends, plug-ins, apps, debugging, regions, access lists.',
    codes: gateway(
      ...[
        '0103',
        '0104',
        '0105',
        '0106',
        '0303',
        '0304',
        '0305',
        '0306',
        '0307',
        '0311',
        '0401',
        '0402',
        '0404',
      ],
      ...[
        '0501',
        '0502',
        '0601',
        '0602',
        '0605',
        '0606',
        '0607',
        '0608',
        '0609',
        '0610',
        '0611',
        '0612',
        '0613',
      ],
      ...['0705', '0801', '0802'],
    ),
  },
]
