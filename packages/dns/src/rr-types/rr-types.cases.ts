/**
 * Values of every type, for tests: what is written back unchanged, what is accepted and rewritten (`[sent, written]`), and
 * what is refused (`[sent, problem id]`). A type without all three kinds fails the tests.
 */
export interface TypeCases {
  readonly canonical: readonly string[]
  readonly rewritten: readonly (readonly [sent: string, written: string])[]
  readonly refused: readonly (readonly [sent: string, problem: string])[]
}

const SHA1 = '2BB183AF5F22588179A53B0A98631FAD1A292118'
const SHA256 = 'D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A'
const SHA384 = `${SHA256}2BB183AF5F22588179A53B0A98631FAD`
const SHA512 = SHA256 + SHA256

const hostCases: TypeCases = {
  canonical: [
    'host.example.',
    'HOST.Example.',
    '.',
    '_tcp.host.example.',
    'a\\.b.example.',
    'a\\000b.example.',
    '\\035a\\!b.x\\%y\\091z.example.',
  ],
  rewritten: [
    ['  host.example. ', 'host.example.'],
    ['\\104ost.example.', 'host.example.'],
    ['\\# 14 04686F7374076578616D706C6500', 'host.example.'],
  ],
  refused: [
    ['', 'rdata-missing-field'],
    ['host.example', 'name-not-absolute'],
    ['host..example.', 'label-empty'],
    ['.host.example.', 'label-empty'],
    [`${'a'.repeat(64)}.example.`, 'label-too-long'],
    [`${'a.'.repeat(128)}`, 'name-too-long'],
    ['"host.example."', 'rdata-quoted-word'],
    ['host.example. other.example.', 'rdata-extra-text'],
    ['hôst.example.', 'name-not-ascii'],
    ['host\\300.example.', 'name-bad-escape'],
    ['\\# 2 0161', 'rdata-malformed'],
    ['\\# 2 C000', 'rdata-malformed'],
    ['host.example. ; comment', 'value-bad-character'],
  ],
}

const textCases: TypeCases = {
  canonical: [
    '"v=spf1 mx -all"',
    '""',
    '"one" "two"',
    '"a;b (c)"',
    '"a\\"b\\\\c"',
    '"\\000\\255"',
    `"${'x'.repeat(255)}"`,
    `"${'x'.repeat(255)}" "${'y'.repeat(255)}"`,
  ],
  rewritten: [
    ['plain', '"plain"'],
    ['"one""two"', '"one" "two"'],
    ['"\\097\\b"', '"ab"'],
    ['"é€😀"', '"\\195\\169\\226\\130\\172\\240\\159\\152\\128"'],
    ['\\# 3 026869', '"hi"'],
    ['"tab\there"', '"tab\\009here"'],
  ],
  refused: [
    ['', 'rdata-missing-field'],
    [`"${'x'.repeat(256)}"`, 'string-too-long'],
    [`"${'é'.repeat(128)}"`, 'string-too-long'],
    ['"open', 'quote-not-closed'],
    ['"bad\\256"', 'string-invalid'],
    ['a="b c"', 'string-invalid'],
    ['v=spf1;x', 'value-bad-character'],
    ['"a"\n"b"', 'value-bad-character'],
    ['\\# 2 0568', 'rdata-malformed'],
    ['\\# 0', 'rdata-malformed'],
  ],
}

const serviceCases: TypeCases = {
  canonical: [
    '0 host.example.',
    '1 .',
    '16 host.example. port=53',
    '1 . mandatory=alpn,port alpn="h2,h3" no-default-alpn port=8443',
    '1 . ipv4hint=192.0.2.1,192.0.2.2 ech=AQID ipv6hint=2001:db8::1,2001:db8::2',
    '1 . alpn="h2" key7="/dns-query{?dns}"',
    '1 . key667="hello\\210qoo"',
    '1 . key65280',
    '1 . alpn="f\\\\\\\\oo\\\\,bar,h2"',
  ],
  rewritten: [
    ['1 . port=53 alpn=h2', '1 . alpn="h2" port=53'],
    ['1 . dohpath=/q{?dns}', '1 . key7="/q{?dns}"'],
    ['1 . key667=hello', '1 . key667="hello"'],
    ['1 . key667=', '1 . key667'],
    ['1 . ipv6hint="2001:DB8:0::1"', '1 . ipv6hint=2001:db8::1'],
    ['1 . mandatory=port,alpn alpn=h2 port=1', '1 . mandatory=alpn,port alpn="h2" port=1'],
    ['1 . key3=\\000\\053', '1 . port=53'],
    ['\\# 3 000100', '1 .'],
  ],
  refused: [
    ['1', 'rdata-missing-field'],
    ['x .', 'number-invalid'],
    ['1 . port', 'svc-value-invalid'],
    ['1 . port=65536', 'svc-value-invalid'],
    ['1 . port=53 port=54', 'svc-key-repeated'],
    ['1 . colour=red', 'svc-key-unknown'],
    ['1 . key65535=x', 'svc-key-unknown'],
    ['1 . key007=x', 'svc-key-unknown'],
    ['1 . alpn=', 'svc-value-invalid'],
    ['1 . alpn=h2,,h3', 'svc-value-invalid'],
    ['1 . alpn=h2 no-default-alpn=x', 'svc-value-invalid'],
    ['1 . no-default-alpn', 'svc-alpn-missing'],
    ['1 . mandatory=port', 'svc-mandatory-missing'],
    ['1 . mandatory=mandatory', 'svc-value-invalid'],
    ['1 . mandatory=port,port port=1', 'svc-value-invalid'],
    ['1 . ipv4hint=192.0.2.300', 'svc-value-invalid'],
    ['1 . ipv4hint=', 'svc-value-invalid'],
    ['1 . ech=!', 'svc-value-invalid'],
    ['1 . dohpath=dns-query', 'svc-value-invalid'],
    ['1 . dohpath=/dns-query', 'svc-value-invalid'],
    ['1 . dohpath=/é{?dns}', 'svc-value-invalid'],
    ['1 . dohpath=/%zz{?dns}', 'svc-value-invalid'],
    ['0 host.example. port=53', 'svc-alias-params'],
    ['1 . alpn="h2', 'quote-not-closed'],
    ['\\# 9 0001000003000200', 'generic-length'],
    ['\\# 16 00010000030002003500010003026832', 'rdata-malformed'],
  ],
}

const digestCases: TypeCases = {
  canonical: [`60485 5 1 ${SHA1}`, `60485 8 2 ${SHA256}`, `60485 13 4 ${SHA384}`, '1 250 250 00', '0 0 0 00'],
  rewritten: [
    [`60485 RSASHA1 SHA-1 ${SHA1.toLowerCase()}`, `60485 5 1 ${SHA1}`],
    [`60485 5 1 ${SHA1.slice(0, 20)} ${SHA1.slice(20)}`, `60485 5 1 ${SHA1}`],
  ],
  refused: [
    ['60485 5 1', 'rdata-missing-field'],
    [`60485 5 2 ${SHA1}`, 'digest-length'],
    [`60485 5 1 ${SHA1}0`, 'hex-invalid'],
    [`65536 5 1 ${SHA1}`, 'number-invalid'],
    [`1 UNKNOWN 1 ${SHA1}`, 'number-invalid'],
    ['\\# 4 00010101', 'rdata-malformed'],
  ],
}

const keyCases: TypeCases = {
  canonical: ['256 3 8 AQID', '257 3 13 AQIDBA==', '0 3 0 AA=='],
  rewritten: [['257 3 ECDSAP256SHA256 AQ ID', '257 3 13 AQID']],
  refused: [
    ['256 3 8', 'rdata-missing-field'],
    ['256 2 8 AQID', 'key-protocol'],
    ['256 3 8 AQI', 'base64-invalid'],
    ['256 3 8 AQ!D', 'base64-invalid'],
    ['256 3 8 AQIDBB==', 'base64-invalid'],
  ],
}

const associationCases: TypeCases = {
  canonical: [`3 1 1 ${SHA256}`, `2 0 2 ${SHA512}`, '3 0 0 308201'],
  rewritten: [[`3 1 1 ${SHA256.toLowerCase()}`, `3 1 1 ${SHA256}`]],
  refused: [
    ['3 1 1', 'rdata-missing-field'],
    [`3 1 1 ${SHA1}`, 'association-length'],
    [`256 1 1 ${SHA256}`, 'number-invalid'],
    ['3 0 0 xyz', 'hex-invalid'],
  ],
}

export const TYPE_CASES: Readonly<Record<string, TypeCases>> = {
  A: {
    canonical: ['192.0.2.1', '0.0.0.0', '255.255.255.255'],
    rewritten: [
      [' 192.0.2.1 ', '192.0.2.1'],
      ['\\# 4 C0000201', '192.0.2.1'],
    ],
    refused: [
      ['', 'rdata-missing-field'],
      ['192.0.2', 'ipv4-invalid'],
      ['192.0.2.256', 'ipv4-invalid'],
      ['192.0.02.1', 'ipv4-invalid'],
      ['192.0.2.1/32', 'ipv4-invalid'],
      ['192.0.2.1.', 'ipv4-invalid'],
      ['192.0..1', 'ipv4-invalid'],
      ['0x7f000001', 'ipv4-invalid'],
      ['1.2.3.4.5', 'ipv4-invalid'],
      ['192.0.2.-1', 'ipv4-invalid'],
      ['"192.0.2.1"', 'rdata-quoted-word'],
      ['2001:db8::1', 'ipv4-invalid'],
      ['192.0.2.1 192.0.2.2', 'rdata-extra-text'],
      ['\\# 3 C00002', 'rdata-malformed'],
      ['\\# 4 C00002', 'generic-length'],
      ['\\# x C0000201', 'number-invalid'],
      ['\\# 4 C00002G1', 'hex-invalid'],
      ['\\#', 'rdata-missing-field'],
    ],
  },
  AAAA: {
    canonical: [
      '2001:db8::1',
      '::',
      '::1',
      '1::',
      '2001:db8:0:1:1:1:1:1',
      '2001:0:0:1::1',
      '::ffff:192.0.2.1',
      'fe80::a:0:0:1',
    ],
    rewritten: [
      ['2001:0DB8:0:0:0:0:0:0001', '2001:db8::1'],
      ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4:5:6:c000:201'],
      ['::192.0.2.1', '::c000:201'],
      ['2001:db8::0:1', '2001:db8::1'],
      ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
      ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ],
    refused: [
      ['1::2::3', 'ipv6-invalid'],
      ['1:2:3:4:5:6:7', 'ipv6-invalid'],
      ['1:2:3:4:5:6:7:8:9', 'ipv6-invalid'],
      ['1:2:3:4::5:6:7:8', 'ipv6-invalid'],
      [':1:2:3:4:5:6:7', 'ipv6-invalid'],
      ['1:2:3:4:5:6:7:', 'ipv6-invalid'],
      [':::', 'ipv6-invalid'],
      ['12345::', 'ipv6-invalid'],
      ['fe80::1%eth0', 'ipv6-invalid'],
      ['2001:db8::/32', 'ipv6-invalid'],
      ['::ffff:192.0.2', 'ipv6-invalid'],
      ['::192.0.2.1:1', 'ipv6-invalid'],
      ['1:2:3:4:5:6:7:192.0.2.1', 'ipv6-invalid'],
      ['192.0.2.1', 'ipv6-invalid'],
      ['g::', 'ipv6-invalid'],
    ],
  },
  NS: hostCases,
  CNAME: hostCases,
  PTR: hostCases,
  DNAME: hostCases,
  SOA: {
    canonical: ['ns.example. hostmaster.example. 2026010100 3600 900 604800 300'],
    rewritten: [
      ['ns.example. a\\.b.example. 1 1h 15m 1W 5m', 'ns.example. a\\.b.example. 1 3600 900 604800 300'],
    ],
    refused: [
      ['ns.example. hostmaster.example. 1 2 3 4', 'rdata-missing-field'],
      ['ns.example. hostmaster.example. 4294967296 1 1 1 1', 'number-invalid'],
      ['ns.example. hostmaster.example. 1 1y 1 1 1', 'period-invalid'],
    ],
  },
  HINFO: {
    canonical: ['"PC" "Linux"', '"" ""'],
    rewritten: [['PC "Red Hat"', '"PC" "Red Hat"']],
    refused: [
      ['"PC"', 'rdata-missing-field'],
      ['a b c', 'rdata-extra-text'],
    ],
  },
  MX: {
    canonical: ['10 mail.example.', '0 .', '65535 Mail.Example.'],
    rewritten: [
      ['10 \t mail.example.', '10 mail.example.'],
      ['010 mail.example.', '10 mail.example.'],
    ],
    refused: [
      ['mail.example.', 'number-invalid'],
      ['10', 'rdata-missing-field'],
      ['65536 mail.example.', 'number-invalid'],
      ['-1 mail.example.', 'number-invalid'],
      ['1.5 mail.example.', 'number-invalid'],
      ['10 mail.example', 'name-not-absolute'],
      ['10 .', 'null-mx-preference'],
      ['10 mail.example. x', 'rdata-extra-text'],
    ],
  },
  TXT: textCases,
  SPF: textCases,
  RP: {
    canonical: ['admin.example. txt.example.', 'admin.example. .'],
    rewritten: [['admin.example.  txt.example.', 'admin.example. txt.example.']],
    refused: [['admin.example.', 'rdata-missing-field']],
  },
  LOC: {
    canonical: [
      '52 22 23.000 N 4 53 32.000 E -2m 1m 10000m 10m',
      '90 0 0.000 S 180 0 0.000 W -100000m 0m 0m 0m',
      '0 0 0.001 N 0 0 0.000 E 42849672.95m 90000000m 0.01m 0.20m',
    ],
    rewritten: [
      ['42 N 71 W 24', '42 0 0.000 N 71 0 0.000 W 24m 1m 10000m 10m'],
      ['42 21 N 71 6 18.5 W -24.5M 30m', '42 21 0.000 N 71 6 18.500 W -24.50m 30m 10000m 10m'],
      ['1 s 1 e 0 15 1234 5.67', '1 0 0.000 S 1 0 0.000 E 0m 10m 1000m 5m'],
    ],
    refused: [
      ['', 'rdata-missing-field'],
      ['91 N 0 E 0', 'location-angle'],
      ['90 0 0.001 N 0 E 0', 'location-angle'],
      ['1 60 N 0 E 0', 'location-angle'],
      ['1 1 1 1 N 0 E 0', 'location-angle'],
      ['N 1 E 0', 'location-angle'],
      ['1 N 181 E 0', 'location-angle'],
      ['1 E 1 N 0', 'location-angle'],
      ['1 N 1 E', 'rdata-missing-field'],
      ['1 N 1 E 42849672.96', 'location-metres'],
      ['1 N 1 E -100000.01', 'location-metres'],
      ['1 N 1 E 0 90000000.01', 'location-metres'],
      ['1 N 1 E 0 -1', 'location-metres'],
      ['1 N 1 E 0 1 1 1 1', 'rdata-extra-text'],
      ['\\# 16 01121613800000008000000000989680', 'rdata-malformed'],
    ],
  },
  SRV: {
    canonical: ['0 5 5060 sip.example.', '0 0 0 .', '65535 65535 65535 _x.example.'],
    rewritten: [['00 05 5060  sip.example.', '0 5 5060 sip.example.']],
    refused: [
      ['0 5 sip.example.', 'number-invalid'],
      ['0 5 65536 sip.example.', 'number-invalid'],
      ['0 5 5060', 'rdata-missing-field'],
      ['0 5 5060 sip', 'name-not-absolute'],
    ],
  },
  NAPTR: {
    canonical: [
      '100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!i" .',
      '100 50 "s" "http+N2L+N2C+N2R" "" www.example.com.',
      '1 1 "" "" "!^(a|[^]x-z]+)[[:digit:]_]{1,3}$!b!" .',
      '1 1 "" "" "!(a)(b)!\\\\2\\\\1!" .',
    ],
    rewritten: [['100 10 u E2U+sip "" a.example.', '100 10 "u" "E2U+sip" "" a.example.']],
    refused: [
      ['100 10 "u" "E2U+sip" ""', 'rdata-missing-field'],
      ['100 10 "u!" "" "" .', 'naptr-flags'],
      ['100 10 "u" "" "!a" .', 'naptr-regexp'],
      ['100 10 "u" "" "!a!b!x" .', 'naptr-regexp'],
      ['100 10 "u" "" "!(a!b!" .', 'naptr-regexp'],
      ['100 10 "u" "" "!a!\\\\1!" .', 'naptr-regexp'],
      ['100 10 "u" "" "1a1b1" .', 'naptr-regexp'],
      ['100 10 "u" "" "!^*!b!" .', 'naptr-regexp'],
      ['100 10 "u" "" "!a!\\000!" .', 'naptr-regexp'],
      ['100 10 "u" "" "!a|!b!" .', 'naptr-regexp'],
      ['100 10 "u" "" "![z-a]!b!" .', 'naptr-regexp'],
      ['100 10 "u" "" "![a!b!" .', 'naptr-regexp'],
      ['100 10 "u" "" "!a{5,3}!b!" .', 'naptr-regexp'],
      ['100 10 "u" "" "!!b!" .', 'naptr-regexp'],
    ],
  },
  CERT: {
    canonical: ['1 0 0 AQID', '65534 65535 255 AQIDBAU='],
    rewritten: [['PKIX 12345 RSASHA256 AQ ID', '1 12345 8 AQID']],
    refused: [
      ['1 0 0', 'rdata-missing-field'],
      ['NONE 0 0 AQID', 'number-invalid'],
      ['1 0 0 AQI', 'base64-invalid'],
    ],
  },
  DS: digestCases,
  CDS: digestCases,
  SSHFP: {
    canonical: [`1 1 ${SHA1}`, `4 2 ${SHA256}`, '250 250 00'],
    rewritten: [[`1 1 ${SHA1.toLowerCase()}`, `1 1 ${SHA1}`]],
    refused: [
      ['1 1', 'rdata-missing-field'],
      [`1 2 ${SHA1}`, 'fingerprint-length'],
      ['1 1 zz', 'hex-invalid'],
    ],
  },
  RRSIG: {
    canonical: ['A 5 3 86400 20300322173103 20300220173103 2642 example. AQIDBA=='],
    rewritten: [
      [
        'A RSASHA1 3 86400 1900000000 1800000000 2642 Example. AQ IDBA==',
        'A 5 3 86400 20300317174640 20270115080000 2642 Example. AQIDBA==',
      ],
      [
        'TYPE1 5 3 1 19700101000000 21060207062815 1 . AQID',
        'A 5 3 1 19700101000000 21060207062815 1 . AQID',
      ],
    ],
    refused: [
      ['A 5 3 86400 20300322173103 20300220173103 2642 example.', 'rdata-missing-field'],
      ['A 5 3 86400 20300230000000 20300220173103 2642 example. AQID', 'time-invalid'],
      ['A 5 3 86400 21060207062816 20300220173103 2642 example. AQID', 'time-invalid'],
      ['NOTYPE 5 3 1 1 1 1 . AQID', 'type-unknown'],
    ],
  },
  NSEC: {
    canonical: [
      'host.example. A MX RRSIG NSEC TYPE1234',
      'host.example. A CAA TYPE65535',
      'Host.Example. NSEC',
    ],
    rewritten: [['host.example. MX a MX TYPE28', 'host.example. A MX AAAA']],
    refused: [
      ['', 'rdata-missing-field'],
      ['host.example. NOTYPE', 'type-unknown'],
      ['\\# 4 00000100', 'rdata-malformed'],
      ['\\# 3 000021', 'rdata-malformed'],
      ['\\# 7 00010180000140', 'rdata-malformed'],
    ],
  },
  DNSKEY: keyCases,
  CDNSKEY: keyCases,
  NSEC3: {
    canonical: [
      '1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR MX RRSIG',
      '1 0 0 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR',
    ],
    rewritten: [
      [
        '1 0 0 aa 2t7b4g4vsa5smi47k61mv5bv1a22bojr RRSIG A',
        '1 0 0 AA 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR A RRSIG',
      ],
    ],
    refused: [
      ['1 0 0 -', 'rdata-missing-field'],
      ['1 0 0 abc 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR', 'hex-invalid'],
      ['1 0 0 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJW', 'base32hex-invalid'],
    ],
  },
  NSEC3PARAM: {
    canonical: ['1 0 0 -', '1 0 12 AABBCCDD'],
    rewritten: [['1 0 0 aabb', '1 0 0 AABB']],
    refused: [
      ['1 0 0', 'rdata-missing-field'],
      ['1 0 65536 -', 'number-invalid'],
    ],
  },
  TLSA: associationCases,
  SMIMEA: associationCases,
  OPENPGPKEY: {
    canonical: ['AQIDBAUGBwg='],
    rewritten: [['AQID BAUG Bwg=', 'AQIDBAUGBwg=']],
    refused: [
      ['', 'rdata-missing-field'],
      ['AQIDB', 'base64-invalid'],
    ],
  },
  SVCB: serviceCases,
  HTTPS: serviceCases,
  URI: {
    canonical: ['10 1 "ftp://ftp.example/public"', `10 1 "https://example/${'x'.repeat(300)}"`],
    rewritten: [['10 1 https://example/', '10 1 "https://example/"']],
    refused: [
      ['10 1', 'rdata-missing-field'],
      ['10 1 ""', 'uri-empty'],
      ['10 "https://example/"', 'rdata-missing-field'],
    ],
  },
  CAA: {
    canonical: [
      '0 issue "ca.example"',
      '128 issuewild ";"',
      '\\# 7 00054973737565',
      '0 iodef "mailto:a@example"',
      '255 x1 "a\\"b"',
    ],
    rewritten: [
      ['0 issue ca.example', '0 issue "ca.example"'],
      ['0 ISSUE "CA.example"', '0 issue "CA.example"'],
    ],
    refused: [
      ['0 issue', 'rdata-missing-field'],
      ['256 issue "ca.example"', 'number-invalid'],
      ['0 is-sue "ca.example"', 'word-invalid'],
      ['0 "issue" "ca.example"', 'rdata-quoted-word'],
      [`0 ${'a'.repeat(256)} ""`, 'word-invalid'],
      ['0 issue "a" "b"', 'rdata-extra-text'],
      ['\\# 4 0001212E', 'rdata-malformed'],
    ],
  },
  TYPE65280: {
    canonical: ['\\# 0', '\\# 4 0A000001'],
    rewritten: [['\\# 4 0a0000 01', '\\# 4 0A000001']],
    refused: [
      ['10.0.0.1', 'type-unknown'],
      ['\\# 4 0A0000', 'generic-length'],
      ['', 'type-unknown'],
    ],
  },
}
