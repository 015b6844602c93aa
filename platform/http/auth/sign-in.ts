import { Type } from 'typebox'
import type { HttpServer } from '../edge.ts'
import type { Auth } from './auth.ts'
import { SCOPES } from './scopes.ts'
import { sessionCookie } from './sessions.ts'

const SignIn = Type.Object(
  { key: Type.String({ minLength: 1, maxLength: 4_096, description: 'the secret of a key, or an access token' }) },
  { additionalProperties: false },
)
const SignedIn = Type.Object({
  name: Type.String({ description: 'name of the key, or subject of the token' }),
  scopes: Type.Array(Type.String()),
})

const EVERYBODY = { name: 'everybody', scopes: Object.keys(SCOPES) }

/**
 * `GET /v1/sign-in`: who asks, and what that client may do, so that a page offers nothing that would be refused. `PUT`
 * and `DELETE`: a browser exchanges a key for a session cookie, so that its pages, streams and links
 * work without a script that holds the key.
 */
export function serveSignIn(app: HttpServer, auth: Auth): void {
  app.get(
    '/v1/sign-in',
    {
      config: { scope: 'read' },
      schema: { summary: 'Who asks, and what that client may do', response: { 200: SignedIn } },
    },
    ({ principal }) => (principal === undefined ? EVERYBODY : { name: principal.name, scopes: [...principal.scopes] }),
  )
  app.put(
    '/v1/sign-in',
    {
      config: { scope: 'public', problems: [401] },
      schema: { summary: 'Sign this browser in with a key', body: SignIn, response: { 200: SignedIn } },
    },
    async (request, reply) => {
      if (auth.state !== 'on') return EVERYBODY
      const { principal, session } = await auth.signIn(request.body.key.trim())
      reply.header('set-cookie', sessionCookie(session, request.protocol === 'https'))
      return { name: principal.name, scopes: [...principal.scopes] }
    },
  )
  app.delete(
    '/v1/sign-in',
    {
      config: { scope: 'public' },
      schema: { summary: 'Sign this browser out', response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      reply.code(204).header('set-cookie', sessionCookie('', request.protocol === 'https'))
      return null
    },
  )
}
