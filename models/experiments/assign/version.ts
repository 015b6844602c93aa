/** Versions as sortable text: 1.2.3-rc.1 < 1.2.3 < 1.10. */

const DIGITS = 5

/**
 * The `~` makes a release sort after its pre-releases; numbers of more than five digits sort as text, as in GrowthBook.
 */
export function sortableVersion(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : '0'
  const parts = text.replace(/^v|\+.*$/g, '').split(/[-.]/)
  if (parts.length === 3) parts.push('~')
  return parts.map((part) => (/^\d+$/.test(part) ? part.padStart(DIGITS, ' ') : part)).join('-')
}
