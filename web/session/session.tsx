import { useMemo, useRef } from 'preact/hooks'
import { openAddress } from '../shell/address.ts'
import { createAsking } from '../shell/asking.ts'
import { clockOptions } from '../shell/choice.tsx'
import { Footer } from '../shell/parts.tsx'
import { open, Shell } from '../shell/shell.tsx'
import { askSession, sessionPath } from './asked.ts'
import { Events } from './events.tsx'
import { Metrics } from './metrics.tsx'
import { Picture } from './picture.tsx'
import { Starts } from './starts.tsx'
import { timelineOf } from './timeline.ts'
import type { SessionAnswer } from './types.ts'

/** The page of one session: all its stored data, and its metrics. */
const address = openAddress({ clock: 'world', id: '' })
const asking = createAsking()
const asked = askSession(address, asking)

function Session() {
  const wanted = useRef<HTMLInputElement>(null)
  const answer = asked.answer.value
  const search = (
    <>
      <label>
        <span>Session id</span>
        <input ref={wanted} id="id" autocomplete="off" spellcheck={false} defaultValue={address.get('id')} />
      </label>
      <button type="submit">Open</button>
    </>
  )
  return (
    <Shell
      section="Session"
      address={address}
      standing={asking.shown}
      headline={asked.said.value?.headline}
      note={asked.said.value?.note ?? ''}
      search={{
        label: 'Session id',
        element: search,
        focus: wanted,
        submit: () => address.set('id', wanted.current?.value.trim() ?? ''),
      }}
      filters={[{ name: 'clock', label: 'Clock', options: clockOptions() }]}
      footer={<Footer watermark={answer?.watermark} json={sessionPath(address)} what="This session" />}
    >
      {answer !== undefined && <Body key={answer.session_id} answer={answer} />}
    </Shell>
  )
}

function Body({ answer: { tracks, sessions } }: { readonly answer: SessionAnswer }) {
  const timeline = useMemo(() => timelineOf(tracks), [tracks])
  return (
    <div>
      <Picture timeline={timeline} />
      <Events timeline={timeline} />
      <Metrics measured={asked.measured.value} />
      <Starts sessions={sessions} />
    </div>
  )
}

open(Session)
