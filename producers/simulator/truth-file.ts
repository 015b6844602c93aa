import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WorldTruth } from './world.ts'

/** Writes the world's ground truth to `<dir>/truth.json`, atomically. */
export function writeTruth(dir: string, truth: WorldTruth): void {
  mkdirSync(dir, { recursive: true })
  const path = join(dir, 'truth.json')
  writeFileSync(`${path}.new`, `${JSON.stringify(truth, null, 2)}\n`)
  renameSync(`${path}.new`, path)
}
