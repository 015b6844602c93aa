import { Admin } from '@platformatic/kafka'

/** Whether the broker lists itself in its metadata; the port opens before that. */
export async function answersMetadata(port: number): Promise<boolean> {
  const client = new Admin({
    clientId: 'playloop-ready',
    bootstrapBrokers: [`127.0.0.1:${port}`],
    retries: 0,
    timeout: 1_000,
    connectTimeout: 500,
  })
  // Connection errors are emitted as well as returned.
  client.on('error', () => undefined)
  try {
    const { brokers } = await client.metadata({ topics: [] })
    return brokers.size > 0
  } catch {
    return false
  } finally {
    await client.close()
  }
}
