import { App } from 'aws-cdk-lib';
import { addDeployment } from './deployment.ts';
import { readStage } from './stage.ts';

const app = new App();
addDeployment(app, readStage(app.node));
