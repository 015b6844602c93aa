import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sessionLink, sessionsLink } from './links.ts'

describe('links', () => {
  it('lead from a number to its sessions, in the words of the API', () => {
    const link = sessionsLink({
      clock: 'replay:a b',
      metric: 'rebuffer_ratio:cta2066',
      from: 5,
      to: 9,
      filters: { country: ['DE', 'FR'], asn: 3356, title_id: 'a:b&c' },
    })
    const { pathname, searchParams } = new URL(link, 'http://pages')
    assert.equal(pathname, '/sessions')
    assert.deepEqual(
      [...searchParams],
      [
        ['clock', 'replay:a b'],
        ['metric', 'rebuffer_ratio:cta2066'],
        ['from', '5'],
        ['to', '9'],
        ['filter', 'country:DE'],
        ['filter', 'country:FR'],
        ['filter', 'asn:3356'],
        ['filter', 'title_id:a:b&c'],
      ],
    )
    assert.equal(sessionsLink({ clock: 'world', time: 'open' }), '/sessions?clock=world&time=open')
  })

  it('lead to a session whatever its id', () => {
    assert.equal(new URL(sessionLink('world', 'a/b?c=d'), 'http://pages').searchParams.get('id'), 'a/b?c=d')
  })
})
