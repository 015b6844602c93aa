/**
 * Pending tasks: a binary heap by time. Tasks with equal times run in the order they were planned, so that a run
 * repeats exactly.
 */
export interface Task {
  run(at: number): void
}

export class TaskQueue {
  private readonly times: number[] = []
  private readonly orders: number[] = []
  private readonly tasks: Task[] = []
  private planned = 0

  get size(): number {
    return this.tasks.length
  }

  /** Time of the next task; Infinity if there is none. */
  get nextAt(): number {
    return this.times[0] ?? Infinity
  }

  push(at: number, task: Task): void {
    let i = this.tasks.length
    const order = this.planned++
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (this.times[parent]! <= at) break
      this.place(i, this.times[parent]!, this.orders[parent]!, this.tasks[parent]!)
      i = parent
    }
    this.place(i, at, order, task)
  }

  pop(): Task | undefined {
    const first = this.tasks[0]
    const [at, order, task] = [this.times.pop(), this.orders.pop(), this.tasks.pop()]
    if (this.tasks.length > 0) this.sink(at!, order!, task!)
    return first
  }

  private sink(at: number, order: number, task: Task): void {
    const { length } = this.tasks
    let i = 0
    for (let child = 1; child < length; child = 2 * i + 1) {
      if (child + 1 < length && this.before(child + 1, this.times[child]!, this.orders[child]!)) child++
      if (!this.before(child, at, order)) break
      this.place(i, this.times[child]!, this.orders[child]!, this.tasks[child]!)
      i = child
    }
    this.place(i, at, order, task)
  }

  private before(i: number, at: number, order: number): boolean {
    return this.times[i]! < at || (this.times[i] === at && this.orders[i]! < order)
  }

  private place(i: number, at: number, order: number, task: Task): void {
    this.times[i] = at
    this.orders[i] = order
    this.tasks[i] = task
  }
}
