import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../local/clock';

const TIMES = 10;

/** Time that passes ten times as fast as the machine's: virtual time stands still while another process only asks. */
export function quickClock(): Clock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * TIMES,
    sleep: (milliseconds, signal) => delay(milliseconds / TIMES, undefined, { signal }),
  };
}
