import { isIPv4 } from 'node:net'

/**
 * What one subscriber of a network provider has: an IPv4 address, or the first 64 bits of an IPv6 address, of which
 * everyone has as many as he likes.
 */
export function networkOf(ip: string): string {
  const address = ip.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (isIPv4(address) || !address.includes(':')) return address
  const [before = '', behind] = address.toLowerCase().split('::')
  const [first, last] = [groupsOf(before), groupsOf(behind ?? '')]
  const zeros = behind === undefined ? [] : new Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0')
  return [...first, ...zeros, ...last]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}

const groupsOf = (part: string): string[] => (part === '' ? [] : part.split(':'))

const NUMBERS = 65_535

/**
 * A sender's number, from 1 to 65,535: the FNV-1a hash of its name. Long enough to count senders, and too short to find
 * an address by it, since thousands share each number.
 */
export function senderNumber(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  // The high half is folded in: the low bits of the hash of short names alone are uneven.
  return ((((hash >>> 16) ^ hash) & 0xffff) % NUMBERS) + 1
}
