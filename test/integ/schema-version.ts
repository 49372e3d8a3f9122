import { Manifest } from 'aws-cdk-lib/cloud-assembly-schema';

// integ-runner 2.197.10, the newest, reads cloud assemblies up to schema 53, and aws-cdk-lib 2.276 writes 55. What is in
// these assemblies is the same in both. Take this away with the first runner that reads what the library writes.
Manifest.version = () => '53.0.0';
