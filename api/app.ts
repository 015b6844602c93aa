import {
  compressAnswers,
  createServer,
  describeRoutes,
  limitRates,
  openAuth,
  readinessOf,
  serveHealth,
  serveSignIn,
  type HttpServer,
} from '../platform/http/index.ts'
import type { PartContext } from '../platform/module.ts'
import { words } from './errors.ts'

/** Handler timeout, ms. A store query is ended after 20 s, so an answer that has not begun by then fails. */
const HANDLER_TIMEOUT_MS = 30_000

/** Builds the API of all modules; does not listen yet. */
export async function buildApi(ctx: PartContext): Promise<HttpServer> {
  const { config, store, clock, logger, metrics, modules } = ctx
  const auth = openAuth(config.http.auth, clock)
  const app = createServer({
    name: 'api',
    logger,
    metrics,
    words,
    auth,
    trustedProxies: config.http.trustedProxies,
    handlerTimeoutMs: HANDLER_TIMEOUT_MS,
  })
  await limitRates(app, config.http.requestsPerMinute)
  await compressAnswers(app)
  await describeRoutes(app, { title: 'playloop', description: 'Answers of the feedback loop.' })
  serveHealth(app, {
    metrics,
    async ready() {
      await store.rows('SELECT 1')
      return readinessOf(true, store.refusal?.())
    },
  })
  serveSignIn(app, auth)
  for (const { routes } of modules) await routes?.(app, ctx)
  return app
}
