import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Clock } from '../clock.ts'
import { ID_BYTES } from '../ids.ts'
import { isTopic, type TopicName } from '../../schemas/topics.ts'
import { fail } from './errors.ts'

/**
 * A producer's record of acknowledged events: `DIR/TOPIC.ids`, 16 bytes per event, in the order of the answers.
 *
 * An id is written only after the collector acknowledged the event, so every recorded id is an acknowledged event. A
 * kill loses at most the ids not written yet (the file stays a prefix of the truth). An event acknowledged twice, by
 * two runs over the same data, appears twice: readers treat the file as a set.
 */
export interface Journal {
  append(topic: TopicName, ids: Uint8Array): void
  /** Resolves once everything appended is written. */
  flush(): Promise<void>
  close(): Promise<void>
}

export interface JournalOptions {
  /** Maximum delay before ids are written, ms. */
  readonly delayMs?: number
  /** Maximum size of buffered ids, bytes per topic. */
  readonly bufferBytes?: number
}

export const journalPath = (dir: string, topic: TopicName): string => join(dir, `${topic}.ids`)

export function openJournal(
  dir: string,
  clock: Clock,
  { delayMs = 200, bufferBytes = 65_536 }: JournalOptions = {},
): Journal {
  const files = new Map<TopicName, JournalFile>()
  const file = (topic: TopicName): JournalFile => {
    const known = files.get(topic) ?? new JournalFile(journalPath(dir, topic))
    files.set(topic, known)
    return known
  }
  const all = async (act: (file: JournalFile) => Promise<void>): Promise<void> => {
    await Promise.all([...files.values()].map(act))
  }
  return {
    append(topic, ids) {
      const target = file(topic)
      target.append(ids)
      if (target.held >= bufferBytes) target.write()
      else if (target.held === ids.length) void clock.sleep(delayMs).then(() => target.write())
    },
    flush: () => all((target) => target.flush()),
    close: () => all((target) => target.close()),
  }
}

/** One file. Writes run one after the other; the first failure is kept and rejects every later flush. */
class JournalFile {
  readonly #path: string
  #parts: Uint8Array[] = []
  #last: Promise<void>
  #handle: FileHandle | undefined
  held = 0

  constructor(path: string) {
    this.#path = path
    this.#last = this.#open()
    this.#last.catch(() => {})
  }

  append(ids: Uint8Array): void {
    this.#parts.push(ids)
    this.held += ids.length
  }

  write(): void {
    if (this.held === 0) return
    const parts = this.#parts
    this.#parts = []
    this.held = 0
    this.#last = this.#last.then(() => this.#append(Buffer.concat(parts)))
    this.#last.catch(() => {})
  }

  async flush(): Promise<void> {
    this.write()
    await this.#last
  }

  async close(): Promise<void> {
    try {
      await this.flush()
      await this.#handle?.datasync()
    } finally {
      await this.#handle?.close()
      this.#handle = undefined
    }
  }

  async #open(): Promise<void> {
    try {
      await mkdir(dirname(this.#path), { recursive: true })
      this.#handle = await open(this.#path, 'a')
      // A kill during a write leaves part of an id: it is cut off, otherwise every later id would be misaligned.
      const { size } = await this.#handle.stat()
      if (size % ID_BYTES !== 0) await this.#handle.truncate(size - (size % ID_BYTES))
    } catch (error) {
      throw fail('CLIENT_JOURNAL_FAILED', { path: this.#path }, error)
    }
  }

  async #append(bytes: Buffer): Promise<void> {
    try {
      await this.#handle!.appendFile(bytes)
    } catch (error) {
      throw fail('CLIENT_JOURNAL_FAILED', { path: this.#path }, error)
    }
  }
}

/** Topics that have a journal in `dir`, with the number of complete ids of each. */
export async function journalTopics(dir: string): Promise<Map<TopicName, number>> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const topics = names
    .filter((name) => name.endsWith('.ids'))
    .map((name) => name.slice(0, -'.ids'.length))
    .filter(isTopic)
  const sizes = await Promise.all(topics.map((topic) => stat(journalPath(dir, topic))))
  return new Map(topics.map((topic, i) => [topic, Math.floor(sizes[i]!.size / ID_BYTES)]))
}

/** Yields chunks of complete ids (each a multiple of 16 bytes) in file order; an incomplete last id is left out. */
export async function* readJournal(path: string, chunkBytes = 1_048_576): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  const stream = createReadStream(path, { highWaterMark: Math.max(ID_BYTES, chunkBytes - (chunkBytes % ID_BYTES)) })
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const whole = bytes.length - (bytes.length % ID_BYTES)
    rest = bytes.subarray(whole)
    if (whole > 0) yield bytes.subarray(0, whole)
  }
}
