/** One rule of the product, broken in one place. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const CALLS = 'shared/usecases/calls';
const DOMAIN = 'shared/domain/call';
const CONNECTIONS = 'shared/usecases/connections';
const SIGNALS = 'shared/usecases/signalling';

const ONE_CALL = 'shared/usecases/one-call';

const mutant = (name: string, file: string, from: string, to: string): Mutant => ({ name, file, from, to });

/** The mutants that the tests of the rules must catch. `node test/model/check-mutants.ts` tries them all. */
export const MUTANTS: readonly Mutant[] = [
  mutant(
    'signals go to whoever sends them',
    `${SIGNALS}/deliver-signal.ts`,
    '({ userId }) => userId !== from);\n  if (target',
    '() => true);\n  if (target',
  ),
  mutant(
    'signals go to every handset',
    `${SIGNALS}/deliver-signal.ts`,
    'if (!isRung) return connectionsOf(member, hearing);',
    'if (!isRung) return hearing;',
  ),
  mutant(
    'signals go to the latest connection alone',
    `${SIGNALS}/deliver-signal.ts`,
    'return connectionsOf(member, hearing);',
    'return connectionsOf(member, hearing).slice(-1);',
  ),
  mutant(
    'signals are kept for those who ring alone',
    `${SIGNALS}/deliver-signal.ts`,
    'deps.mailbox.keep(',
    'isRung && deps.mailbox.keep(',
  ),
  mutant(
    'a phone that wakes after its user has answered and left rings on',
    `${DOMAIN}/end-of-ring.ts`,
    "member.ringId === undefined ? undefined : 'call.accepted'",
    'undefined',
  ),
  mutant(
    'a signal does not wait for its call',
    `${CALLS}/relay-signal.ts`,
    'loadCall(deps, awaitCall(deps))',
    'loadCall(deps)',
  ),
  mutant(
    'a hang-up does not wait for its call',
    `${CALLS}/act-on-call.ts`,
    'loadCall(deps, awaitCall(deps))',
    'loadCall(deps)',
  ),
  mutant(
    'one mailbox for all rings',
    'shared/adapters/dynamodb/keys.ts',
    'const signalsOf = ({ userId, ringId',
    'const signalsOf = ({ userId, none: ringId',
  ),
  mutant(
    'the offer misses connections that open meanwhile',
    'shared/usecases/ringing/ring-member.ts',
    'offer ? await presence.connections(userId) : reach.connections',
    'reach.connections',
  ),
  mutant(
    'no glare within one call',
    `${DOMAIN}/decide.ts`,
    "if (isPair(call) && ringer && isRinging(ringer, now) && !isBlocked(ringer))\n    return refused('glare', 'this user is ringing you');",
    '',
  ),
  mutant(
    'no glare between two calls',
    `${CALLS}/claim-members.ts`,
    "isSamePair(other, claim) && other.status === 'ringing'",
    "false && other.status === 'ringing'",
  ),
  mutant(
    'whoever rings again is busy',
    `${CALLS}/claim-members.ts`,
    'if (ringIn(call, claim) || !isSamePair(call, claim)) return true;',
    'if (claim) return true;',
  ),
  mutant(
    'ringing again leaves the other call alone',
    `${CALLS}/claim-members.ts`,
    "if (call.status !== 'ended') await replace(call, caller);",
    "if (call.status !== 'ended') await deps.clock();",
  ),
  mutant('a replaced call is missed', `${DOMAIN}/change.ts`, 'notify: !replaced', 'notify: true'),
  mutant(
    'a replaced call is missed, said again',
    `${DOMAIN}/end-of-ring.ts`,
    "notify: state === 'missed' && !call.replaced",
    "notify: state === 'missed'",
  ),
  mutant(
    'what a crash left unsaid of a replaced call stays unsaid',
    `${CALLS}/claim-members.ts`,
    'else if (call.endedBy !== undefined) await again(call, movedBy(call, call.endedBy)).catch(() => undefined);',
    'else void again;',
  ),
  mutant(
    'a replaced call gives its locks back at once',
    `${CALLS}/replace-call.ts`,
    'unlockedBusy: []',
    'unlockedBusy: change.effects.unlockedBusy',
  ),
  mutant(
    'a late accept answers a later ring',
    `${DOMAIN}/decide.ts`,
    'if (ringId !== undefined && ringId !== member.ringId) return otherRing();',
    '',
  ),
  mutant('a late decline declines a later ring', `${DOMAIN}/decide.ts`, 'if (!isLatest) return otherRing();', ''),
  mutant(
    'a decline, repeated, cancels a later ring',
    `${DOMAIN}/decide.ts`,
    "state === 'ringing' || state === 'rejected' || (ringId !== undefined && latest !== undefined)",
    "state === 'ringing'",
  ),
  mutant(
    'the creator is the only caller',
    `${DOMAIN}/call.ts`,
    'ringerOf(call, member).id === userId',
    'call.createdBy.id === userId',
  ),
  mutant(
    'whoever was invited rings and stays outside',
    `${DOMAIN}/decide.ts`,
    "isIn(member) ? status === 'created' && on !== undefined : member.state !== 'ringing'",
    "isIn(member) && status === 'created' && on !== undefined",
  ),
  mutant(
    'whoever has left rings and stays outside',
    `${DOMAIN}/decide.ts`,
    "isIn(member) ? status === 'created' && on !== undefined : member.state !== 'ringing'",
    "isIn(member) ? status === 'created' && on !== undefined : member.state === 'invited'",
  ),
  mutant(
    'the handset of a silent creator is the one that created',
    `${DOMAIN}/decide.ts`,
    "isIn(member) ? status === 'created' && on !== undefined : member.state !== 'ringing'",
    "!isIn(member) && member.state !== 'ringing'",
  ),
  mutant(
    'an app that was started anew gets signals at once',
    `${DOMAIN}/call.ts`,
    'sessionId === undefined || on.sessionId === undefined || on.sessionId === sessionId',
    'true || on.sessionId',
  ),
  mutant(
    'a handset is any connection of its user',
    `${DOMAIN}/call.ts`,
    'connections.filter((on) => on.hardwareId === hardwareId && isSameSession(on))',
    'connections.filter(isSameSession)',
  ),
  mutant(
    'a handset without an id never comes back',
    `${DOMAIN}/call.ts`,
    'return connections.filter((on) => on.hardwareId === undefined && on.connectedAt >= since && isSameSession(on));',
    'return [];',
  ),
  mutant(
    'who has no id may not repeat their answer',
    `${CALLS}/accept-call.ts`,
    "type: 'accept', by: userId, on, ringId, isSuccessor",
    "type: 'accept', by: userId, on, ringId, isSuccessor: false && isSuccessor",
  ),
  mutant(
    'who answers a call that is over leaves the other phones alone',
    `${CALLS}/accept-call.ts`,
    'await stopAgain(error, userId);',
    'void stopAgain;',
  ),
  mutant(
    'who answers once more leaves the other phones alone',
    `${DOMAIN}/decide.ts`,
    'if (now < (member.ringExpiresAt ?? now)) silence(',
    'if (rings) silence(',
  ),
  mutant(
    'nobody is told of their live call',
    `${CONNECTIONS}/hello-events.ts`,
    'return isHandset ? [active, ...(await keptSignals({ mailbox })(call, userId))] : [...ended(), active];',
    'return isHandset && active ? keptSignals({ mailbox })(call, userId) : ended();',
  ),
  mutant(
    'who reconnects gets no kept signals',
    `${CONNECTIONS}/hello-events.ts`,
    'isHandset ? [active, ...(await keptSignals({ mailbox })(call, userId))]',
    'isHandset ? [active]',
  ),
  mutant(
    'who connects does not make the call theirs',
    `${CONNECTIONS}/say-hello.ts`,
    'await calls.moveHandset({ cid: call.cid, userId, from: handset, to });',
    'void [calls, to];',
  ),
  mutant(
    'an app that was started anew hears that it may not resume',
    `${CONNECTIONS}/hello-events.ts`,
    '(isAnew || onHandset.length === 0)',
    'onHandset.length === 0 && isAnew !== undefined',
  ),
  mutant(
    'a connection that has gone counts until it is posted to',
    `${CONNECTIONS}/open-on-handset.ts`,
    '!(await peers.isOpen(on))',
    '!(await peers.isOpen(on)) && false',
  ),
  mutant(
    'who dies unheard is watched for in the call that they hear of alone',
    `${CONNECTIONS}/send-to-user.ts`,
    'busyLock ? [busyLock.cid] : []',
    'busyLock ? [] : []',
  ),
  mutant(
    'a vanished phone stays in the call while another one is online',
    `${CALLS}/run-timer.ts`,
    'connectionsOf(member, hearing).length > 0',
    'hearing.length > 0',
  ),
  mutant(
    'a closed connection is no reason to look after its calls',
    `${CONNECTIONS}/close-connection.ts`,
    'keepsBusy(call, userId, now)',
    'false && keepsBusy(call, userId, now)',
  ),
  mutant(
    'nobody watches whoever rings and disconnects at once',
    `${CALLS}/announce.ts`,
    'if (isAbsent(call, userId, sent)) await watchForReturn(deps, [call.cid], userId);',
    '',
  ),
  mutant(
    'resuming moves nothing',
    `${CALLS}/resume-call.ts`,
    'return deps.calls.moveHandset({ cid: call.cid, userId: user.userId, from, to });',
    'return to !== undefined;',
  ),
  mutant(
    'resuming brings no kept signals',
    `${CALLS}/resume-call.ts`,
    'if (own) await send(own, cid, await signals(call, user.userId));',
    '',
  ),
  mutant(
    'resuming takes a call from a handset that is connected',
    `${CALLS}/resume-call.ts`,
    '(await open(call, member, others)).length > 0',
    'false && (await open(call, member, others)).length > 0',
  ),
  mutant(
    'an offer with a ring that rings nobody is dropped',
    `${CALLS}/ring-call.ts`,
    'description && relayOffer(call, user, description)',
    'description && false',
  ),
  mutant(
    'whoever has no use for a claim takes it from another ring that counts on it',
    'shared/adapters/dynamodb/busy-lock-store.ts',
    "removeIf('claimedBy = :by'",
    "removeIf('attribute_exists(cid)'",
  ),
  mutant(
    'the end of a ring releases what a later ring has claimed',
    'shared/adapters/dynamodb/busy-lock-store.ts',
    "'cid = :cid AND (attribute_not_exists(version) OR version < :version)'",
    "'cid = :cid'",
  ),
  mutant(
    'a ring claims as if there were no call yet',
    `${CALLS}/ring-call.ts`,
    'version,\n            isNew: false,',
    'version: 0 * version,\n            isNew: false,',
  ),
  mutant(
    'whoever could not be posted to hears no more of it',
    `${CONNECTIONS}/send-to-user.ts`,
    'if (isUnsure(delivery)) await setCatchUp',
    'if (delivery !== delivery) await setCatchUp',
  ),
  mutant(
    'whoever could not be posted to is told again only once',
    `${CONNECTIONS}/catch-up.ts`,
    'if (isUnsure(delivery)) await setCatchUp',
    'if (delivery !== delivery) await setCatchUp',
  ),
  mutant(
    'whoever could not be posted to is not told of an end',
    `${CONNECTIONS}/catch-up.ts`,
    "if (call.status !== 'ended' ||",
    'if (call.status ||',
  ),
  mutant(
    'the end of a call overtakes what announces it',
    `${ONE_CALL}/tell-handset.ts`,
    "if (what === 'over' && isEndHeld(",
    'if (what !== what && isEndHeld(',
  ),
  mutant(
    'whoever was about to tell a phone something and died is waited for for ever',
    'shared/domain/shown.ts',
    'now - at >= CLAIM_MS',
    'now - at >= CLAIM_MS * 1e9',
  ),
  mutant(
    'whoever hangs up again, since nobody answered, does nothing',
    'shared/usecases/pairs/end-call.ts',
    "return again ?? (wasMeant ? 'over' : undefined);",
    "return again ? undefined : wasMeant ? 'over' : undefined;",
  ),
  mutant(
    'a ring that comes late replaces the one that its phone asked for later',
    `${CALLS}/claim-members.ts`,
    "if (call.status !== 'ended' && (await isLater?.(call)))",
    "if (call.status !== 'ended' && (await isLater?.(call)) && false)",
  ),
  mutant(
    'a hang-up leaves no word for a call that is being made',
    'shared/usecases/pairs/pair-calls.ts',
    'hungUp.at < at ||',
    'hungUp.at < at + 1e9 ||',
  ),
  mutant(
    'what somebody else was about to tell is not looked after',
    'shared/ports/peer-link.ts',
    "delivery === 'failed' || delivery === 'underway'",
    "delivery === 'failed'",
  ),
  mutant(
    'the end of a call reaches a phone that has left it for another one',
    `${ONE_CALL}/tell-handset.ts`,
    'return wasHere || isOn(sides);',
    'return wasHere && isOn(sides) && false;',
  ),
  mutant(
    'a phone that was not told of a ring is not told that it is over',
    `${ONE_CALL}/tell-handset.ts`,
    "told.delivery === 'held' && wasRung(sides, clock())",
    "told.delivery !== 'held' && wasRung(sides, clock())",
  ),
  mutant(
    'a decline, sent again since nobody answered, says nothing',
    'shared/usecases/pairs/reject-person.ts',
    '?? theirs.find(wasRejected)',
    '?? theirs.find(() => false && wasRejected)',
  ),
  mutant(
    'whoever rings back unheard does not wait for the offer',
    'shared/usecases/pairs/ring-person.ts',
    'memberOf(call, userId)?.unheard === undefined ? 1 : MAX_LOOKS',
    'memberOf(call, userId)?.unheard === undefined ? 1 : 1',
  ),
  mutant(
    'an answer is told to every phone of whoever rang',
    `${ONE_CALL}/tell-handset.ts`,
    'isItsCall(shown, call.cid, member, peer) &&\n      !wasTold(',
    '!wasTold(',
  ),
  mutant(
    'a ring is told after its end',
    `${ONE_CALL}/tell-handset.ts`,
    "what === 'ring' && !(await ringsStill(peer, cid))",
    "what === 'ring' && !ringsStill",
  ),
  mutant(
    'a call that was not begun after all counts as begun',
    'shared/usecases/pairs/ring-person.ts',
    'if (error instanceof ServiceError) await takeBack(theirs);',
    'void takeBack;',
  ),
  mutant(
    'whoever rang or answered by an unknown phone may have done so by any',
    `${ONE_CALL}/tell-handset.ts`,
    'if (isOnAnother(sides.member.handset, peer)) {',
    'if (peer === undefined && isOnAnother(sides.member.handset, peer)) {',
  ),
  mutant(
    'the end of a call is held back for nobody',
    'shared/domain/shown.ts',
    'if (shown !== cid || !over?.claimed.includes(on.id) || over.shown.includes(on.id)) return false;',
    'if (on) return false;',
  ),
  mutant(
    'an app that was started anew goes by what it was told before',
    'shared/domain/shown.ts',
    '...(sessionId === undefined ? [] : [sessionId])',
    '...(sessionId === undefined ? [] : [])',
  ),
  mutant(
    'whoever meets a ring that is over rings nobody',
    'shared/usecases/pairs/ring-person.ts',
    "if (call?.status !== 'ended') return false;",
    'if (call) return false;',
  ),
  mutant(
    'the call before the one that a phone shows is forgotten',
    'shared/domain/shown.ts',
    "what === 'over' && past === cid",
    "what === 'over' && past === cid && cid !== past",
  ),
  mutant(
    'a vain claim of a ring stands',
    `${ONE_CALL}/tell-handset.ts`,
    "const isSent = delivery === 'sent';",
    "const isSent = delivery === 'sent' || isVain;",
  ),
  mutant(
    'of two rings at once the one that is claimed last counts',
    'shared/usecases/pairs/ring-person.ts',
    'return began?.cid === call.cid && began.at > at;',
    'return began?.cid === call.cid && began.at > at + 1e9;',
  ),
  mutant(
    'a hang-up of the millisecond in which a call begins is always of that call',
    'shared/usecases/pairs/pair-calls.ts',
    'if (hungUp.at > at) return true;',
    'if (hungUp.at >= at) return true;',
  ),
  mutant(
    'the end of a session is told as often as somebody asks for it',
    `${ONE_CALL}/tell-of-session.ts`,
    "if (await shownCalls.wasSaid(to, END)) return 'held';",
    '',
  ),
  mutant(
    'a phone hears of its own answer to a session',
    'shared/wire/socket/sessions/encode.ts',
    'userId === peer.userId && isOnAnsweringPhone(call, peer)',
    'userId !== userId && isOnAnsweringPhone(call, peer)',
  ),
  mutant(
    'whoever rings is not told of an answer that could not be posted to them',
    'shared/wire/socket/sessions/encode.ts',
    'return isHosted(event.call) ? goesOn(event, peer) : [];',
    'return goesOn && [];',
  ),
  mutant(
    'what a crash left unsaid of a replaced session stays unsaid',
    `${CALLS}/hosted-call.ts`,
    "(earlier.status !== 'ended' || earlier.replaced)",
    "earlier.status !== 'ended'",
  ),
  mutant(
    'an end that could not be posted is not said to whoever is in another call',
    `${CONNECTIONS}/catch-up.ts`,
    'connection, known), false)',
    'connection, known), true)',
  ),
  mutant(
    'the token of a push declines a later ring',
    `${CALLS}/act-on-call.ts`,
    'ringId: ringId ?? rungBy }',
    'ringId: ringId ?? (rungBy && undefined) }',
  ),
  mutant(
    'a ring is told though the end of the call before could not be posted',
    `${ONE_CALL}/tell-handset.ts`,
    "delivery === 'underway' || isLost(delivery) ? delivery : true",
    "delivery === 'underway' ? delivery : true",
  ),
  mutant(
    'whoever took too long to tell a phone something takes back the claim of whoever tells it since',
    'shared/domain/shown.ts',
    'telling.shown.includes(on.id) || telling.at !== own[what]?.at',
    'telling.shown.includes(on.id)',
  ),
  mutant(
    'a connection without words for a ring counts as somebody who may answer',
    'shared/usecases/calls/run-timer.ts',
    'connections.some((on) => canRing(on, call))',
    'connections.some((on) => hears(on, call.cid) || canRing(on, call))',
  ),
  mutant(
    'the hang-up that is noted last counts',
    'shared/usecases/pairs/pair-calls.ts',
    'shown.hungUp.at > hungUp.at ?',
    'shown.hungUp.at > hungUp.at + 1e9 ?',
  ),
  mutant(
    'whoever could not be told that the other is offline is told nothing',
    'shared/usecases/ringing/report-unreachable.ts',
    'told.some(({ delivery }) => isLost(delivery)) ?',
    'told.every(({ delivery }) => isLost(delivery) && delivery === undefined) ?',
  ),
  mutant(
    'a request that died is taken for a call that may come yet',
    'shared/usecases/pairs/ring-person.ts',
    'theirs !== undefined && before?.to === to',
    'theirs !== undefined && before?.to === undefined',
  ),
  mutant(
    'a ring that waits for the end of another one is forgotten',
    `${ONE_CALL}/tell-handset.ts`,
    'if (waiting !== undefined) await announceWaiting(peer, waiting);',
    'if (waiting === peer.id) await announceWaiting(peer, waiting);',
  ),
];
