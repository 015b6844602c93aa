import compress from '@fastify/compress'
import type { HttpServer } from './edge.ts'

/** Smaller answers are not compressed: most of them fit in one packet anyway. */
const THRESHOLD_BYTES = 1_024

/**
 * Compresses text and JSON answers if the client accepts it; answers with an encoding pass unchanged. Registered before
 * the routes it serves. Request bodies are not decompressed: their limit counts bytes as they arrive.
 */
export async function compressAnswers(app: HttpServer): Promise<void> {
  await app.register(compress, { threshold: THRESHOLD_BYTES, encodings: ['br', 'gzip'], globalDecompression: false })
}
