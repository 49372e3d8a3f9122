import { isIPv6 } from 'node:net';

/**
 * The first blocks of so many host bits in a block of IPv4 or IPv6 addresses, as `Fn::Cidr` gives them.
 *
 * @param given without it, the largest blocks of which there are so many: a guess, for AWS does not say which
 */
export function cidrBlocks(block: string, count: number, given?: number): string[] {
  const [address = '', prefix = ''] = block.split('/');
  const version = isIPv6(address) ? v6 : v4;
  const hostBits = given ?? version.width - Number(prefix) - Math.ceil(Math.log2(count));
  const newPrefix = version.width - hostBits;
  if (!(Number(prefix) <= newPrefix && count <= 2 ** (newPrefix - Number(prefix)))) {
    throw new Error(`Template error: Fn::Cidr: ${block} has no ${count} blocks of ${hostBits} host bits`);
  }
  const first = version.parse(address);
  return Array.from({ length: count }, (_, index) => {
    const start = first + (BigInt(index) << BigInt(hostBits));
    return `${version.format(start)}/${newPrefix}`;
  });
}

const v4 = {
  width: 32,
  parse: (address: string): bigint => joined(address.split('.').map(Number), 8),
  format: (value: bigint): string => parts(value, 4, 8).join('.'),
};

const v6 = {
  width: 128,
  parse(address: string): bigint {
    const [head = [], tail = []] = address.split('::').map((half) => half.split(':').filter(Boolean));
    const zeros = Array<string>(8 - head.length - tail.length).fill('0');
    return joined(
      [...head, ...zeros, ...tail].map((group) => parseInt(group, 16)),
      16,
    );
  },
  /** The URL standard writes an address in its shortest form. */
  format(value: bigint): string {
    const groups = parts(value, 8, 16).map((group) => group.toString(16));
    return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
  },
};

function joined(digits: readonly number[], bits: number): bigint {
  return digits.reduce((value, digit) => (value << BigInt(bits)) + BigInt(digit), 0n);
}

function parts(value: bigint, length: number, bits: number): bigint[] {
  return Array.from({ length }, (_, index) => BigInt.asUintN(bits, value >> BigInt(bits * (length - 1 - index))));
}
