import type { Command } from '../command.ts'

export const lineData: Command = {
  name: 'line-data',
  summary: 'Compile data of where addresses are into one file for the DNS server',
  arguments: [
    {
      name: 'FILE…',
      sentence: 'MaxMind DB (.mmdb), ip2region (.xdb), CSV or lines.bin; later ones know better.',
    },
  ],
  flags: [{ name: 'output', takesValue: true, placeholder: 'FILE', sentence: 'Where the result goes.' }],
  examples: [
    [
      'line-data GeoLite2-City.mmdb GeoLite2-ASN.mmdb --output data/lines.bin',
      'over what comes with Waymark',
    ],
    ['line-data none own.csv --output lines.bin', 'nothing but the own file'],
  ],
  details:
    'The server compiles the files of --line-data by itself; this command is for looking at what comes of them, and for edges that get ' +
    'the result from elsewhere. See docs/line-data.md.',
  usesServer: false,
  run: () => 2,
  runRaw: async (argv) => (await import('@waymark/server/line-data/compile-command')).main(argv),
}
