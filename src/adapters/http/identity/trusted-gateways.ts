import type { IncomingMessage } from 'node:http';
import { isIP, type BlockList } from 'node:net';

const mappedIpv4 = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

/** IPv4 as such, also where a socket for both shows it inside an IPv6 address. */
const plainAddress = (address: string): string => address.replace(mappedIpv4, '');

const forwardedFor = ({ headers }: IncomingMessage): readonly string[] =>
  String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((part) => plainAddress(part.trim()))
    .filter((part) => isIP(part) !== 0);

/** Machines whose word about callers is believed: `TRUSTED_GATEWAYS` (api.md 2). */
export class TrustedGateways {
  constructor(private readonly ranges: BlockList) {}

  isPeerOf(request: IncomingMessage): boolean {
    return this.includes(peerOf(request));
  }

  /** Where a request came from: the last address on its way that is not a trusted gateway. */
  clientOf(request: IncomingMessage): string {
    const peer = peerOf(request);
    if (request.headers['x-forwarded-for'] === undefined || !this.includes(peer)) return peer;
    return forwardedFor(request).findLast((address) => !this.includes(address)) ?? peer;
  }

  private includes(address: string): boolean {
    const version = isIP(address);
    return version !== 0 && this.ranges.check(address, version === 4 ? 'ipv4' : 'ipv6');
  }
}

const peerOf = ({ socket }: IncomingMessage): string => plainAddress(socket.remoteAddress ?? '');
