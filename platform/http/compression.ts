import compress from '@fastify/compress'
import type { HttpServer } from './edge.ts'

/** Smaller answers would hardly shrink: most fit one packet as they are. */
const THRESHOLD_BYTES = 1_024

/**
 * Compresses answers of text and JSON where the client takes it; what has an encoding already passes. Registered before the
 * routes it serves. Bodies of requests are not inflated: their limit counts bytes as they arrive.
 */
export async function compressAnswers(app: HttpServer): Promise<void> {
  await app.register(compress, { threshold: THRESHOLD_BYTES, encodings: ['br', 'gzip'], globalDecompression: false })
}
