interface Entry {
  readonly at: number;
  /** Of two at the same time the first that was added comes first. */
  readonly order: number;
  readonly act: (at: number) => void;
}

/**
 * What time will do, in the order in which it will.
 *
 * There are no timers: whoever looks lets everything happen that was due since somebody last looked, each at the time at
 * which it would have happened.
 */
export class Agenda {
  /** A binary heap: no entry is later than the two at twice its place. */
  private readonly entries: Entry[] = [];
  private added = 0;
  private running = false;

  add(at: number, act: (at: number) => void): void {
    let place = this.entries.push({ at, order: this.added++, act }) - 1;
    for (let parent = (place - 1) >> 1; place > 0 && this.before(place, parent); parent = (place - 1) >> 1) {
      this.swap(place, parent);
      place = parent;
    }
  }

  /** Lets happen what is due. What happens may add more, and may look itself. */
  catchUp(now: number): void {
    if (this.running) {
      return;
    }
    this.running = true;
    try {
      for (let first = this.entries[0]; first && first.at <= now; first = this.entries[0]) {
        this.removeFirst();
        first.act(first.at);
      }
    } finally {
      this.running = false;
    }
  }

  private removeFirst(): void {
    const { entries } = this;
    const last = entries.pop();
    if (!last || entries.length === 0) {
      return;
    }
    entries[0] = last;
    for (let place = 0; ;) {
      const left = 2 * place + 1;
      const right = left + 1;
      const earlier = right < entries.length && this.before(right, left) ? right : left;
      if (left >= entries.length || !this.before(earlier, place)) {
        return;
      }
      this.swap(place, earlier);
      place = earlier;
    }
  }

  private before(one: number, other: number): boolean {
    const first = this.entries[one]!;
    const second = this.entries[other]!;
    return first.at < second.at || (first.at === second.at && first.order < second.order);
  }

  private swap(one: number, other: number): void {
    const { entries } = this;
    [entries[one], entries[other]] = [entries[other]!, entries[one]!];
  }
}
