import { randomUUID } from 'node:crypto';
import type { Account } from '../../account';
import type { Iam, PolicyDocument } from '../../iam/iam';
import type { ResourceContext, ResourceType } from '../resource-type';

/** AWS::KMS::Key: it encrypts nothing, but its policy decides, with those of the roles, who may use it. */
export function kmsKeyType(iam: Iam, { accountId, region }: Account): ResourceType {
  const arn = (keyId: string): string => `arn:aws:kms:${region}:${accountId}:key/${keyId}`;
  const put = ({ properties }: ResourceContext, keyId: string): void => {
    // Without a policy of its own a key leaves it all to the account's policies.
    const everything = {
      Effect: 'Allow',
      Action: 'kms:*',
      Resource: '*',
      Principal: { AWS: `arn:aws:iam::${accountId}:root` },
    };
    const policy = properties.KeyPolicy ?? { Version: '2012-10-17', Statement: [everything] };
    iam.resourcePolicies.set(arn(keyId), policy as PolicyDocument);
  };
  return {
    create(context) {
      const keyId = randomUUID();
      put(context, keyId);
      return Promise.resolve({ physicalId: keyId, attributes: { Arn: arn(keyId), KeyId: keyId } });
    },
    update(context) {
      const { physicalId, attributes } = context;
      put(context, physicalId);
      return Promise.resolve({ physicalId, attributes });
    },
    delete({ physicalId }) {
      iam.resourcePolicies.delete(arn(physicalId));
      return Promise.resolve();
    },
  };
}
