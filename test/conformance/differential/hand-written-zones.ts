import { NAME_SERVER_ZONE, type ZoneText } from './zone-text.ts'

const text = (size: number, letter: string) => `"${letter.repeat(size)}"`
const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')
const LABEL = 'x'.repeat(63)

/** Every situation that has a name: each group of lines is one of them. */
const TRAPS = `
@ A 192.0.2.1
@ AAAA 2001:db8::1
@ MX 10 mail
@ MX 20 mail.other.example.
@ MX 30 mx.elsewhere.example.net.
@ TXT "v=spf1 mx -all"
@ CAA 0 issue "ca.example"
@ HTTPS 1 . alpn=h2
mail A 192.0.2.25
mail AAAA 2001:db8::25
www A 192.0.2.10
www A 192.0.2.11
www 60 AAAA 2001:db8::10

; wildcards at several depths, names beside and below them, empty non-terminals (RFC 4592)
*.wild A 192.0.2.77
*.wild TXT "wild"
*.wild MX 5 mail
exact.wild A 192.0.2.78
sub.node.wild A 192.0.2.79
*.deep.wild A 192.0.2.80
*.*.wild A 192.0.2.81
a.b.c.empty A 192.0.2.82
*.b.c.empty TXT "below an empty non-terminal"
*.ent.star A 192.0.2.83
x.*.star A 192.0.2.84
*.alias CNAME www
*.alias-out CNAME www.elsewhere.example.net.
*.alias-loop CNAME x.alias-loop
*.alias-other CNAME www.other.example.
*.alias-cut CNAME host.cut
*.alias-dname CNAME host.dname
*.srv SRV 0 5 5060 mail
*.ds A 192.0.2.85

; chains: inside, to another zone of the server, out of it, into cuts, DNAMEs and wildcards, loops, nothing
alias CNAME www
chain CNAME alias
chain3 CNAME chain
dangling CNAME missing
dangling-deep CNAME a.missing
to-ent CNAME b.c.empty
to-wild CNAME any.wild
to-wild-alias CNAME any.alias
to-cut CNAME host.cut
to-cut-itself CNAME cut
to-child CNAME www.child
to-child-apex CNAME child
to-other CNAME www.other.example.
to-other-missing CNAME missing.other.example.
to-other-cut CNAME host.cut.other.example.
to-other-chain CNAME back.other.example.
to-outside CNAME www.elsewhere.example.net.
to-dname CNAME host.dname
to-dname-out CNAME host.dname-out
to-apex CNAME @
to-below-www CNAME below.www
loop1 CNAME loop2
loop2 CNAME loop1
loop3 CNAME loop4
loop4 CNAME loop5
loop5 CNAME loop4
${lines(20, (i) => `long${i} CNAME long${i + 1}`)}
long20 A 192.0.2.86

; delegations (RFC 1034 4.2.1, RFC 9471): servers inside, outside, beside; names below that nobody sees
cut NS ns.cut
cut NS ns.elsewhere.example.net.
ns.cut A 192.0.2.90
ns.cut AAAA 2001:db8::90
host.cut A 192.0.2.91
*.cut A 192.0.2.92
deeper.cut NS ns.deeper.cut
ns.deeper.cut A 192.0.2.93
alias.cut CNAME www
cut-beside NS ns.cut
cut-beside NS ns1.cut-glue
cut-inside NS www
cut-out NS ns.elsewhere.example.net.
cut-self NS cut-self
cut-self A 192.0.2.94
cut-self TXT "occluded"
cut-no-glue NS ns.cut-no-glue
cut-glue NS ns1.cut-glue
cut-glue NS ns2.cut-glue
ns1.cut-glue A 192.0.2.95
ns2.cut-glue AAAA 2001:db8::95
cut-below-ent.x.y NS ns.cut-below-ent.x.y
ns.cut-below-ent.x.y A 192.0.2.96
cut-signed NS ns.cut-signed
ns.cut-signed A 192.0.2.97
cut-signed DS 12345 13 2 3A5B8D9C0E1F2A3B4C5D6E7F8091A2B3C4D5E6F708192A3B4C5D6E7F8091A2B3
${lines(13, (i) => `cut-wide NS ns${i}.cut-wide`)}
${lines(13, (i) => `ns${i}.cut-wide A 198.51.100.${i}`)}
${lines(13, (i) => `ns${i}.cut-wide AAAA 2001:db8::${i}`)}
cut-other NS ns1.other.example.
cut-wild-server NS any.wild
cut-alias-server NS alias
child NS ns1.child
child NS ns2.waymark.example.
ns1.child A 192.0.2.98
child DS 54321 13 2 4A5B8D9C0E1F2A3B4C5D6E7F8091A2B3C4D5E6F708192A3B4C5D6E7F8091A2B3
occluded.child A 192.0.2.99

; DNAME (RFC 6672)
dname DNAME target
dname TXT "beside"
dname A 192.0.2.100
host.target A 192.0.2.101
*.wild.target A 192.0.2.102
alias.target CNAME www
dname-out DNAME target.elsewhere.example.net.
dname-other DNAME other.example.
dname-apex DNAME @
dname-self DNAME dname-self.under
dname-loop1 DNAME dname-loop2
dname-loop2 DNAME dname-loop1
dname-chain DNAME dname
dname-cut DNAME cut
dname-wild DNAME wild
dname-long DNAME ${LABEL}.${LABEL}.${LABEL}.long
dname-root DNAME .
dname-child DNAME child
deep.a.dname2 DNAME target

; names whose addresses go along: here, elsewhere, at wildcards, behind aliases and cuts
_sip._tcp SRV 0 5 5060 mail
_sip._tcp SRV 1 5 5060 www.other.example.
_sip._tcp SRV 2 5 5060 sip.elsewhere.example.net.
_none._tcp SRV 0 0 0 .
null MX 0 .
mx-wild MX 5 any.wild
mx-alias MX 5 alias
mx-cut MX 5 host.cut
mx-glue MX 5 ns.cut
mx-child MX 5 www.child
mx-missing MX 5 missing
mx-many MX 1 www
mx-many MX 2 www
mx-many MX 3 mail
mx-self MX 1 mx-self
mx-self A 192.0.2.103
naptr NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@trap.example!" .
naptr NAPTR 100 20 "s" "SIP+D2U" "" _sip._tcp
naptr NAPTR 100 30 "a" "SIP+D2T" "" www
svcb SVCB 1 www alpn=h2,h3 port=8443
svcb SVCB 2 . alpn=h2
svcb A 192.0.2.104
svcb-alias SVCB 0 www
https HTTPS 1 . alpn=h2 ipv4hint=192.0.2.10
https AAAA 2001:db8::105
https-alias HTTPS 0 www
https-out HTTPS 1 www.elsewhere.example.net. alpn=h3
https-other HTTPS 1 www.other.example. alpn=h3
*.https-wild HTTPS 1 . alpn=h2
*.https-wild A 192.0.2.106

; sizes: around 512, 1232 and 4096 octets, by one record and by many
txt400 TXT ${text(250, 'a')} ${text(150, 'a')}
${lines(24, (i) => `txt-${455 + i} TXT ${text(250, 'b')} ${text(157 + i, 'b')}`)}
${lines(24, (i) => `txt-${1165 + i} TXT ${lines(4, () => text(250, 'c')).replaceAll('\n', ' ')} ${text(113 + i, 'c')}`)}
txt1300 TXT ${lines(5, () => text(250, 'd')).replaceAll('\n', ' ')} ${text(50, 'd')}
${lines(20, (i) => `txt-many TXT ${text(200, String.fromCharCode(97 + i))}`)}
${lines(3, (i) => `txt-some TXT ${text(140, String.fromCharCode(97 + i))}`)}
${lines(50, (i) => `a-many A 198.51.100.${i + 1}`)}
${lines(26, (i) => `a-26 A 198.51.100.${i + 1}`)}
${lines(27, (i) => `a-27 A 198.51.100.${i + 1}`)}
${lines(28, (i) => `a-28 A 198.51.100.${i + 1}`)}
${lines(29, (i) => `a-29 A 198.51.100.${i + 1}`)}
to-many CNAME txt-many
to-some CNAME txt-some
${lines(30, (i) => `mx-wide MX ${i} host${i}.mx-wide`)}
${lines(30, (i) => `host${i}.mx-wide A 198.51.100.${i + 1}`)}
${lines(30, (i) => `host${i}.mx-wide AAAA 2001:db8::${i + 1}`)}
*.txt-many-wild TXT ${lines(5, () => text(240, 'e')).replaceAll('\n', ' ')}

; the remaining types
sshfp SSHFP 1 1 ${'AB'.repeat(20)}
_443._tcp.www TLSA 3 1 1 ${'CD'.repeat(32)}
loc LOC 52 22 23.000 N 4 53 32.000 E -2.00m 1m 10000m 10m
hinfo HINFO "PC" "Linux"
rp RP admin.trap.example. txt
cert CERT 1 0 0 AQIDBAU=
uri URI 10 1 "https://www.trap.example/path"
pgp OPENPGPKEY AQIDBAUGBwg=
smimea SMIMEA 3 0 1 ${'EF'.repeat(32)}
spf SPF "v=spf1 -all"
unknown TYPE65280 \\# 4 0A000001
unknown TYPE731 \\# 0
unknown0 TYPE65281 \\# 0
MiXeD A 192.0.2.107
MiXeD TXT "Case Is Kept"
to-mixed CNAME mIxEd
text TXT "a\\"b\\\\c" "" "\\000\\255;" "two"
ttl0 0 A 192.0.2.108
ttl-max 2147483647 A 192.0.2.109
xn--fiqs8s A 192.0.2.110
_ A 192.0.2.111
1 A 192.0.2.112
last A 192.0.2.113
`

const CHILD = `
@ A 192.0.2.120
www A 192.0.2.121
www MX 10 mail.trap.example.
www MX 20 www
ns1 A 192.0.2.98
up CNAME www.trap.example.
up-wild CNAME any.wild.trap.example.
*.wild CNAME any.wild.trap.example.
old DNAME wild.trap.example.
grand NS ns.grand
ns.grand A 192.0.2.122
grand DS 11111 13 2 5A5B8D9C0E1F2A3B4C5D6E7F8091A2B3C4D5E6F708192A3B4C5D6E7F8091A2B3
`

/** Below a name of its parent zone that has no delegation: wildcards and an empty non-terminal stand there instead. */
const UNDELEGATED = `
@ TXT "a zone that its parent does not know"
@ MX 1 www.trap.example.
www A 192.0.2.130
*.x A 192.0.2.131
`

const OTHER = `
@ A 192.0.2.140
@ TXT "other"
www A 192.0.2.141
www AAAA 2001:db8::141
mail A 192.0.2.142
ns1 A 192.0.2.143
host A 192.0.2.144
back CNAME chain.trap.example.
round CNAME round.trap.example.
back-cut CNAME host.cut.trap.example.
cut NS ns.cut
ns.cut A 192.0.2.145
dname DNAME trap.example.
* TXT "at the top"
* A 192.0.2.146
`

const APEX_DNAME = `
@ DNAME trap.example.
@ A 192.0.2.150
@ TXT "beside a DNAME"
@ MX 10 mail.other.example.
`

const LONG = `
@ A 192.0.2.160
${LABEL} A 192.0.2.161
${LABEL}.${LABEL} A 192.0.2.162
*.${LABEL}.${LABEL} TXT "wild and long"
${LABEL}.${LABEL}.${'y'.repeat(48)} A 192.0.2.163
${LABEL}.${LABEL}.${'z'.repeat(47)} DNAME www.trap.example.
a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z.0.1.2.3.4.5.6.7.8.9 A 192.0.2.164
old DNAME ${LABEL}.${LABEL}
short DNAME trap.example.
`

const SERVERS = `
ns1 A 192.0.2.170
ns1 AAAA 2001:db8::170
@ MX 5 ns1
www CNAME ns1
`

/** Zones written for one situation each: names, delegations between zones of one server, sizes. */
export const HAND_WRITTEN_ZONES: readonly ZoneText[] = [
  { apex: 'trap.example.', text: TRAPS },
  { apex: 'child.trap.example.', text: CHILD },
  { apex: 'zone.undelegated.trap.example.', text: UNDELEGATED },
  { apex: 'zone.any.wild.trap.example.', text: UNDELEGATED },
  { apex: 'zone.cut.trap.example.', text: UNDELEGATED },
  { apex: 'other.example.', text: OTHER },
  { apex: 'apex-dname.example.', text: APEX_DNAME },
  { apex: `${LABEL}.long.example.`, text: LONG },
  { apex: NAME_SERVER_ZONE, text: SERVERS },
  { apex: 'empty.example.', text: '' },
]
