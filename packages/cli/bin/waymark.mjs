#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { runOrExplain } from './bun.mjs'

runOrExplain([fileURLToPath(new URL('../src/main.ts', import.meta.url)), ...process.argv.slice(2)])
