/**
 * The partition of a key, chosen as in Kafka's Java client, so that other producers choose the same one.
 *
 * Source: org.apache.kafka.common.utils.Utils.murmur2 (MurmurHash 2.0, seed 0x9747b28c) and BuiltInPartitioner.
 */
export function partitionOf(key: Uint8Array, partitions: number): number {
  return partitions === 1 ? 0 : (murmur2(key) & 0x7fff_ffff) % partitions
}

const M = 0x5bd1_e995

/** MurmurHash 2.0 as a signed 32-bit integer. */
export function murmur2(data: Uint8Array): number {
  const { length } = data
  let hash = 0x9747_b28c ^ length
  let at = 0
  for (; at + 4 <= length; at += 4) {
    let k = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24)
    k = Math.imul(k, M)
    k ^= k >>> 24
    hash = Math.imul(hash, M) ^ Math.imul(k, M)
  }
  const rest = length - at
  if (rest > 2) hash ^= data[at + 2]! << 16
  if (rest > 1) hash ^= data[at + 1]! << 8
  if (rest > 0) hash = Math.imul(hash ^ data[at]!, M)
  hash = Math.imul(hash ^ (hash >>> 13), M)
  return hash ^ (hash >>> 15)
}
