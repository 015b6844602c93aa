import { COLLECTOR_FIELDS, typeName, type TopicSchema } from './emit.ts'
import { columnType } from './clickhouse.ts'
import { isPrimitive, type AvroType, type Field } from './model.ts'
import { landingTable, TOPICS } from './topics.ts'

/** docs/schemas.md: every topic and field, for readers. */
export function emitDocs(topics: readonly TopicSchema[]): string {
  return [
    '# Topics and their fields',
    '',
    'Written by `npm run schemas` from `schemas/avro/*.avsc`. How to add a field: `schemas/README.md`.',
    '',
    'JSON form (what clients send to `POST /v1/events/TOPIC`): the names below; `event_id` as UUID text or 32 hex digits, or left out;',
    'times as integer milliseconds since the epoch; bytes as base64; a field with a default may be left out; an unknown field is refused.',
    "`received_time`, `skew_ms`, `ip_country`, `ip_asn`, `ua_device` and `sender` are the collector's and must not be sent.",
    '',
    ...topics.flatMap(emitTopic),
  ].join('\n')
}

function emitTopic({ topic, schema }: TopicSchema): string[] {
  const { key, partitions, compacted, orderBy, keepDays } = TOPICS[topic]
  return [
    `## ${topic}`,
    '',
    schema.doc,
    '',
    `Record \`${typeName(schema)}\` · key \`${key}\` · ${partitions} partition(s) on one machine${compacted ? ' · compacted' : ''} · table \`${landingTable(topic)}\`` +
      ` ordered by ${orderBy.map((column) => `\`${column}\``).join(', ')} · ${keepDays === undefined ? 'kept for ever' : `kept ${keepDays} days`}`,
    '',
    '| field | Avro | column | default | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...schema.fields.map(emitField),
    '',
  ]
}

const emitField = (field: Field): string =>
  `| \`${field.name}\` | ${cell(avroText(field.type))} | ${cell(columnType(field))} | ${fallbackText(field)} | ${cell(field.doc)} |`

function fallbackText({ name, fallback }: Field): string {
  if (COLLECTOR_FIELDS.has(name)) return 'set by the collector'
  if (name === 'event_id') return 'hash of the record'
  return fallback === undefined ? '**needed**' : `\`${JSON.stringify(fallback.value)}\``
}

function avroText(type: AvroType): string {
  if (isPrimitive(type)) return type.logical ?? type.kind
  switch (type.kind) {
    case 'fixed':
      return `fixed(${type.size})`
    case 'array':
      return `array of ${avroText(type.items)}`
    case 'map':
      return `map of ${avroText(type.values)}`
    case 'union':
      return type.branches.map(avroText).join(' or ')
    case 'record':
      return `{${type.fields.map(({ name, type: inner }) => `${name}: ${avroText(inner)}`).join(', ')}}`
    case 'enum':
      return type.symbols.join(' / ')
  }
}

const cell = (text: string): string => text.replaceAll('|', '\\|')
