export interface Task {
  readonly dueAt: number;
  readonly run: () => void | Promise<void>;
}

interface Entry extends Task {
  readonly sequence: number;
}

const before = (left: Entry, right: Entry): boolean =>
  left.dueAt === right.dueAt ? left.sequence < right.sequence : left.dueAt < right.dueAt;

/** What is still to be done, earliest first; of two due at the same moment the one entered first. A binary heap. */
export class Agenda {
  private heap: Entry[] = [];
  private sequence = 0;

  next(): Task | undefined {
    return this.heap[0];
  }

  add(task: Task): void {
    const entry = { ...task, sequence: this.sequence++ };
    let index = this.heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, this.entry(parent))) break;
      this.heap[index] = this.entry(parent);
      index = parent;
    }
    this.heap[index] = entry;
  }

  /** Takes out the earliest task when it is due at `now`. */
  takeDue(now: number): Task | undefined {
    const first = this.heap[0];
    if (!first || first.dueAt > now) return undefined;
    const last = this.heap.pop();
    if (last && this.heap.length > 0) this.sink(last);
    return first;
  }

  clear(): void {
    this.heap = [];
  }

  private sink(entry: Entry): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= this.heap.length) break;
      const right = left + 1;
      const child = right < this.heap.length && before(this.entry(right), this.entry(left)) ? right : left;
      if (!before(this.entry(child), entry)) break;
      this.heap[index] = this.entry(child);
      index = child;
    }
    this.heap[index] = entry;
  }

  private entry(index: number): Entry {
    const entry = this.heap[index];
    if (!entry) throw new RangeError(`the agenda has no entry ${index}`);
    return entry;
  }
}
