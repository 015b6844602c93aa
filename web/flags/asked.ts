import { batch, effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import type { Address } from '../shell/address.ts'
import type { Asking } from '../shell/asking.ts'
import { ask, tell } from '../shell/feed.ts'
import { operator, refusalOf } from '../shell/steps.tsx'
import { speak } from '../shell/voice.ts'
import type { Evaluation, Flag } from './types.ts'

export const REFRESH_MS = 5_000

export type Action = 'kill' | 'unkill' | 'archive' | 'change'

export interface Asked {
  readonly flags: ReadonlySignal<readonly Flag[] | undefined>
  readonly flag: ReadonlySignal<Flag | undefined>
  readonly revisions: ReadonlySignal<readonly Flag[]>
  /** For the attributes in the address; undefined if there are none, or they are not understood. */
  readonly evaluation: ReadonlySignal<Evaluation | undefined>
  /** Why the attributes are not understood; '' if they are. */
  readonly attributesFault: ReadonlySignal<string>
  /** Why the latest action was refused; '' if it was not. */
  readonly refusal: ReadonlySignal<string>
  /** What the text in the editor would make of the flag; undefined if it was not checked. */
  readonly draft: ReadonlySignal<Flag | undefined>
  /** Has the API check a definition; false with a refusal if it cannot be so. */
  check(text: string): Promise<boolean>
  act(action: Action, by: string): Promise<void>
}

export const onePath = (id: string): string => `/v1/flags/${encodeURIComponent(id)}`

/** Loads the list of flags, or one flag with its trail and what the tried unit gets, every five seconds. */
export function askFlags(address: Address, asking: Asking): Asked {
  const flags = signal<readonly Flag[] | undefined>()
  const flag = signal<Flag | undefined>()
  const revisions = signal<readonly Flag[]>([])
  const evaluation = signal<Evaluation | undefined>()
  const [attributesFault, refusal] = [signal(''), signal('')]
  const draft = signal<Flag | undefined>()
  let fields: object = {}

  const loadAll = async (mark: number): Promise<void> => {
    const { data, failure } = await ask<{ flags: Flag[] }>('/v1/flags')
    if (!asking.isLatest(mark)) return
    if (failure !== undefined) return asking.failed(failure)
    flags.value = data.flags
    asking.answered()
  }
  const loadOne = async (id: string, mark: number): Promise<void> => {
    const attributes = address.get('attributes')
    const query = new URLSearchParams({ attributes, clock: address.get('clock') })
    const [one, trail, tried] = await Promise.all([
      ask<Flag>(onePath(id)),
      ask<{ revisions: Flag[] }>(`${onePath(id)}/revisions`),
      attributes === '' ? undefined : ask<Evaluation>(`${onePath(id)}/evaluation?${query}`),
    ])
    if (!asking.isLatest(mark)) return
    if (one.failure !== undefined) return asking.failed(one.failure)
    batch(() => {
      flag.value = one.data
      revisions.value = trail.data?.revisions ?? revisions.value
      evaluation.value = tried?.data
      attributesFault.value = tried?.failure === undefined ? '' : refusalOf(tried.failure)
      asking.answered()
    })
  }
  const load = async (): Promise<void> => {
    const [mark, id] = [asking.begin(), address.get('id')]
    await (id === '' ? loadAll(mark) : loadOne(id, mark))
  }

  effect(() => {
    address.with({})
    untracked(() => void load())
  })
  setInterval(() => void load(), REFRESH_MS)
  return {
    ...{ flags, flag, revisions, evaluation, attributesFault, refusal, draft },
    async check(text) {
      const shown = flag.value!
      try {
        fields = JSON.parse(text) as object
      } catch (error) {
        refusal.value = `This is no JSON: ${(error as Error).message}.`
        return false
      }
      const { data, failure } = await tell<Flag>('/v1/flags/validate', {
        ...fields,
        ...{ by: operator(), id: shown.id, type: shown.type },
      })
      refusal.value = failure === undefined ? '' : refusalOf(failure)
      draft.value = data
      return data !== undefined
    },
    async act(action, by) {
      const shown = flag.value!
      const { data, failure } = await tell<Flag>(`${onePath(shown.id)}/${action}`, {
        ...(action === 'change' && fields),
        ...{ by, revision: shown.revision },
      })
      refusal.value = failure === undefined ? '' : refusalOf(failure)
      if (data === undefined) return
      batch(() => {
        flag.value = data
        draft.value = undefined
      })
      speak(`${data.id}: ${action} done, revision ${data.revision}`)
      await load()
    },
  }
}
