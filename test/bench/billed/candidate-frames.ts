import { CANDIDATES } from './session-descriptions.ts';

/** How one side sends its candidates: what each of its frames says. */
export type CandidateFrames = readonly object[];

/** As a WebRTC client does that hands on what it finds. */
export const ONE_A_FRAME: CandidateFrames = CANDIDATES;

/** Those of the phone itself are found at once; what STUN and TURN servers say comes later. */
const AT_ONCE = 6;

/** As the client of docs/clients/web.md does, which collects for a tenth of a second what it finds. */
export const BATCHED: CandidateFrames = [
  { candidates: CANDIDATES.slice(0, AT_ONCE) },
  { candidates: CANDIDATES.slice(AT_ONCE) },
];
