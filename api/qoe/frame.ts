import { DEFINITIONS, groupMetrics, metricsOf, type LiveClock } from '../../streams/qoe/index.ts'
import type { LiveFrame, LiveQuestion } from './schema.ts'

export interface AsOf {
  /** Latest log time read, ms; 0 before the first. */
  readonly received: number
  readonly landed: readonly { readonly partition: number; readonly offset: number }[]
  readonly computed: number
}

/** What a question is answered with: all its minutes, or those of `only`. */
export function frameOf(
  { clock, group, country, oca, minutes: count }: LiveQuestion,
  live: LiveClock | undefined,
  { received, landed, computed }: AsOf,
  only?: ReadonlySet<number>,
): LiveFrame {
  const minutes = live?.minutes().slice(-count) ?? []
  const latest = minutes.at(-1)
  return {
    clock,
    group,
    definitions: only === undefined ? DEFINITIONS : {},
    as_of: {
      watermark: live?.watermark ?? null,
      received: received === 0 ? null : received,
      computed,
      landed: landed.map(({ partition, offset }) => ({ partition, offset })),
    },
    minutes: minutes
      .filter((minute) => only?.has(minute) ?? true)
      .map((minute) => {
        const cells = live!
          .cells(minute)
          .filter(
            (cell) => (country === undefined || cell.country === country) && (oca === undefined || cell.oca === oca),
          )
        return {
          minute,
          partial: minute === latest,
          total: metricsOf(cells),
          groups: group === 'none' ? [] : groupMetrics(cells, group),
        }
      }),
  }
}
