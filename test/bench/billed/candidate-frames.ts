import { CANDIDATES } from './session-descriptions.ts';

/** The frames by which one side sends its candidates. */
export type CandidateFrames = readonly object[];

/** As a WebRTC client sends them that passes on each candidate at once. */
export const ONE_A_FRAME: CandidateFrames = CANDIDATES;

/** The phone's own addresses are found at once, those from STUN and TURN servers later. */
const AT_ONCE = 6;

/** As the client in docs/clients/web.md sends them, which collects candidates for a tenth of a second. */
export const BATCHED: CandidateFrames = [
  { candidates: CANDIDATES.slice(0, AT_ONCE) },
  { candidates: CANDIDATES.slice(AT_ONCE) },
];
