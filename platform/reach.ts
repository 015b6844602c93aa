import { lookup as lookupHost } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/**
 * Which addresses a URL that a user gave may lead to. Without it a server would send requests into its own network for
 * anybody who may name a URL (server-side request forgery).
 *
 * - `http` and `https` to the loopback address, when the URL names it (or `localhost`): a receiver on this machine;
 * - `https` to public addresses;
 * - either to the networks that the operator allows.
 */
export interface Reach {
  /** What is wrong with a URL, as far as its text says; undefined = nothing. */
  fault(url: string): string | undefined
  /** Whether a connection for the URL may go to an address. */
  allows(url: URL, address: string): boolean
}

/** Special-purpose addresses that no public receiver has (IANA registries, RFC 6890). IPv6: outside 2000::/3 none. */
const SPECIAL_4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4'
/** Those within 2000::/3 that are no receivers, or stand for an IPv4 address. */
const SPECIAL_6 = '2001::/23 2001:db8::/32 2002::/16 3fff::/20'

/** Networks such as 10.0.0.0/8, or single addresses. */
function networksOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    list.addSubnet(address, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family)
  }
  return list
}

const SPECIAL = networksOf([...SPECIAL_4.split(' '), ...SPECIAL_6.split(' ')])
const PUBLIC_6 = networksOf(['2000::/3'])
const LOOPBACK = networksOf(['127.0.0.0/8', '::1'])

const isIn = (list: BlockList, address: string): boolean => list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
const isPublic = (address: string): boolean =>
  !isIn(SPECIAL, address) && (isIP(address) === 4 || isIn(PUBLIC_6, address))
/** The host of a URL as an address or a name, without the brackets of IPv6. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')
const namesLoopback = (url: URL): boolean =>
  hostOf(url) === 'localhost' || (isIP(hostOf(url)) !== 0 && isIn(LOOPBACK, hostOf(url)))

export function openReach(allowed: readonly string[]): Reach {
  const own = networksOf(allowed)
  const allows = (url: URL, address: string): boolean =>
    isIP(address) !== 0 &&
    (isIn(own, address) ||
      (namesLoopback(url) ? isIn(LOOPBACK, address) : url.protocol === 'https:' && isPublic(address)))
  return {
    allows,
    fault(text) {
      const url = URL.parse(text)
      if (url === null || !/^https?:$/.test(url.protocol)) return 'must be an https URL'
      if (url.username !== '' || url.password !== '') return 'must hold no user and no password'
      if (isIP(hostOf(url)) !== 0) return allows(url, hostOf(url)) ? undefined : NOT_REACHED
      return url.protocol === 'https:' || namesLoopback(url) || allowed.length > 0 ? undefined : NOT_REACHED
    },
  }
}

const NOT_REACHED =
  'must be https to a public address, or lead to this machine: PLAYLOOP_WEBHOOK_NETWORKS allows other networks'

/** Looks a host up, and refuses its addresses that are not allowed: at the connection, so no later answer differs. */
export const lookupWithin =
  (reach: Reach, url: URL): LookupFunction =>
  (host, options, done) =>
    lookupHost(host, { ...options, all: true }, (error, found) => {
      const addresses = (found ?? []).filter(({ address }) => reach.allows(url, address))
      const refused =
        error ?? (addresses.length === 0 ? new Error(`${host} leads to no address that is allowed`) : null)
      if (refused !== null) return done(refused, '', 0)
      return options.all === true ? done(null, addresses) : done(null, addresses[0]!.address, addresses[0]!.family)
    })
