// A pipeline from a repository to a stack.
import { App, Stack } from 'aws-cdk-lib';
import { BuildSpec, PipelineProject } from 'aws-cdk-lib/aws-codebuild';
import { Artifact, Pipeline } from 'aws-cdk-lib/aws-codepipeline';
import { CodeBuildAction, S3SourceAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const input = new Artifact();
const bucket = new Bucket(stack, 'Source', { versioned: true });
const source = new S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'app.zip', output: input });
const project = new PipelineProject(stack, 'Build', { buildSpec: BuildSpec.fromObject({ version: '0.2' }) });
new Pipeline(stack, 'Pipeline', {
  stages: [
    { stageName: 'Source', actions: [source] },
    { stageName: 'Build', actions: [new CodeBuildAction({ actionName: 'Build', project, input })] },
  ],
});
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
