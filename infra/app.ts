import { App } from 'aws-cdk-lib';
import { addDeployment } from './deployment.ts';

addDeployment(new App());
