import { App } from 'aws-cdk-lib';
import { MyStack } from './lib/my-stack';

const app = new App();
new MyStack(app, 'MyStack');
app.synth();
