#!/usr/bin/env node
// Starts the Bun that the lock file pins, with the arguments given. Everything that npm starts here comes through this file,
// so nobody needs a Bun of their own, and an installation without install scripts (`npm ci --ignore-scripts`) works as well:
// Bun's binary then still lies in its platform package, because only Bun's postinstall would have moved it.
import { spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
// Before its postinstall `bun.exe` is a shell script of a few hundred octets that only says so.
const SMALLEST_BINARY = 1_000_000

const isBinary = (path) => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > SMALLEST_BINARY

/** Path of the pinned Bun binary; throws an Error fit for the user when there is none for this machine. */
export function findBun() {
  const manifest = require.resolve('bun/package.json')
  const linked = join(dirname(manifest), 'bin', 'bun.exe')
  if (isBinary(linked)) return linked
  for (const name of Object.keys(JSON.parse(readFileSync(manifest, 'utf8')).optionalDependencies ?? {})) {
    if (!name.includes(process.platform === 'win32' ? 'windows' : process.platform)) continue
    for (const file of ['bin/bun', 'bin/bun.exe']) {
      try {
        const binary = join(dirname(require.resolve(`${name}/package.json`)), file)
        if (isBinary(binary)) return binary
      } catch {
        // npm leaves out the packages of other machines
      }
    }
  }
  throw new Error(
    `no Bun for ${process.platform}-${process.arch} in node_modules; run "npm ci" without --omit=optional`,
  )
}

/** Runs Bun in place of this process: same terminal, signals passed on, its exit code ours. */
export function runBun(args) {
  const child = spawn(findBun(), args, {
    stdio: 'inherit',
    env: { ...process.env, WAYMARK_LAUNCHER_PID: String(process.pid) },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal gives Ctrl-C to the child as well; a second delivery does no harm, being mute here would end us first.
    process.on(signal, () => child.kill(signal))
  }
  child.on('error', (error) => {
    console.error(`waymark: cannot start Bun: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}

/** `runBun` with the faults of starting told in one line. */
export function runOrExplain(args) {
  try {
    runBun(args)
  } catch (error) {
    console.error(`waymark: ${error.message}`)
    process.exit(1)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) runOrExplain(process.argv.slice(2))
