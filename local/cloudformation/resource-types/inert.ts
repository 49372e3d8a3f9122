import { randomBytes, randomUUID } from 'node:crypto';
import type { Account } from '../../account';
import { inventName, optionalText, type ResourceContext, type ResourceType } from '../resource-type';

/** A VPC's resource types: what their ids begin with, and the attributes that templates of ours take from them. */
const NETWORK: Readonly<Record<string, readonly [prefix: string, ...attributes: string[]]>> = {
  'AWS::EC2::VPC': ['vpc', 'VpcId', 'CidrBlock', 'DefaultSecurityGroup'],
  'AWS::EC2::Subnet': ['subnet', 'SubnetId', 'AvailabilityZone'],
  'AWS::EC2::SecurityGroup': ['sg', 'GroupId', 'VpcId'],
  'AWS::EC2::InternetGateway': ['igw'],
  'AWS::EC2::VPCGatewayAttachment': ['attachment'],
  'AWS::EC2::RouteTable': ['rtb'],
  'AWS::EC2::Route': ['route'],
  'AWS::EC2::SubnetRouteTableAssociation': ['rtbassoc'],
  'AWS::EC2::EIP': ['eip', 'AllocationId'],
  'AWS::EC2::NatGateway': ['nat'],
};

/**
 * The resource types of this library's own templates that do nothing here. Where templates are strict, these alone need
 * not run; a person's own app has them stubbed.
 */
export function inertResourceTypes({ accountId, region }: Account): Readonly<Record<string, ResourceType>> {
  const network = Object.entries(NETWORK).map(([type, [prefix, ...names]]) => {
    const attributesOf = ({ properties }: ResourceContext, id: string): Record<string, unknown> =>
      Object.fromEntries(names.map((name) => [name, properties[name] ?? id]));
    return [type, inert(() => `${prefix}-0${randomBytes(8).toString('hex')}`, attributesOf)] as const;
  });
  return {
    ...Object.fromEntries(network),
    'AWS::CDK::Metadata': inert(() => randomUUID()),
    'AWS::Logs::LogGroup': {
      requiresReplacement: ['LogGroupName'],
      ...inert(
        (context) => optionalText(context.properties, 'LogGroupName') ?? inventName(context),
        (_, name) => ({ Arn: `arn:aws:logs:${region}:${accountId}:log-group:${name}:*` }),
      ),
    },
  };
}

function inert(
  idOf: (context: ResourceContext) => string,
  attributesOf?: (context: ResourceContext, physicalId: string) => Readonly<Record<string, unknown>>,
): ResourceType {
  return {
    create(context) {
      const physicalId = idOf(context);
      return Promise.resolve({ physicalId, attributes: attributesOf?.(context, physicalId) });
    },
    update: ({ physicalId, attributes }) => Promise.resolve({ physicalId, attributes }),
    delete: () => Promise.resolve(),
  };
}
