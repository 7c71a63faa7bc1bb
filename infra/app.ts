import { App, Tags } from 'aws-cdk-lib';
import { ServiceStack } from './stacks/service-stack.ts';
import { StateStack } from './stacks/state-stack.ts';
import { readStage } from './stage.ts';

const app = new App();
const stage = readStage(app.node);
const state = new StateStack(app, `Carillon-${stage.name}-State`);
new ServiceStack(app, `Carillon-${stage.name}-Service`, { stage, state });
Tags.of(app).add('app', 'carillon');
Tags.of(app).add('stage', stage.name);
