import type {
  AcceptResponse,
  CallAcceptCommand,
  CallAcceptedEvent,
  CallActiveEvent,
  CallCancelCommand,
  CallCancelledEvent,
  CallEndCommand,
  CallEndedEvent,
  CallLeaveCommand,
  CallMemberAddedEvent,
  CallMemberLeftEvent,
  CallMissedEvent,
  CallRejectCommand,
  CallRejectedEvent,
  CallResponse,
  CallResumeCommand,
  CallRingCommand,
  CallRingEvent,
  CallRingingCommand,
  CallRingingEvent,
  CallUnreachableEvent,
  ErrorFrame,
  IceCandidateCommand,
  IceCandidateEvent,
  PingCommand,
  Pong,
  Response,
  SdpAnswerCommand,
  SdpAnswerEvent,
  SdpOfferCommand,
  SdpOfferEvent,
  UserConnectedEvent,
} from './wire.ts';

/** An event that carries the call as its change left it. */
export type StateEvent =
  | CallRingEvent
  | CallActiveEvent
  | CallAcceptedEvent
  | CallRejectedEvent
  | CallCancelledEvent
  | CallMissedEvent
  | CallMemberAddedEvent
  | CallMemberLeftEvent
  | CallEndedEvent;

/** A session description or candidates of another member. */
export type SignalEvent = SdpOfferEvent | SdpAnswerEvent | IceCandidateEvent;

/** What the server sends when this user has opened too many connections: it closes the oldest. */
interface ReplacedEvent {
  readonly type: 'connection.replaced';
}

/** Everything that the server sends unasked. */
export type ServerEvent =
  | UserConnectedEvent
  | StateEvent
  | CallRingingEvent
  | CallUnreachableEvent
  | SignalEvent
  | ReplacedEvent;

/** An answer to a command. */
export type AnswerFrame = CallResponse | AcceptResponse | Response | ErrorFrame;

/** Everything that the server sends. */
export type ServerFrame = ServerEvent | AnswerFrame | Pong;

/** A command that is repeated until it is answered. */
export type Command = CallCommand | SdpOfferCommand | SdpAnswerCommand;

/** A command on a call, which is answered with the call. */
type CallCommand =
  | CallRingCommand
  | CallAcceptCommand
  | CallRejectCommand
  | CallCancelCommand
  | CallLeaveCommand
  | CallEndCommand
  | CallResumeCommand;

/** What is sent without waiting for an answer. */
export type Notice = IceCandidateCommand | CallRingingCommand | PingCommand;

/** What a command is answered with. */
export type Answered = CallResponse | AcceptResponse | Response;

/** Reads a frame. Whatever is not one of ours (API Gateway sends errors of its own) is `undefined`. */
export function readFrame(data: unknown): ServerFrame | undefined {
  try {
    const frame: unknown = JSON.parse(String(data));
    return isFrame(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}

/** Trusts the server that a frame with a type is as its documents say. */
const isFrame = (frame: unknown): frame is ServerFrame =>
  typeof frame === 'object' && frame !== null && 'type' in frame && typeof frame.type === 'string';

/** Whether an event tells the state of a call. */
export const isState = (event: ServerEvent): event is StateEvent => 'version' in event && 'members' in event;

/** Whether an event is a signal of another member. */
export const isSignal = (event: ServerEvent): event is SignalEvent => 'from_user_id' in event;
