import { ExecutionAlreadyExists, type SFNClient } from '@aws-sdk/client-sfn';
import { Executions } from '../../../lambda/aws/executions';
import { homeOf } from '../../../lambda/aws/place';

test.each([
  ['started', {}],
  ['exists', new ExecutionAlreadyExists({ message: 'Exists.', $metadata: {} })],
])('%s', async (outcome, answer) => {
  const send = (): Promise<object> => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer));
  expect(await new Executions({ send } as unknown as SFNClient).start('arn', 'name', '{}')).toBe(outcome);
});

test('any other error is one', async () => {
  const send = (): Promise<object> => Promise.reject(new Error('broken'));
  await expect(new Executions({ send } as unknown as SFNClient).start('arn', 'name', '{}')).rejects.toThrow('broken');
});

test.each([
  [
    'arn:aws:lambda:us-east-1:123456789012:function:f',
    { partition: 'aws', region: 'us-east-1', account: '123456789012' },
  ],
  [
    'arn:aws-cn:lambda:cn-north-1:123456789012:function:f:1',
    { partition: 'aws-cn', region: 'cn-north-1', account: '123456789012' },
  ],
  ['', undefined],
  ['arn:aws:lambda:::function:f', undefined],
])('where "%s" is', (arn, home) => expect(homeOf(arn)).toEqual(home));
