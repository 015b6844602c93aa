import type { IdReuse } from '../touched/index.ts'
import { lettersOf, type Reason } from './letters.ts'
import type { SinkPorts } from './sink.ts'

/**
 * Buries records that reuse an id. They landed, and where both touch one key of an aggregate the first counts. Their
 * letters
 * say so by the step `identity`, and are letters about places as all others: the same report made twice is one letter.
 */
export async function deadLetterReused(
  ports: Pick<SinkPorts, 'clock' | 'openReader' | 'deadLetter' | 'report'>,
  topic: string,
  reused: readonly IdReuse[],
): Promise<void> {
  for (const partition of new Set(reused.map((each) => each.partition))) {
    const at = { topic, partition }
    const reader = ports.openReader(at)
    try {
      const reasons = reused
        .filter((each) => each.partition === partition)
        .map(reasonOf)
        .sort((a, b) => a.offset - b.offset)
      for await (const letters of lettersOf(at, reader, reasons, () => ports.clock.now())) {
        await ports.deadLetter(at, letters)
        for (const { error_code } of letters) ports.report.buried(at, error_code)
      }
    } finally {
      await reader.close()
    }
  }
}

const reasonOf = ({ event_id, offset, first_partition, first_offset }: IdReuse): Reason => ({
  offset,
  code: 'id_reuse',
  step: 'identity',
  message: `the id ${event_id} stands for another payload at offset ${first_offset} of partition ${first_partition}`,
})
