import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { beat, collector, container, datum, frame, ndjson, NOW, URL } from './harness.ts'
import type { Values } from './samples.ts'

describe('paths that nothing is served at', () => {
  for (const url of ['/nope', `${URL}/`, `/${URL}`, '/v1/events', '/v1/events/', '/v1//events/x', '/'])
    it(`${url}: 404, with a body too`, async () => {
      const { app } = await collector()
      for (const contentType of ['application/x-ndjson', 'application/json', 'text/plain', 'application/x-unknown']) {
        const headers = { 'content-type': contentType }
        const answer = await app.inject({ method: 'POST', url, headers, payload: ndjson(beat()) })
        assert.equal(answer.statusCode, 404, answer.body)
        assert.match(answer.json<{ code: string }>().code, /^COLLECTOR_(ROUTE|TOPIC)_UNKNOWN$/)
      }
    })
})

describe('bodies', () => {
  const bodies: readonly [
    name: string,
    contentType: string | undefined,
    body: (...events: Values[]) => string | Buffer,
  ][] = [
    ['NDJSON', 'application/x-ndjson', ndjson],
    [
      'NDJSON with empty lines, CRLF and a byte order mark',
      'application/x-ndjson',
      (...events) => `\ufeff${events.map((event) => JSON.stringify(event)).join('\r\n\r\n')}\n`,
    ],
    ['a JSON array', 'application/json; charset=utf-8', (...events) => JSON.stringify(events, null, 2)],
    ['a beacon of a string: NDJSON', 'text/plain;charset=UTF-8', ndjson],
    ['a beacon of a string: an array', 'text/plain;charset=UTF-8', (...events) => ` ${JSON.stringify(events)}`],
    ['a beacon of bytes, without a type', undefined, (...events) => JSON.stringify(events)],
    [
      'Avro frames',
      'application/vnd.playloop.avro',
      (...events) => Buffer.concat(events.map((event) => frame(datum(event)))),
    ],
    ['an Avro file', 'avro/binary', (...events) => container(events.map(datum))],
    ['an Avro file, deflated', 'application/avro', (...events) => container(events.map(datum), { codec: 'deflate' })],
  ]
  for (const [name, contentType, bodyOf] of bodies) {
    it(`${name}: stored, stamped once, answered 202`, async () => {
      const { app, stored } = await collector()
      const payload = bodyOf(beat(), beat({ session_id: 's-2', title_id: 'gr\u00f6\u00dfe "\\"' }))
      for (const encoding of ['identity', 'gzip']) {
        const headers = {
          ...(contentType && { 'content-type': contentType }),
          'x-sent-at': String(NOW - 1_500),
          ...(encoding === 'gzip' && { 'content-encoding': 'gzip' }),
        }
        const answer = await app.inject({
          method: 'POST',
          url: URL,
          headers,
          payload: encoding === 'gzip' ? gzipSync(payload) : payload,
        })
        assert.equal(answer.statusCode, 202, answer.body)
        assert.deepEqual(
          answer.json(),
          encoding === 'gzip'
            ? { accepted: 0, duplicates: 2, rejected: [] }
            : { accepted: 2, duplicates: 0, rejected: [] },
        )
      }
      const records = stored()
      assert.deepEqual(records.map(({ session_id: session }) => session).sort(), ['s-1', 's-2'])
      assert.ok(records.every((record) => record['received_time'] === NOW && record['skew_ms'] === -1_500))
      assert.ok(records.some((record) => record['title_id'] === 'gr\u00f6\u00dfe "\\"'))
    })
  }

  it('one JSON object alone is one event', async () => {
    const { post } = await collector()
    assert.equal(
      (await post(JSON.stringify(beat(), null, 1), { 'content-type': 'application/json' })).json().accepted,
      1,
    )
  })

  it('an empty array is nothing to do', async () => {
    const { post } = await collector()
    assert.deepEqual((await post('[]', { 'content-type': 'application/json' })).json(), {
      accepted: 0,
      duplicates: 0,
      rejected: [],
    })
  })
})

describe('validation happens in every parser', () => {
  it('a bad NDJSON line refuses itself alone', async () => {
    const { post, stored } = await collector()
    const body = [
      ndjson(beat()),
      '{"oops',
      ndjson(beat({ seq: -1 })),
      ndjson(beat()) + ' x',
      ndjson(beat({ playing_ms: 70_000 })),
      ndjson(beat()),
    ].join('\n')
    assert.deepEqual((await post(body)).json(), {
      accepted: 2,
      duplicates: 0,
      rejected: [
        { index: 1, code: 'json_invalid' },
        { index: 2, code: 'field_negative', field: 'seq' },
        { index: 3, code: 'json_invalid' },
        { index: 4, code: 'time_exceeds_wall', field: 'segment_start' },
      ],
    })
    assert.equal(stored().length, 2)
  })

  it('a line that is not UTF-8 refuses itself alone', async () => {
    const { post } = await collector()
    const bad = Buffer.from(ndjson(beat({ title_id: 'x' })).replace('"x"', '"\u00ff"'), 'latin1')
    const answer = await post(
      Buffer.concat([Buffer.from(`${ndjson(beat())}\n`), bad, Buffer.from(`\n${ndjson(beat())}`)]),
    )
    assert.deepEqual(answer.json(), { accepted: 2, duplicates: 0, rejected: [{ index: 1, code: 'json_invalid' }] })
  })

  it('a bad element of an array refuses itself alone', async () => {
    const { post } = await collector()
    const answer = await post(JSON.stringify([beat(), 5, beat({ colour: { deep: ['x'] } }), beat()]), {
      'content-type': 'application/json',
    })
    assert.deepEqual(answer.json(), {
      accepted: 2,
      duplicates: 0,
      rejected: [
        { index: 1, code: 'json_invalid' },
        { index: 2, code: 'field_unknown', field: 'colour' },
      ],
    })
  })

  it('a bad Avro datum refuses itself alone', async () => {
    const { post, stored } = await collector()
    const good = datum(beat())
    const frames = [
      frame(good),
      frame(datum(beat({ seq: -1 }))),
      frame(good.subarray(0, 60)),
      frame(Buffer.concat([datum(beat()), Buffer.of(0)])),
      frame(datum(beat()), 7),
      frame(datum(beat())),
    ]
    const answer = await post(Buffer.concat(frames), { 'content-type': 'application/vnd.playloop.avro' })
    assert.equal(answer.json().accepted, 2)
    assert.deepEqual(
      (answer.json().rejected as Values[]).map(({ index, code }) => [index, code]),
      [
        [1, 'field_negative'],
        [2, 'avro_invalid'],
        [3, 'avro_invalid'],
        [4, 'schema_unknown'],
      ],
    )
    assert.equal(stored().length, 2)
    const file = await post(container([datum(beat()), datum(beat({ clock: 'mars' }))]), {
      'content-type': 'avro/binary',
    })
    assert.deepEqual(file.json(), {
      accepted: 1,
      duplicates: 0,
      rejected: [{ index: 1, code: 'clock_unknown', field: 'clock' }],
    })
  })
})

describe('a body that cannot be read as a whole', () => {
  const cases: readonly [name: string, contentType: string, body: string | Buffer][] = [
    ['an array that breaks off', 'application/json', '[{"seq":1},'],
    ['an array of no JSON', 'application/json', '[{"seq":tru}]'],
    ['two arrays', 'application/json', '[] []'],
    ['no UTF-8 in an array', 'application/json', Buffer.from('["\u00ff"]', 'latin1')],
    ['nothing', 'application/x-ndjson', ' \n \n'],
    ['a frame that breaks off', 'application/vnd.playloop.avro', frame(datum(beat())).subarray(0, 40)],
    [
      'a file of another schema',
      'avro/binary',
      container([datum(beat())], { schema: { type: 'record', name: 'x', fields: [] } }),
    ],
    ['a file that breaks off', 'avro/binary', container([datum(beat())]).subarray(0, -20)],
    ['a file whose datum is bad', 'avro/binary', container([datum(beat()).subarray(0, 60)])],
  ]
  for (const [name, contentType, body] of cases) {
    it(`${name}: 400, nothing stored`, async () => {
      const { post, stored } = await collector()
      const answer = await post(body, { 'content-type': contentType })
      assert.equal(answer.statusCode, 400, answer.body)
      assert.equal(answer.json().code, 'COLLECTOR_UNPARSEABLE')
      assert.equal(stored().length, 0)
    })
  }

  it('never answers 500 for any prefix of a good file', async () => {
    const { post } = await collector()
    const file = container([datum(beat())])
    for (let length = 0; length < file.length; length += 97)
      assert.equal((await post(file.subarray(0, length), { 'content-type': 'avro/binary' })).statusCode, 400)
  })
})
