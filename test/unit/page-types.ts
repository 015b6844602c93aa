#!/usr/bin/env node
/**
 * `npm run types`: writes what pages may read of answers (web/api-types.ts) from the API's own OpenAPI document.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import openapiTS, { astToString } from 'openapi-typescript'
import type { Store } from '../../platform/clickhouse/port.ts'
import { systemClock } from '../../platform/clock.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { readConfig } from '../../platform/config.ts'
import { createServices } from '../../platform/services.ts'
import { createSignals } from '../../platform/signals.ts'
import { LIVE, type LiveService } from '../../streams/qoe/live/index.ts'
import { MODULES } from '../../bin/composition.ts'
import { buildApi } from '../../api/app.ts'

export const TYPES_FILE = join(import.meta.dirname, '../../web/api-types.ts')

const BANNER = `/**
 * Generated from the API's OpenAPI document: do not edit, run \`npm run types\`.
 */
`

/** The text of the file. No route is called, so the API stands on nothing. */
export async function typesText(): Promise<string> {
  const services = createServices()
  services.provide(LIVE, {} as LiveService)
  const app = await buildApi({
    config: readConfig({}),
    store: {} as Store,
    clock: systemClock,
    logger: silentLogger,
    metrics: openMetrics(),
    modules: MODULES,
    services,
    signals: createSignals(),
  })
  await app.ready()
  const document = JSON.stringify(app.swagger())
  await app.close()
  return BANNER + astToString(await openapiTS(document, { immutable: true, arrayLength: true }))
}

if (import.meta.main) writeFileSync(TYPES_FILE, await typesText())
