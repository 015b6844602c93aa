#!/usr/bin/env node
/**
 * `npm run types`: writes what pages may read of answers (web/api-types.ts) from the API's own OpenAPI document.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import openapiTS, { astToString } from 'openapi-typescript'
import type { Store } from '../platform/clickhouse/port.ts'
import { systemClock } from '../platform/clock.ts'
import { silentLogger } from '../platform/logger.ts'
import { openMetrics } from '../platform/metrics.ts'
import { buildApi } from './app.ts'
import type { LiveService } from './qoe/service.ts'

export const TYPES_FILE = join(import.meta.dirname, '..', 'web', 'api-types.ts')

const BANNER = `/**
 * Generated from the API's OpenAPI document: do not edit, run \`npm run types\`.
 */
`

/** The text of the file. No route is called, so the API stands on nothing. */
export async function typesText(): Promise<string> {
  const nothing = { store: {} as Store, live: {} as LiveService }
  const { app, drain } = await buildApi({
    ...nothing,
    clock: systemClock,
    logger: silentLogger,
    metrics: openMetrics(),
  })
  await app.ready()
  const document = JSON.stringify(app.swagger())
  drain()
  await app.close()
  return BANNER + astToString(await openapiTS(document, { immutable: true }))
}

if (import.meta.main) writeFileSync(TYPES_FILE, await typesText())
