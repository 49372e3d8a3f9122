import { ServiceError } from '../api';
import type { Clock } from '../clock';

interface Bucket {
  tokens: number;
  filledAt: number;
}

/**
 * How many calls of each operation the service takes in a second: a bucket each, which holds the calls of one second.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/iot_device_management.html
 */
export class CallRate {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly clock: Clock,
    private readonly callsPerSecond: number,
  ) {}

  /** Throws the service's own ThrottlingException when the operation has been called too often. */
  admit(operation: string): void {
    if (this.callsPerSecond === Infinity) {
      return;
    }
    const now = this.clock.now();
    const bucket = this.buckets.get(operation) ?? { tokens: this.callsPerSecond, filledAt: now };
    const refill = ((now - bucket.filledAt) / 1000) * this.callsPerSecond;
    bucket.tokens = Math.min(this.callsPerSecond, bucket.tokens + refill);
    bucket.filledAt = now;
    this.buckets.set(operation, bucket);
    if (bucket.tokens < 1) {
      throw new ServiceError('ThrottlingException', 400, 'Rate exceeded');
    }
    bucket.tokens -= 1;
  }
}
