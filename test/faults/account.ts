import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Cut } from '../../platform/audit.ts'
import type { JournalSource } from '../../streams/audit/index.ts'
import type { VerifyRequest } from './verify-child.ts'
import type { Account } from './verify.ts'

/**
 * The account of an embedded store that nobody has open, taken by a process of its own: a process opens one data folder
 * in its life.
 */
export async function accountOf(dataDir: string, cut: Cut, journals: readonly JournalSource[]): Promise<Account> {
  const child = fork(join(import.meta.dirname, 'verify-child.ts'), {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
  })
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the account could not be taken: exit code ${String(code)}`)
  })
  failed.catch(() => undefined)
  const request: VerifyRequest = { dataDir, cut, journals: await Promise.all(journals.map(allIds)) }
  child.send(request)
  const [account] = (await Promise.race([once(child, 'message'), failed])) as [Account]
  return account
}

async function allIds(journal: JournalSource): Promise<VerifyRequest['journals'][number]> {
  const chunks = []
  for await (const chunk of journal.ids()) chunks.push(chunk)
  return { topic: journal.topic, ids: Buffer.concat(chunks).toString('base64') }
}
