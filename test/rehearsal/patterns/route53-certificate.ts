// A zone, a certificate in it and a record.
import { App, Fn, Stack } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone, TxtRecord } from 'aws-cdk-lib/aws-route53';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const zone = new HostedZone(stack, 'Zone', { zoneName: 'vans.example.com' });
new Certificate(stack, 'Certificate', {
  domainName: 'vans.example.com',
  validation: CertificateValidation.fromDns(zone),
});
new TxtRecord(stack, 'Record', { zone, values: [Fn.join(',', zone.hostedZoneNameServers!)] });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
