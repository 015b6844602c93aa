/** Light or dark: the system's wish, until somebody chooses; the choice is remembered. */
const root = document.documentElement

export const isDark = (): boolean =>
  (root.dataset['theme'] ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark'

export function restoreTheme(): void {
  try {
    const kept = localStorage.getItem('theme')
    if (kept === 'dark' || kept === 'light') root.dataset['theme'] = kept
  } catch {
    /* storage is refused: the system's wish holds */
  }
}

export function toggleTheme(): void {
  root.dataset['theme'] = isDark() ? 'light' : 'dark'
  try {
    localStorage.setItem('theme', root.dataset['theme'])
  } catch {
    /* chosen for this page alone */
  }
}
