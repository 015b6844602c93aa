import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Clock } from '../clock.ts'
import { ID_BYTES } from '../ids.ts'
import { isTopic, type TopicName } from '../../schemas/topics.ts'
import { fail } from './errors.ts'

/**
 * What a producer knows to be acknowledged: `DIR/TOPIC.ids`, 16 bytes an event, in order of the answers.
 *
 * An id is written only after the collector answered for it, so an id on record is an acknowledged event; a kill
 * loses at most what was not written yet (a prefix of the truth stays). An event acknowledged twice, by two runs
 * over the same data, stands twice: readers take the file as a set.
 */
export interface Journal {
  append(topic: TopicName, ids: Uint8Array): void
  /** Resolves once everything appended is written. */
  flush(): Promise<void>
  close(): Promise<void>
}

export interface JournalOptions {
  /** Ids written at the latest after this long, ms. */
  readonly delayMs?: number
  /** Ids held back at most, bytes a topic. */
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

/** One file; writes follow one another, the first failure is kept and answers every later flush. */
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
      // A kill in the middle of a write leaves part of an id: cut it off, or every later id would be out of step.
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

/** Topics that have a journal in `dir`, with the number of whole ids of each. */
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

/** Chunks of whole ids (a multiple of 16 bytes each), in file order; a torn last id is left out. */
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
