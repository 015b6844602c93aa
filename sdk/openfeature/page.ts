/** What a browser has and a server has not. */
interface Page {
  readonly navigator?: { readonly sendBeacon?: (url: string, body: string) => boolean }
  readonly document?: {
    readonly visibilityState: string
    addEventListener(event: string, listener: () => void): void
    removeEventListener(event: string, listener: () => void): void
  }
}
const page = globalThis as unknown as Page

/** Takes what outlives the page; false: it does not, or there is none. */
export const beam = (url: string, body: string): boolean => page.navigator?.sendBeacon?.(url, body) ?? false

/** Calls back whenever the page is hidden, the last moment that is sure to come; returns how to stop. */
export function onHidden(then: () => void): () => void {
  const listener = (): void => {
    if (page.document?.visibilityState === 'hidden') then()
  }
  page.document?.addEventListener('visibilitychange', listener)
  return () => page.document?.removeEventListener('visibilitychange', listener)
}
