import type { PeerConnectionLike } from './webrtc.ts';

/** How the connection to one member does. */
export interface MediaStats {
  readonly userId: string;
  /** How long it took from `joinMedia`, or from the member's answer if that came later, until media could flow. */
  readonly connectedAfterMs?: number;
  /** The kind of the candidates in use (`host`, `srflx`, `prflx`, `relay`), and their protocol. */
  readonly pair?: { readonly local: string; readonly remote: string; readonly protocol: string };
  readonly roundTripMs?: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly bytesReceived: number;
}

type Report = Readonly<Record<string, unknown>>;

/** Reads the statistics of a peer connection. */
export async function readStats(peer: PeerConnectionLike): Promise<Omit<MediaStats, 'userId' | 'connectedAfterMs'>> {
  const reports = new Map<unknown, Report>();
  (await peer.getStats()).forEach((report) => void reports.set(report['id'], report));
  const all = [...reports.values()];
  const chosen = all.find(({ type }) => type === 'transport')?.['selectedCandidatePairId'];
  const pair =
    reports.get(chosen) ??
    all.find(({ type, nominated, state }) => type === 'candidate-pair' && nominated === true && state === 'succeeded');
  const local = reports.get(pair?.['localCandidateId']);
  const remote = reports.get(pair?.['remoteCandidateId']);
  const inbound = all.filter(({ type }) => type === 'inbound-rtp');
  const sum = (name: string): number => inbound.reduce((total, report) => total + Number(report[name] ?? 0), 0);
  const seconds = pair?.['currentRoundTripTime'];
  return {
    ...(local &&
      remote && {
        pair: {
          local: text(local, 'candidateType'),
          remote: text(remote, 'candidateType'),
          protocol: text(local, 'protocol'),
        },
      }),
    ...(typeof seconds === 'number' && { roundTripMs: seconds * 1000 }),
    packetsReceived: sum('packetsReceived'),
    packetsLost: sum('packetsLost'),
    bytesReceived: sum('bytesReceived'),
  };
}

const text = (report: Report, name: string): string => String(report[name]);
