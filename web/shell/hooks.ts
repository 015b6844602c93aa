import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { RefObject } from 'preact'
import { ask, type Answer } from './feed.ts'
import type { Me } from './answers.ts'
import type { Failure } from './state.ts'

/** Width of an element in CSS pixels, updated on resize; never below `least`. */
export function useWidth(element: RefObject<Element | null>, least = 240): number {
  const [width, setWidth] = useState(least)
  useLayoutEffect(() => {
    const measure = (): void => setWidth(Math.max(least, element.current?.clientWidth ?? 0))
    const observer = new ResizeObserver(measure)
    if (element.current !== null) observer.observe(element.current)
    measure()
    return () => observer.disconnect()
  }, [])
  return width
}

export interface UseAnswers {
  /** Polling interval, ms; if absent, data is loaded only when the questions change. */
  readonly everyMs?: number | undefined
  readonly patience?: number
  /** When it changes, the same questions are asked again. */
  readonly again?: unknown
}

export interface Answers<T> {
  /** The questions that these answers belong to. */
  readonly paths: readonly string[]
  readonly data: readonly (T | undefined)[]
  /** The failure of the first question that was refused. */
  readonly failure: Failure | undefined
}

/** The latest answers to questions that are asked together; they stay until the next ones arrive. */
export function useAnswers<T>(
  paths: readonly string[],
  { everyMs, patience, again }: UseAnswers = {},
): Answers<T> | undefined {
  const [answers, setAnswers] = useState<Answers<T>>()
  const latest = useRef(0)
  useEffect(() => {
    const load = async (): Promise<void> => {
      const mark = ++latest.current
      const options = patience === undefined ? {} : { patience }
      const found = await Promise.all(paths.map((path): Promise<Answer<T>> => ask<T>(path, options)))
      if (mark !== latest.current) return
      setAnswers({
        paths,
        data: found.map(({ data }) => data),
        failure: found.find(({ failure }) => failure !== undefined)?.failure,
      })
    }
    void load()
    const timer = everyMs === undefined ? undefined : setInterval(() => void load(), everyMs)
    return () => {
      latest.current++
      clearInterval(timer)
    }
  }, [paths.join('\n'), everyMs, again])
  return answers
}

/** The latest successful answer to one question. */
export function useAnswer<T>(path: string, options: UseAnswers = {}): T | undefined {
  const last = useRef<T | undefined>(undefined)
  const answers = useAnswers<T>([path], options)
  last.current = answers?.data[0] ?? last.current
  return last.current
}

/** Who asks, and what that client may do. */
export const useMe = (): Me | undefined => useAnswer<Me>('/v1/sign-in')
