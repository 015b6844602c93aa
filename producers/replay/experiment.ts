import { basename } from 'node:path'
import { DAY_MS, HOUR_MS } from '../../platform/time.ts'
import type { ExperimentExposureInput, ViewerActionInput } from '../../schemas/generated/inputs.ts'
import { formatUuid, nameUuid } from '../../platform/ids.ts'
import { fail } from './errors.ts'
import { fingerprint, lineFile, requireFile } from './files.ts'
import { clockOf, type ReplayEvent, type ReplaySource } from './source.ts'

/** Time between the exposures of consecutive units, ms: the file has an order, but no times. */
const APART_MS = 40
const FIRST_TIME = Date.UTC(2017, 0, 1)

/**
 * A finished experiment as one CSV line per unit, plain or gzipped: `unit,variation,outcome…`. Variations are numbered
 * in the order in which they appear. An outcome of TRUE and FALSE whose name ends in `_N` says whether the unit
 * returned on day N: it becomes a play on that day. An outcome of whole numbers is an amount: it becomes a progress of
 * so many seconds an hour after the exposure.
 */
export async function openExperiment(path: string): Promise<ReplaySource> {
  await requireFile(path)
  const file = lineFile(path)
  const print = await fingerprint([path])
  async function* events(skip: number): AsyncGenerator<readonly ReplayEvent[]> {
    const reader = readerOf(path, print)
    let position = 0
    for await (const chunk of file.chunks()) {
      const told = chunk.flatMap((text) => reader(text))
      const fresh = told.slice(Math.max(0, skip - position))
      position += told.length
      if (fresh.length > 0) yield fresh
    }
  }
  return { kind: 'experiment', fingerprint: print, events, fraction: file.fraction }
}

/** Returns the events of one line after the other; the first line names the columns. */
function readerOf(path: string, print: string): (text: string) => ReplayEvent[] {
  const experiment = basename(path).replace(/\.csv(\.gz)?$/, '')
  const variations: string[] = []
  let names: readonly string[] | undefined
  let line = 0
  return (text) => {
    line++
    const cells = text.trim().split(',')
    if (names === undefined) {
      names = cells
      return []
    }
    const [unit = '', variation = '', ...outcomes] = cells
    if (unit === '' || variation === '' || cells.length !== names.length)
      throw fail('REPLAY_LINE_ODD', { path, line, form: names.join(','), text: text.slice(0, 100) })
    if (!variations.includes(variation)) variations.push(variation)
    const at = FIRST_TIME + (line - 2) * APART_MS
    const own = { clock: clockOf('experiment'), profile_id: `user-${unit}` }
    const id = (what: string): string => formatUuid(nameUuid(`replay:experiment/${print}`, `${line}/${what}`))
    const exposure: ExperimentExposureInput = {
      ...own,
      event_id: id('exposure'),
      event_time: at,
      unit_type: 'profile',
      unit_id: own.profile_id,
      experiment_id: experiment,
      variation: variations.indexOf(variation),
      variation_key: variation,
      source: 'assignment',
    }
    return [
      { topic: 'experiment.exposures', event: exposure },
      ...outcomes.flatMap((value, n) => {
        const told = actionOf(names![n + 2]!, value, at, () =>
          fail('REPLAY_LINE_ODD', { path, line, form: names!.join(','), text: text.slice(0, 100) }),
        )
        return told === undefined
          ? []
          : [{ topic: 'viewer.actions' as const, event: { ...own, ...told, event_id: id(names![n + 2]!) } }]
      }),
    ]
  }
}

function actionOf(
  name: string,
  value: string,
  at: number,
  odd: () => Error,
): Pick<ViewerActionInput, 'event_time' | 'action' | 'watched_ms'> | undefined {
  const day = /_(\d+)$/.exec(name)?.[1]
  if (value === 'FALSE' || value === '0') return undefined
  if (value === 'TRUE' && day !== undefined) return { event_time: at + (Number(day) + 0.5) * DAY_MS, action: 'play' }
  if (!/^\d{1,9}$/.test(value)) throw odd()
  return { event_time: at + HOUR_MS, action: 'progress', watched_ms: Number(value) * 1_000 }
}
