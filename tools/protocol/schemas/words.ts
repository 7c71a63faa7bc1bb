/** Meanings that several objects share, as they share the fields. */

export const CID = '`<call type>:<call id>`.';
export const CUSTOM = 'The app’s own data: at most 2 KiB of JSON.';
export const CALL_TYPE = 'The kind of call: `default`, or any name that the app chooses.';
export const ROLE = '`admin` is the user who created the call.';

export const FRAME_TYPE = { type: 'The type of the frame.' };
export const WHOLE_CALL = { call: 'The call.', members: 'All members, the caller first.' };
export const OMITTED = { members_omitted: 'How many members did not fit into the frame. A GET shows all of them.' };
export const REFUSED_CALL = {
  call: 'The call as it is now; only with `call_ended` and `glare`.',
  members: 'The members of `call`.',
};
export const IMAGE = { image: 'The address of the user’s picture, if their token has one.' };
export const CALL_NAMES = { call_cid: CID, call_id: 'The id of the call.', call_type: 'The type of the call.' };
export const CALL_UUID = { call_uuid: 'The id of the call for CallKit: the UUIDv5 of the cid in the URL namespace.' };
export const VIDEO = { video: 'Whether it is a video call.' };
export const HARDWARE_ID = {
  hardware_id: 'A stable id of the handset: it ties the handset’s push tokens and WebSocket together.',
};
export const RING_ID = {
  ring_id: 'The id of this ring. A request that repeats the id of an earlier ring rings nobody again.',
};
export const MEANT_RING = {
  ring_id:
    'The ring that is meant: if it is not the member’s current one, the answer is `not_ringing` and nothing changes.',
};
export const NEW_CALL = {
  members: 'The users to call: 2 to 100 with the caller, who may be left out. Required to create a call.',
  ...VIDEO,
  settings_override: 'How this call rings, if that differs from the settings of the deployment.',
  offer: 'The caller’s session description. It is kept for a phone that has to wake first.',
};
export const OFFER_OR_ANSWER = { type: 'As the browser sets it.', sdp: 'The session description: at most 24 KiB.' };
export const CANDIDATE = {
  candidate: 'An ICE candidate. If it is empty or null, there are no more.',
  sdpMid: 'As the browser sets it.',
  sdpMLineIndex: 'As the browser sets it.',
  usernameFragment: 'As the browser sets it.',
};
export const ICE = {
  ...CANDIDATE,
  candidates:
    'Several candidates at once. If an entry is empty or null, there are no more. An empty list does nothing.',
};
export const SEQ = {
  seq: 'The sender’s own numbering of its signals in this call, from 1. Signals that wait for a phone are sorted by it.',
};
export const TARGET = {
  target_user_id: 'The user whom the signal is for. If absent, every other member who takes part gets it.',
  ...SEQ,
};
export const ANSWER = {
  answer: 'The callee’s session description. It is relayed to the caller when the accept succeeds.',
};
export const REJECT_REASON = {
  reason:
    'Why: `decline`, `busy`, `cancel` or the app’s own text, which counts as a decline. If the caller rejects, the call is cancelled.',
};
export const CALL_TOKEN = {
  call_token: 'A token for the rest of this call, valid for 4 hours: for a phone that has only its wake token.',
};
export const FIELD_ERRORS = { errors: 'Each fault of the request.' };
export const REQUEST_ID = { request_id: 'Finds the log line of an `internal` error.' };

/** One of `candidate` and `candidates` is required; zod checks it, but cannot write it as JSON Schema. */
export const SOME_CANDIDATE = { anyOf: [{ required: ['candidate'] }, { required: ['candidates'] }] };
