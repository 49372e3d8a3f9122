import { App } from 'aws-cdk-lib';
import { ExampleStack } from './example-stack';
import { jobFromContext } from './input';

const app = new App();
new ExampleStack(app, 'JobDeletionExample', { job: jobFromContext(app.node) });
