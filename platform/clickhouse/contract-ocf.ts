import avsc from 'avsc'

const SYNC = Buffer.alloc(16, 0x5a)
const META = avsc.Type.forSchema({ type: 'map', values: 'bytes' })
const LONG = avsc.Type.forSchema('long')

/**
 * Encodes the values as an uncompressed Avro object container file, in pieces, following the specification (Avro 1.12).
 */
export function ocf(type: avsc.Type, values: readonly unknown[]): Buffer[] {
  const header = Buffer.concat([
    Buffer.from('Obj\x01', 'latin1'),
    META.toBuffer({ 'avro.schema': Buffer.from(JSON.stringify(type)), 'avro.codec': Buffer.from('null') }),
    SYNC,
  ])
  if (values.length === 0) return [header]
  const data = values.map((value) => type.toBuffer(value))
  const size = data.reduce((sum, { length }) => sum + length, 0)
  return [header, LONG.toBuffer(values.length), LONG.toBuffer(size), ...data, SYNC]
}
