import type { Part } from '@waymark/server/settings'
import { settingsHelp } from '@waymark/server/settings-text'
import type { Command } from '../command.ts'

/** The commands that start parts of the server. They take settings (docs/settings.md), not flags of their own. */
const serverCommand = (
  part: Part,
  load: () => Promise<{ main: (argv: readonly string[]) => Promise<number> }>,
  rest: Pick<Command, 'summary' | 'examples' | 'details'>,
): Command => ({
  name: part,
  usesServer: false,
  ...rest,
  run: async () => (await load()).main([]),
  runRaw: async (argv) => (await load()).main(argv),
  settingsHelp: () => settingsHelp(part),
})

export const serve = serverCommand('serve', () => import('@waymark/server/serve'), {
  summary: 'Run the API and the DNS server on this machine',
  examples: [
    ['serve', 'API on 127.0.0.1:8080, DNS on 127.0.0.1:5353, data in ./data'],
    ['serve --http 0.0.0.0:8080 --dns 0.0.0.0:53 --data /var/lib/waymark', 'for others to reach'],
    ['serve --database postgres://waymark@db/waymark', 'with PostgreSQL'],
  ],
  details:
    'The DNS server runs as a process of its own, is started again when it dies, and goes on answering while the API is busy. ' +
    'The first start makes credentials, prints them once and keeps them in credentials.json in the data folder.',
})

export const control = serverCommand('control', () => import('@waymark/server/control'), {
  summary: 'Run the API only; edges follow it from elsewhere',
  examples: [
    [
      'control --http 0.0.0.0:8080 --database postgres://waymark@db/waymark',
      'one of several over one database',
    ],
  ],
})

export const edge = serverCommand('edge', () => import('@waymark/server/edge'), {
  summary: 'Run the DNS server only, following an API elsewhere',
  examples: [
    [
      'edge --from http://control.example.org:8080 --dns 0.0.0.0:53',
      'with WAYMARK_FEED_SECRET in the environment',
    ],
  ],
  details:
    'Set the same WAYMARK_FEED_SECRET here and where the API runs. The edge keeps a snapshot in its data folder and goes on answering when the API or its database is gone.',
})
