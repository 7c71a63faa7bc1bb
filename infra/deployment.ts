import { type App, Tags } from 'aws-cdk-lib';
import { EdgeStack } from './stacks/edge-stack.ts';
import { ServiceStack } from './stacks/service-stack.ts';
import { StateStack } from './stacks/state-stack.ts';
import { readStage } from './stage.ts';

/** The stacks of a stage. */
export interface Deployment {
  readonly state: StateStack;
  readonly service: ServiceStack;
  /** Absent if the stage has no edge. */
  readonly edge?: EdgeStack;
}

/** Adds the stacks of the stage that the context of `app` names. */
export function addDeployment(app: App): Deployment {
  const stage = readStage(app.node);
  const state = new StateStack(app, `Carillon-${stage.name}-State`, { stage });
  const service = new ServiceStack(app, `Carillon-${stage.name}-Service`, { stage, state });
  const edge = stage.edge && new EdgeStack(app, `Carillon-${stage.name}-Edge`, { service });
  Tags.of(app).add('app', 'carillon');
  Tags.of(app).add('stage', stage.name);
  return { state, service, ...(edge && { edge }) };
}
