import type { Store } from './port.ts'
import type { Log } from '../log.ts'
export async function openServer(_options: { url: string; database: string; user: string; password: string }, _log: Log): Promise<Store> { throw new Error('soon') }
