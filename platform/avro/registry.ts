import { Agent, request } from 'undici'
import { isCatalogueId } from '../../schemas/ids.ts'
import { fingerprint } from '../../schemas/canonical.ts'
import { versionsOf } from '../../schemas/catalogue.ts'
import { readSchema } from '../../schemas/model.ts'
import { TOPIC_NAMES, type TopicName } from '../../schemas/topics.ts'
import { errorMessage } from '../errors.ts'
import type { Logger } from '../logger.ts'
import { byFingerprint, catalogued, openCatalogue, type SchemaSource, type WriterSchema } from './catalogue.ts'
import { fail } from './errors.ts'

export interface RegistryOptions {
  /** Base URL of the Confluent API; it may contain credentials. */
  readonly url: string
  readonly logger: Logger
  readonly timeoutMs?: number
  /** Number of cached ids that are known not to exist; the oldest is removed first. */
  readonly unknownIds?: number
}

/** Subject of a topic's values. Source: Confluent TopicNameStrategy. */
export const subjectOf = (topic: TopicName): string => `${topic}-value`

/** Opens the schemas of this process: from the registry if a URL is set, otherwise from the committed catalogue. */
export const openSchemas = (url: string, logger: Logger): Promise<SchemaSource> =>
  url === '' ? Promise.resolve(openCatalogue()) : openRegistry({ url, logger })

/**
 * Opens a Confluent-compatible schema registry. All published versions are registered before this resolves, each
 * subject as FULL_TRANSITIVE: every version can read what is written, from the first record of the log.
 *
 * Errors: REGISTRY_UNREACHABLE, REGISTRY_REFUSED, REGISTRY_INVALID, REGISTRY_ANSWER.
 */
export async function openRegistry({
  url,
  logger,
  timeoutMs = 5_000,
  unknownIds = 10_000,
}: RegistryOptions): Promise<SchemaSource> {
  const client = openClient(url, timeoutMs)
  const writers = new Map<number, WriterSchema>()
  const unknown = new Set<number>()
  const asking = new Map<number, Promise<WriterSchema | undefined>>()

  const lookUp = async (id: number): Promise<WriterSchema | undefined> => {
    const writer = await foreignSchema(client, id, logger)
    if (writer === undefined) remember(unknown, id, unknownIds)
    else writers.set(id, writer)
    return writer
  }

  try {
    const ids = await registerAll(client)
    return {
      idOf: (topic) => ids.get(topic)!,
      byId: async (id) => {
        const known = writers.get(id) ?? (isCatalogueId(id) ? catalogued(id) : undefined)
        if (known !== undefined || unknown.has(id) || isCatalogueId(id)) return known
        return single(asking, id, lookUp)
      },
      close: () => client.close(),
    }
  } catch (error) {
    await client.close()
    throw error
  }
}

/** Registers all versions; returns the ids of the newest, by topic. */
async function registerAll(client: Client): Promise<ReadonlyMap<TopicName, number>> {
  const ids = new Map<TopicName, number>()
  for (const topic of TOPIC_NAMES) {
    const subject = subjectOf(topic)
    await client.call('PUT', `/config/${encodeURIComponent(subject)}`, subject, { compatibility: 'FULL_TRANSITIVE' })
    for (const { json } of versionsOf(topic)) ids.set(topic, await register(client, subject, json))
  }
  return ids
}

async function register(client: Client, subject: string, json: object): Promise<number> {
  const path = `/subjects/${encodeURIComponent(subject)}/versions`
  const answer = await client.call('POST', path, subject, { schemaType: 'AVRO', schema: JSON.stringify(json) })
  const id = (answer as { id?: unknown } | undefined)?.id
  if (typeof id !== 'number' || isCatalogueId(id))
    throw client.odd(200, `POST ${path}`, `no usable id: ${JSON.stringify(answer)}`)
  return id
}

/** A schema that another client registered; undefined if it is not an Avro record. */
async function foreignSchema(client: Client, id: number, logger: Logger): Promise<WriterSchema | undefined> {
  const answer = await client.call('GET', `/schemas/ids/${id}`, '')
  if (answer === undefined) return undefined
  const { schema: text = '', schemaType = 'AVRO' } = answer as { schema?: string; schemaType?: string }
  try {
    if (schemaType !== 'AVRO') throw new Error(`it is of type ${schemaType}`)
    const json = JSON.parse(text) as object
    const schema = readSchema(json)
    const print = fingerprint(schema)
    const published = byFingerprint(print)
    return {
      id,
      json,
      schema,
      fingerprint: print,
      ...(published === undefined ? {} : { published: { topic: published.topic, version: published.version } }),
    }
  } catch (error) {
    logger.warn({ id, problem: errorMessage(error) }, 'a registered schema cannot be used')
    return undefined
  }
}

interface Client {
  /** Returns the answer's JSON; undefined for 404 on a GET. */
  call(method: 'GET' | 'PUT' | 'POST', path: string, subject: string, body?: object): Promise<unknown>
  odd(status: number, request: string, problem: string): Error
  close(): Promise<void>
}

const JSON_TYPE = 'application/vnd.schemaregistry.v1+json'

function openClient(base: string, timeoutMs: number): Client {
  const url = new URL(base.endsWith('/') ? base : `${base}/`)
  const authorization =
    url.username === ''
      ? {}
      : {
          authorization: `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString('base64')}`,
        }
  const shown = `${url.protocol}//${url.host}${url.pathname}`
  const dispatcher = new Agent({ connect: { timeout: timeoutMs }, headersTimeout: timeoutMs, bodyTimeout: timeoutMs })
  const headers = { 'content-type': JSON_TYPE, accept: JSON_TYPE, ...authorization }
  const odd = (status: number, what: string, problem: string): Error =>
    fail('REGISTRY_ANSWER', { url: shown, status, request: what, problem })

  const send = async (
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    body?: object,
  ): Promise<{ status: number; text: string }> => {
    try {
      const target = `${url.origin}${url.pathname.replace(/\/$/, '')}${path}`
      const answer = await request(target, {
        method,
        headers,
        dispatcher,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: answer.statusCode, text: await answer.body.text() }
    } catch (error) {
      throw fail('REGISTRY_UNREACHABLE', { url: shown, problem: errorMessage(error) }, error)
    }
  }
  return {
    odd,
    close: () => dispatcher.close(),
    async call(method, path, subject, body) {
      const { status, text } = await send(method, path, body)
      const problem = text.slice(0, 500)
      if (status >= 200 && status < 300) return parse(text)
      if (status === 404 && method === 'GET') return undefined
      if (status === 409) throw fail('REGISTRY_REFUSED', { subject, problem })
      if (status === 422) throw fail('REGISTRY_INVALID', { subject, problem })
      // Overloaded or starting: a retry may succeed.
      if (status >= 500 || status === 429)
        throw fail('REGISTRY_UNREACHABLE', { url: shown, problem: `status ${status}` })
      throw odd(status, `${method} ${path}`, problem)
    },
  }
}

/** Runs one request at a time per id; concurrent callers share its answer. */
function single<T>(asking: Map<number, Promise<T>>, id: number, ask: (id: number) => Promise<T>): Promise<T> {
  const open = asking.get(id)
  if (open !== undefined) return open
  const answer = ask(id).finally(() => asking.delete(id))
  asking.set(id, answer)
  return answer
}

function remember(ids: Set<number>, id: number, limit: number): void {
  if (ids.size >= limit) for (const oldest of ids) return void (ids.delete(oldest), ids.add(id))
  ids.add(id)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
