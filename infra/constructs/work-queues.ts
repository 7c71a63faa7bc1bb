import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { WorkQueue } from './work-queue.ts';

export type QueueName = 'rings' | 'deadlines' | 'hellos' | 'socketIo' | 'rooms';

/** The queues between the functions. */
export type WorkQueues = Readonly<Record<QueueName, WorkQueue>>;

/**
 * Adds the queues. AWS advises a visibility timeout of six times the function's own. That is too long here: after a crash
 * a ring has only seconds left, so a message comes back one second after its function has timed out.
 */
export const addWorkQueues = (scope: Construct, alarms: Alarms): WorkQueues => ({
  rings: new WorkQueue(scope, 'Ring', {
    alarms,
    visibility: Duration.seconds(7),
    maxConcurrency: 100,
    deadLetterAlarm: {
      severity: 'page',
      impact: 'Some phone was not rung, or not silenced.',
      runbook: 'ring-dead-letters',
    },
  }),
  deadlines: new WorkQueue(scope, 'Deadline', {
    alarms,
    visibility: Duration.seconds(11),
    deadLetterAlarm: { severity: 'ticket', impact: 'A ring was not ended on time.', runbook: 'deadline-dead-letters' },
  }),
  hellos: new WorkQueue(scope, 'Hello', {
    alarms,
    visibility: Duration.seconds(11),
    deadLetterAlarm: {
      severity: 'page',
      impact: 'Some phone connected and was told nothing.',
      runbook: 'hello-dead-letters',
    },
  }),
  socketIo: new WorkQueue(scope, 'SocketIoJobs', {
    alarms,
    visibility: Duration.seconds(11),
    deadLetterAlarm: {
      severity: 'ticket',
      impact: 'Some client of Socket.IO was not greeted, or not kept connected.',
      runbook: 'socketio-dead-letters',
    },
  }),
  rooms: new WorkQueue(scope, 'RoomWork', {
    alarms,
    visibility: Duration.seconds(11),
    deadLetterAlarm: {
      severity: 'page',
      impact: 'Somebody came into a room and was told nothing, or a quiet room was cut off.',
      runbook: 'room-dead-letters',
    },
  }),
});
