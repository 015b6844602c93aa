import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { base64url, exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { manualClock } from '../../clock.ts'
import { silentLogger } from '../../logger.ts'
import { openMetrics } from '../../metrics.ts'
import { createServer } from '../server.ts'
import type { AuthSettings } from '../settings.ts'
import { isLoopback, openAuth, type Auth } from './auth.ts'
import { SESSION_MS } from './sessions.ts'
import { serveSignIn } from './sign-in.ts'

const NONE: AuthSettings = { off: false, keys: [], keysFile: '', issuer: '', audience: '' }
const SECRET = '0123456789abcdef'
const T0 = Date.UTC(2026, 10, 23)

/** What a route with a scope answers to a request with this header. */
async function ask(auth: Auth, authorization?: string, url = '/read') {
  const app = createServer({ name: 'test', logger: silentLogger, metrics: openMetrics(), auth })
  app.get('/read', { config: { scope: 'read' } }, ({ principal }) => ({ name: principal?.name }))
  app.get('/public', { config: { scope: 'public' } }, () => ({}))
  const { statusCode, headers, ...answer } = await app.inject({ url, headers: authorization ? { authorization } : {} })
  await app.close()
  return { status: statusCode, challenge: headers['www-authenticate'], body: answer.json<Record<string, string>>() }
}

describe('keys', () => {
  const auth = openAuth(
    { ...NONE, keys: [`ann:${SECRET}:read+write:events`, `bob:x${SECRET}:write:events`] },
    manualClock(),
  )

  it('are asked for by every route but public ones', async () => {
    assert.equal((await ask(auth, undefined, '/public')).status, 200)
    const nothing = await ask(auth)
    assert.deepEqual(
      [nothing.status, nothing.body['code'], nothing.challenge],
      [401, 'HTTP_KEY_WANTED', 'Bearer realm="playloop", scope="read"'],
    )
    assert.match(nothing.body['next']!, /EventSource/)
    assert.equal((await ask(auth, undefined, `/read?access_token=${SECRET}`)).status, 401, 'never in the address')
    assert.equal((await ask(auth, `Basic ${SECRET}`)).status, 401)
  })

  it('allow what their scopes say', async () => {
    assert.deepEqual((await ask(auth, `Bearer ${SECRET}`)).body, { name: 'ann' })
    const other = await ask(auth, `Bearer x${SECRET}`)
    assert.deepEqual(
      [other.status, other.body['code'], other.challenge],
      [403, 'HTTP_SCOPE', 'Bearer realm="playloop", error="insufficient_scope", scope="read"'],
    )
    const wrong = await ask(auth, 'Bearer wrong')
    assert.deepEqual(
      [wrong.status, wrong.body['code'], wrong.challenge],
      [401, 'HTTP_TOKEN_INVALID', 'Bearer realm="playloop", error="invalid_token"'],
    )
    assert.deepEqual([auth.grants('write:events'), auth.grants('export:fill')], [true, false])
  })

  it('come from a file too; without any everything is open', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'playloop-keys-'))
    try {
      writeFileSync(join(dir, 'keys'), `# operators\n\nops:${SECRET}:read\n`)
      const fromFile = openAuth({ ...NONE, keysFile: join(dir, 'keys') }, manualClock())
      assert.deepEqual((await ask(fromFile, `Bearer ${SECRET}`)).body, { name: 'ops' })
    } finally {
      rmSync(dir, { recursive: true })
    }
    assert.throws(() => openAuth({ ...NONE, keysFile: join(dir, 'keys') }, manualClock()), {
      code: 'HTTP_KEYS_UNREADABLE',
    })
    for (const settings of [NONE, { ...NONE, off: true, keys: [`a:${SECRET}:read`] }])
      assert.equal((await ask(openAuth(settings, manualClock()))).status, 200)
  })

  it('that cannot be meant are refused at start, and their secrets not shown', () => {
    for (const [key, problem] of [
      [SECRET, /no scopes/],
      [`ann:${SECRET}`, /no scopes/],
      [`ann:short:read`, /16 characters/],
      [`ann:${SECRET}:reed`, /no scope 'reed'/],
      [`a b:${SECRET}:read`, /name/],
    ] as const)
      assert.throws(
        () => openAuth({ ...NONE, keys: [key] }, manualClock()),
        (error: Error & { code: string }) =>
          error.code === 'HTTP_KEYS_INVALID' && problem.test(error.message) && !error.message.includes(SECRET),
        key,
      )
    assert.throws(
      () => openAuth({ ...NONE, keys: [`a:${SECRET}:read`, `a:x${SECRET}:read`] }, manualClock()),
      /stands twice/,
    )
  })
})

describe('signing in', () => {
  const clock = manualClock(T0)
  const auth = openAuth({ ...NONE, keys: [`ann:${SECRET}:read`, `bob:x${SECRET}:write:events`] }, clock)
  const other = openAuth({ ...NONE, keys: [`ann:y${SECRET}:read`] }, clock)

  function open(own = auth) {
    const app = createServer({ name: 'test', logger: silentLogger, metrics: openMetrics(), auth: own })
    app.get('/read', { config: { scope: 'read' } }, ({ principal }) => ({ name: principal?.name }))
    serveSignIn(app, own)
    return app
  }
  const signIn = (key: string) => open().inject({ method: 'PUT', url: '/v1/sign-in', payload: { key } })
  const cookieOf = async (key: string): Promise<string> => String((await signIn(key)).headers['set-cookie'])
  const read = async (headers: Record<string, string>, own = auth) =>
    (await open(own).inject({ url: '/read', headers })).json<Record<string, string>>()

  it('exchanges a key for a cookie that holds no secret and no script can read', async () => {
    const answer = await signIn(` ${SECRET} `)
    assert.deepEqual([answer.statusCode, answer.json()], [200, { name: 'ann', scopes: ['read'] }])
    const cookie = String(answer.headers['set-cookie'])
    assert.match(cookie, /^playloop_session=ann\.\d+\.[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/)
    assert.ok(!cookie.includes(SECRET))
    assert.deepEqual(await read({ cookie: `theme=dark; ${cookie.split(';')[0]!}` }), { name: 'ann' })
  })

  it('grants what the key grants, until its time is over or the key is changed', async () => {
    const [ann, bob] = [(await cookieOf(SECRET)).split(';')[0]!, (await cookieOf(`x${SECRET}`)).split(';')[0]!]
    assert.equal((await read({ cookie: bob }))['code'], 'HTTP_SCOPE')
    assert.equal((await read({ cookie: ann }, other))['code'], 'HTTP_TOKEN_INVALID')
    assert.equal((await read({ cookie: ann.replace('ann.', 'bob.') }))['code'], 'HTTP_TOKEN_INVALID')
    clock.advance(SESSION_MS)
    assert.equal((await read({ cookie: ann }))['code'], 'HTTP_TOKEN_INVALID')
  })

  it('is of no use to pages of other origins, other ports of the same host included', async () => {
    const cookie = (await cookieOf(SECRET)).split(';')[0]!
    for (const site of ['same-site', 'cross-site'])
      assert.equal((await read({ cookie, 'sec-fetch-site': site }))['code'], 'HTTP_KEY_WANTED')
    for (const site of ['same-origin', 'none'])
      assert.deepEqual(await read({ cookie, 'sec-fetch-site': site }), { name: 'ann' })
  })

  it('refuses an unknown key, and signs out', async () => {
    assert.equal((await signIn('0123456789abcdeg')).json<Record<string, string>>()['code'], 'HTTP_TOKEN_INVALID')
    const out = await open().inject({ method: 'DELETE', url: '/v1/sign-in' })
    assert.deepEqual(
      [out.statusCode, String(out.headers['set-cookie']).slice(0, 37)],
      [204, 'playloop_session=; Path=/; Max-Age=0;'],
    )
  })
})

describe('access tokens', () => {
  let [server, issuer, asked]: [Server, string, number] = [undefined!, '', 0]
  let pair: Awaited<ReturnType<typeof generateKeyPair>>
  const clock = manualClock(T0)
  const open = (url = issuer): Auth => openAuth({ ...NONE, issuer: url, audience: 'playloop' }, clock)
  const claims = { scope: 'openid read', sub: 'ann' }
  const token = (
    change: { iss?: string; aud?: string; exp?: number; kid?: string; claims?: object } = {},
  ): Promise<string> =>
    new SignJWT({ ...claims, ...change.claims })
      .setProtectedHeader({ alg: 'RS256', kid: change.kid ?? 'one' })
      .setIssuer(change.iss ?? issuer)
      .setAudience(change.aud ?? 'playloop')
      .setExpirationTime((change.exp ?? T0 + 600_000) / 1_000)
      .sign(pair.privateKey)

  before(async () => {
    pair = await generateKeyPair('RS256', { extractable: true })
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
    server = createHttpServer((request, response) => {
      asked++
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify(request.url === '/jwks' ? { keys: [jwk] } : { issuer, jwks_uri: `${issuer}/jwks` }))
    }).listen(0, '127.0.0.1')
    await new Promise((listening) => server.once('listening', listening))
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => server.close())

  it('are taken from the issuer, by the scopes they tell in any of the usual ways', async () => {
    const auth = open()
    for (const [told, status] of [
      [{ scope: 'read' }, 200],
      [{ scope: undefined, scp: ['read', 'other'] }, 200],
      [{ scope: undefined, permissions: ['read'] }, 200],
      [{ scope: 'write:events' }, 403],
      [{ scope: 'reader' }, 403],
      [{ scope: undefined }, 403],
    ] as const) {
      const answer = await ask(auth, `Bearer ${await token({ claims: told })}`)
      assert.equal(answer.status, status, JSON.stringify(told))
      if (status === 200) assert.deepEqual(answer.body, { name: 'ann' })
    }
  })

  it('are refused when they are not what they must be', async () => {
    const auth = open()
    const mine = await generateKeyPair('RS256')
    const secret = new TextEncoder().encode(await exportSPKI(pair.publicKey))
    const own = () =>
      new SignJWT(claims)
        .setIssuer(issuer)
        .setAudience('playloop')
        .setExpirationTime(T0 / 1_000 + 600)
    const good = await token()
    const [head, , signature] = good.split('.')
    const more = base64url.encode(
      JSON.stringify({ ...claims, sub: 'eve', iss: issuer, aud: 'playloop', exp: T0 / 1_000 + 600 }),
    )
    for (const [name, bad] of [
      ['another issuer', await token({ iss: 'https://other.example' })],
      ['another audience', await token({ aud: 'another service' })],
      ['expired', await token({ exp: T0 - 60_000 })],
      ['an unknown key id', await token({ kid: 'two' })],
      [
        'no signature (alg none)',
        new UnsecuredJWT(claims)
          .setIssuer(issuer)
          .setAudience('playloop')
          .setExpirationTime(T0 / 1_000 + 600)
          .encode(),
      ],
      ['an HMAC by the public key', await own().setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(secret)],
      ['a key of its own', await own().setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(mine.privateKey)],
      ['another payload', `${head}.${more}.${signature}`],
      [
        'no end',
        await new SignJWT(claims)
          .setProtectedHeader({ alg: 'RS256', kid: 'one' })
          .setIssuer(issuer)
          .setAudience('playloop')
          .sign(pair.privateKey),
      ],
      ['no token', 'a.b.c'],
    ] as const) {
      const answer = await ask(auth, `Bearer ${bad}`)
      assert.deepEqual([answer.status, answer.body['code']], [401, 'HTTP_TOKEN_INVALID'], name)
    }
  })

  it('are verified once, and remembered until they expire and no longer', async () => {
    const auth = open()
    const good = `Bearer ${await token({ exp: T0 + 100_000 })}`
    assert.equal((await ask(auth, good)).status, 200)
    const before = asked
    assert.equal((await ask(auth, good)).status, 200)
    assert.equal(asked, before)
    clock.advance(131_000)
    assert.equal((await ask(auth, good)).status, 401)
    clock.advance(-131_000)
  })

  it('cannot be told while the issuer is away: that is no fault of the token', async () => {
    const away = open('http://127.0.0.1:9')
    const answer = await ask(away, `Bearer ${await token({ iss: 'http://127.0.0.1:9' })}`)
    assert.deepEqual([answer.status, answer.body['code']], [503, 'HTTP_ISSUER_AWAY'])
    const liar = await ask(open(`${issuer}/other`), `Bearer ${await token()}`)
    assert.equal(liar.status, 503, 'the document names another issuer')
  })

  it('need an audience', () => {
    assert.throws(() => openAuth({ ...NONE, issuer }, clock), { code: 'HTTP_AUDIENCE_WANTED' })
  })
})

describe('the loopback address', () => {
  it('is told from all others', () => {
    for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost', '::ffff:127.0.0.1'])
      assert.ok(isLoopback(host), host)
    for (const host of ['0.0.0.0', '::', '10.0.0.1', 'example.com', '128.0.0.1', '']) assert.ok(!isLoopback(host), host)
  })
})
