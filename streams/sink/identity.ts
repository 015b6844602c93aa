import type { IdReuse } from '../touched/index.ts'
import { deadLettersOf, type Reason } from './dead-letters.ts'
import type { SinkPorts } from './sink.ts'

/**
 * Creates dead letters for records that reuse an event id. These records have landed; where both update the same key of
 * an aggregate, the first one counts. The step `identity` marks these dead letters. Like all dead letters they are
 * identified by their place in the log, so reporting a record twice gives one dead letter.
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
