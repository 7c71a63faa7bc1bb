import { type App, type StackProps, Tags } from 'aws-cdk-lib';
import { EdgeGlobalStack } from './stacks/edge-global-stack.ts';
import { EdgeLogsStack } from './stacks/edge-logs-stack.ts';
import { EdgeStack } from './stacks/edge-stack.ts';
import { ServiceStack } from './stacks/service-stack.ts';
import { StateStack } from './stacks/state-stack.ts';
import type { Stage } from './stage.ts';

/** The stacks of a stage. */
export interface Deployment {
  readonly state: StateStack;
  readonly service: ServiceStack;
  /** Absent if the stage has no edge. */
  readonly edge?: EdgeStack;
}

/** Adds the stacks of a stage. */
export function addDeployment(app: App, stage: Stage): Deployment {
  const { region } = stage;
  const place: StackProps = region === undefined ? {} : { env: { region } };
  const state = new StateStack(app, stackName(stage, 'State'), { stage, ...place });
  const service = new ServiceStack(app, stackName(stage, 'Service'), { stage, state, ...place });
  const edge = addEdge(app, { stage, place, state, service });
  Tags.of(app).add('app', 'carillon');
  Tags.of(app).add('stage', stage.name);
  return { state, service, ...(edge && { edge }) };
}

const stackName = ({ name }: Stage, part: string): string => `Carillon-${name}-${part}`;

interface EdgeInputs extends Omit<Deployment, 'edge'> {
  readonly stage: Stage;
  readonly place: StackProps;
}

/** Adds the edge, with the stacks in us-east-1 that its settings ask for. */
function addEdge(app: App, { stage, place, state, service }: EdgeInputs): EdgeStack | undefined {
  const { edgeSecret: secret } = state;
  if (!secret) return undefined;
  const makesCertificate = stage.hostedZone !== undefined && stage.certificateArn === undefined;
  const global =
    stage.webAcl || makesCertificate ? new EdgeGlobalStack(app, stackName(stage, 'EdgeGlobal'), { stage }) : undefined;
  const edge = new EdgeStack(app, stackName(stage, 'Edge'), { stage, service, secret, global, ...place });
  const { distribution } = edge;
  if (stage.edgeLogs) new EdgeLogsStack(app, stackName(stage, 'EdgeLogs'), { stage, distribution });
  return edge;
}
