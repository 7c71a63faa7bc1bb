import type { Measurement } from '#ports/meter.ts';

/** One measurement of each type. */
export const MEASUREMENTS: Record<Measurement['type'], Measurement> = {
  member_rung: { type: 'member_rung', cid: 'c' },
  push_attempted: {
    type: 'push_attempted',
    cid: 'c',
    provider: 'apn',
    push: 'ring',
    attempt: 1,
    outcome: { kind: 'accepted', messageId: 'm' },
  },
  provider_failing: { type: 'provider_failing', provider: 'apn', name: 'default', reason: 'TopicDisallowed' },
  ring_taken: { type: 'ring_taken', cid: 'c', provider: 'apn', ms: 1 },
  callee_unreachable: { type: 'callee_unreachable', cid: 'c', reason: 'no_devices' },
  stop_failed: { type: 'stop_failed', cid: 'c' },
  connection_refused: { type: 'connection_refused', dialect: 'native', reason: 'expired' },
  ring_hook_asked: { type: 'ring_hook_asked', cid: 'c', ms: 1 },
  ring_hook_failed: { type: 'ring_hook_failed', cid: 'c', fault: 'timed_out' },
  connection_opened: { type: 'connection_opened', dialect: 'native' },
  frame_received: { type: 'frame_received', dialect: 'calls' },
  frame_refused: { type: 'frame_refused', dialect: 'video', code: 'not_ringing' },
  contended: { type: 'contended' },
  row_unreadable: { type: 'row_unreadable', row: 'DEVICE' },
  internal_error: { type: 'internal_error' },
};
