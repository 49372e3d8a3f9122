import { randomBytes, randomUUID } from 'node:crypto';
import type { Account } from '../../account';
import type { ResourceContext, ResourceType } from '../resource-type';
import { inventName, optionalText } from '../resource-type';

/** A resource that is there, with an id and attributes, and does nothing. */
interface Inert {
  /** What `Ref` gives. */
  readonly physicalId: (context: ResourceContext) => string;
  readonly attributes?: (physicalId: string, context: ResourceContext) => Readonly<Record<string, unknown>>;
  readonly requiresReplacement?: readonly string[];
}

/** The resource types that the embedded AWS takes note of and does nothing with, each with what it offers. */
export function inertResourceTypes({ accountId, region }: Account): Readonly<Record<string, ResourceType>> {
  const arn = (service: string, resource: string): string => `arn:aws:${service}:${region}:${accountId}:${resource}`;
  const named = (property: string) => (context: ResourceContext) =>
    optionalText(context.properties, property) ?? inventName(context);
  const numbered = (prefix: string) => (): string => `${prefix}-0${randomBytes(8).toString('hex')}`;
  const invented = (): Inert => ({ physicalId: (context) => inventName(context) });
  const cidr = (context: ResourceContext): unknown => context.properties.CidrBlock;

  const types: Readonly<Record<string, Inert>> = {
    'AWS::CDK::Metadata': { physicalId: () => randomUUID() },
    'AWS::CloudFormation::WaitConditionHandle': {
      physicalId: (context) =>
        `https://cloudformation-waitcondition-${region}.s3.amazonaws.com/${encodeURIComponent(`${context.stackId}/${context.logicalId}`)}`,
    },
    // Nobody but the embedded Step Functions and CloudFormation invokes functions, by their role or by right.
    'AWS::Lambda::Permission': invented(),
    'AWS::Logs::LogGroup': {
      physicalId: named('LogGroupName'),
      attributes: (name) => ({ Arn: arn('logs', `log-group:${name}:*`) }),
      requiresReplacement: ['LogGroupName'],
    },
    'AWS::KMS::Alias': { physicalId: named('AliasName'), requiresReplacement: ['AliasName'] },
    'AWS::SQS::Queue': {
      physicalId: (context) => `https://sqs.${region}.amazonaws.com/${accountId}/${named('QueueName')(context)}`,
      attributes: (url) => {
        const name = url.slice(url.lastIndexOf('/') + 1);
        return { Arn: arn('sqs', name), QueueName: name, QueueUrl: url };
      },
      requiresReplacement: ['QueueName', 'FifoQueue'],
    },
    'AWS::SQS::QueuePolicy': invented(),
    'AWS::EC2::VPC': {
      physicalId: numbered('vpc'),
      attributes: (id, context) => ({
        VpcId: id,
        CidrBlock: cidr(context),
        Ipv6CidrBlocks: ['2001:db8::/56'],
        DefaultSecurityGroup: numbered('sg')(),
        DefaultNetworkAcl: numbered('acl')(),
      }),
      requiresReplacement: ['CidrBlock'],
    },
    'AWS::EC2::Subnet': {
      physicalId: numbered('subnet'),
      attributes: (id, context) => ({
        SubnetId: id,
        VpcId: context.properties.VpcId,
        CidrBlock: cidr(context),
        AvailabilityZone: context.properties.AvailabilityZone ?? `${region}a`,
      }),
      requiresReplacement: ['VpcId', 'CidrBlock', 'AvailabilityZone'],
    },
    'AWS::EC2::SecurityGroup': {
      physicalId: numbered('sg'),
      attributes: (id, context) => ({ GroupId: id, Id: id, VpcId: context.properties.VpcId }),
      requiresReplacement: ['GroupName', 'GroupDescription', 'VpcId'],
    },
    'AWS::EC2::SecurityGroupIngress': invented(),
    'AWS::EC2::SecurityGroupEgress': invented(),
    'AWS::EC2::InternetGateway': {
      physicalId: numbered('igw'),
      attributes: (id) => ({ InternetGatewayId: id }),
    },
    'AWS::EC2::VPCGatewayAttachment': invented(),
    'AWS::EC2::RouteTable': {
      physicalId: numbered('rtb'),
      attributes: (id) => ({ RouteTableId: id }),
      requiresReplacement: ['VpcId'],
    },
    'AWS::EC2::Route': invented(),
    'AWS::EC2::SubnetRouteTableAssociation': {
      physicalId: numbered('rtbassoc'),
      attributes: (id) => ({ Id: id }),
    },
    'AWS::EC2::EIP': {
      physicalId: () => `203.0.113.${randomBytes(1)[0]}`,
      attributes: (address) => ({ AllocationId: numbered('eipalloc')(), PublicIp: address }),
    },
    'AWS::EC2::NatGateway': {
      physicalId: numbered('nat'),
      attributes: (id) => ({ NatGatewayId: id }),
      requiresReplacement: ['SubnetId', 'AllocationId'],
    },
    'AWS::EC2::VPCEndpoint': { physicalId: numbered('vpce'), attributes: (id) => ({ Id: id }) },
    'AWS::EC2::VPCCidrBlock': { physicalId: numbered('vpc-cidr-assoc') },
    'AWS::EC2::EgressOnlyInternetGateway': { physicalId: numbered('eigw') },
    'AWS::EC2::VPNGateway': { physicalId: numbered('vgw') },
    'AWS::EC2::VPNGatewayRoutePropagation': invented(),
    'AWS::EC2::CustomerGateway': { physicalId: numbered('cgw') },
    'AWS::EC2::VPNConnection': { physicalId: numbered('vpn') },
    'AWS::EC2::NetworkAcl': { physicalId: numbered('acl') },
    'AWS::EC2::NetworkAclEntry': invented(),
    'AWS::EC2::FlowLog': { physicalId: numbered('fl') },
  };
  return Object.fromEntries(Object.entries(types).map(([name, type]) => [name, inert(type)]));
}

function inert({ physicalId, attributes, requiresReplacement }: Inert): ResourceType {
  return {
    requiresReplacement,
    async create(context) {
      const id = physicalId(context);
      return Promise.resolve({ physicalId: id, attributes: attributes?.(id, context) });
    },
    update: (context) =>
      // The attributes of an inert resource come from its creation; what can change of them requires replacement.
      Promise.resolve({ physicalId: context.physicalId, attributes: context.attributes }),
    delete: () => Promise.resolve(),
  };
}
