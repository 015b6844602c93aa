import type { IdReuse } from '../touched/index.ts'
import { deadLettersOf, type Reason } from './dead-letters.ts'
import type { SinkPorts } from './sink.ts'

/**
 * Makes dead letters of records that reuse an id. They have landed, and where both touch one key of an aggregate the
 * first counts. The step `identity` tells these dead letters from others; like all of them they are known by their place
 * in the log, so the same report made twice is one dead letter.
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
      for await (const letters of deadLettersOf(at, reader, reasons, () => ports.clock.now())) {
        await ports.deadLetter(at, letters)
        for (const { error_code } of letters) ports.report.deadLettered(at, error_code)
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
