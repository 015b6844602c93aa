import { createHash } from 'node:crypto'

/** SHA-256, 32 bytes. */
export const sha256 = (data: Uint8Array | string): Buffer => createHash('sha256').update(data).digest()
