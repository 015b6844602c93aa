import { signal } from '@preact/signals'
import { keep, kept } from './storage.ts'

/** Light or dark: the system's setting until the user chooses; the choice is stored. */
const root = document.documentElement
const KEY = 'theme'

const remembered = kept(KEY)
if (remembered === 'dark' || remembered === 'light') root.dataset['theme'] = remembered

export const isDark = signal(
  (root.dataset['theme'] ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark',
)

export function toggleTheme(): void {
  isDark.value = !isDark.value
  root.dataset['theme'] = isDark.value ? 'dark' : 'light'
  keep(KEY, root.dataset['theme'])
}
