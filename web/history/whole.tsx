import type { ComponentChildren } from 'preact'
import { amount, NONE, percent, periodText } from '../shell/format.ts'
import { age } from '../shell/state.ts'
import { bounds, unitOf } from '../shell/units.ts'
import type { Definition } from '../shell/answers.ts'
import { changeOf, ENOUGH, isNoticeable, type Figure as Value, type Pair } from './answer.ts'
import type { Whole as Answer } from './asked.ts'
import { behind } from './links.ts'
import type { View } from './question.ts'
import { difference } from './words.ts'

/** The figure of the whole period with its bounds, and the one for comparison, both with their sample size. */
export const Whole = ({ answer, hidden }: { readonly answer: Answer | undefined; readonly hidden: boolean }) => (
  <section id="whole" class="panel" aria-label="The whole period" hidden={hidden}>
    <div class="figures">
      {answer === undefined ? (
        <span class="skeleton block" />
      ) : answer.pair === undefined ? (
        NONE
      ) : (
        <Figures definition={answer.definition} view={answer.view} pair={answer.pair} />
      )}
    </div>
  </section>
)

interface FiguresProps {
  readonly definition: Definition
  readonly view: View
  readonly pair: Pair
}

const Figures = ({ definition, view, pair }: FiguresProps) => (
  <>
    <Figure definition={definition} view={view} figure={pair.now} from={view.from} />
    {view.before !== undefined && (
      <>
        <Figure definition={definition} view={view} figure={pair.before} from={view.before} />
        <Difference definition={definition} pair={pair} />
      </>
    )}
  </>
)

function Difference({ definition, pair }: Omit<FiguresProps, 'view'>) {
  const change = changeOf(pair, definition.better)
  return (
    <div class="figure">
      <h2>Difference</h2>
      <p class="great">{difference(pair, definition.unit)}</p>
      <p class="status" data-state={{ worse: 'bad', better: 'good', none: 'unknown' }[change ?? 'none']}>
        {change ?? whyNoChange(pair, definition)}
      </p>
    </div>
  )
}

/** The reason why no change is stated. */
function whyNoChange({ now, before }: Pair, { better }: Definition): string {
  if (now === undefined || before === undefined || now.value === null || before.value === null)
    return 'nothing to compare'
  if (now.value === before.value) return 'no difference'
  if (better === 'unknown') return 'neither better nor worse by itself'
  if (now.sessions < ENOUGH || before.sessions < ENOUGH) return `fewer than ${ENOUGH} sessions: too few to tell`
  return isNoticeable(now, before) ? 'missing telemetry could explain it' : 'less than 5 %: about the same'
}

interface FigureProps {
  readonly definition: Definition
  readonly view: View
  readonly figure: Value | undefined
  readonly from: number
}

function Figure({ definition, view, figure, from }: FigureProps) {
  const title = <h2>{periodText(from, from + view.to - view.from)}</h2>
  if (figure === undefined || figure.value === null)
    return (
      <div class="figure">
        {title}
        <p class="great">{NONE}</p>
      </div>
    )
  const unit = unitOf(definition.unit)
  const href = behind(view, { at: from })
  const can = bounds(figure, unit)
  return (
    <div class="figure">
      {title}
      <p class="great">
        <a href={href}>{unit.format(figure.value)}</a>
        <span class="muted">{can === '' ? '' : `can be ${can}`}</span>
      </p>
      <dl>
        <Fact name="Sessions">
          <a href={href}>{amount(figure.sessions)}</a>
        </Fact>
        <Fact name="Telemetry that arrived">{figure.completeness === null ? NONE : percent(figure.completeness)}</Fact>
        <Fact name="Time without telemetry">{figure.hidden_ms === 0 ? 'none' : age(figure.hidden_ms)}</Fact>
      </dl>
    </div>
  )
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ComponentChildren }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
)
