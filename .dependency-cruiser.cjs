/** Imports go one way: functions → use cases → ports → domain. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(client|console|functions|shared|infra|local|test|tools|examples)/', pathNot: [...allowed, from] },
});

/** A capability among the use cases: calls and ringing meet at the queue alone. */
const room = (name, others) =>
  only(
    `usecases-${name}`,
    `^shared/usecases/${name}/`,
    ['^shared/(domain|ports)/', ...others.map((other) => `^shared/usecases/${other}/`)],
    `${name} uses ${others.length > 0 ? others.join(', ') : 'no other use cases'}`,
  );

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'a cycle has no order to read it in',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    only('domain-imports-nothing', '^shared/domain/', [], 'the rules of ringing stand alone'),
    {
      name: 'domain-is-pure',
      comment: 'no package and no node module in the domain',
      severity: 'error',
      from: { path: '^shared/domain/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'] },
    },
    only('ports', '^shared/ports/', ['^shared/domain/'], 'a port speaks the words of the domain'),
    only('wire', '^shared/wire/', ['^shared/domain/', '^shared/ports/'], 'what is on the wire'),
    only(
      'usecases',
      '^shared/usecases/',
      ['^shared/(domain|ports)/'],
      'a use case knows ports, never adapters; what it says is encoded elsewhere',
    ),
    ...[
      room('trace', ['calls']),
      room('calls', ['protection', 'signalling', 'connections', 'timers']),
      room('protection', []),
      room('signalling', ['connections', 'timers']),
      room('ringing', ['push', 'connections', 'timers']),
      room('push', []),
      room('reports', []),
      room('pairs', ['calls', 'one-call', 'signalling', 'connections', 'timers']),
      room('one-call', []),
      room('connections', ['timers']),
      room('devices', []),
      room('users', ['calls', 'connections', 'devices']),
      room('timers', []),
      room('rooms', []),
    ],
    only('adapters', '^shared/adapters/', ['^shared/(domain|ports|wire)/'], 'an adapter serves a port'),
    {
      name: 'no-adapter-imports-another',
      comment:
        'adapters meet in the wiring; the two that speak HTTP/2 do it by the same channel, and all clients of AWS have the same limits',
      severity: 'error',
      from: { path: '^shared/adapters/([^/]+)/' },
      to: { path: '^shared/adapters/', pathNot: '^shared/adapters/($1|http2|aws)/' },
    },
    {
      name: 'only-wiring-touches-adapters',
      comment: 'one composition root',
      severity: 'error',
      from: { path: '^functions/', pathNot: '^functions/kit/wiring/' },
      to: { path: '^shared/adapters/' },
    },
    only('functions', '^functions/', ['^shared/'], 'handlers know the product, not how it is deployed or run'),
    only(
      'infra',
      '^infra/',
      ['^functions/kit/(wiring/config|observe/metric-names)\\.ts$', '^shared/(wire/settings/|domain/dialect\\.ts$)'],
      'functions are named by path; only their environment and settings are typed, and their figures are named',
    ),
    only('local-is-a-black-box', '^local/', [], 'the local stack runs the synthesized template'),
    {
      name: 'raw-frames-are-for-tests',
      comment: 'whoever takes part in a call does so by the client package',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/support/raw-client' },
    },
    only('client-stands-alone', '^client/', [], 'an app installs the client, and nothing of the server'),
    {
      name: 'client-has-no-dependencies',
      comment: 'it runs in browsers and React Native; only its entry for backends is for Node',
      severity: 'error',
      from: { path: '^client/src/', pathNot: '^client/src/server/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'core'] },
    },
    only('examples-stand-alone', '^examples/', [], 'an example is copied as it is'),
    {
      name: 'cdk-stays-in-infra',
      severity: 'error',
      comment: 'the product does not know CDK',
      from: { pathNot: '^(infra|test)/' },
      to: { path: 'node_modules/(aws-cdk-lib|constructs|cdk-nag)/' },
    },
    {
      name: 'nothing-imports-tests-or-local',
      severity: 'error',
      comment: 'tools for us, not parts of the product',
      from: { pathNot: '^(test|local|tools|examples)/' },
      to: { path: '^(test|local)/' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'], conditionNames: ['import', 'node', 'default'] },
  },
};
