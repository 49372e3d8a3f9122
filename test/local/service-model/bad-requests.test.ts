import { Agent } from 'node:http';
import fc from 'fast-check';
import { LocalAws } from '../../../local/aws';
import cloudFormation from '../../../local/service-model/cloudformation.json';
import iot from '../../../local/service-model/iot.json';
import lambda from '../../../local/service-model/lambda.json';
import type { ServiceModel } from '../../../local/service-model/service-model';
import states from '../../../local/service-model/states.json';
import sts from '../../../local/service-model/sts.json';
import { brokenInputs, soundInput } from './broken-inputs';
import { encode, send, type WireAnswer, type WireRequest } from './wire';

const SEED = Number(process.env.SEED ?? 20261126);
const REQUESTS = Number(process.env.REQUESTS ?? 2_000);
const AT_ONCE = 8;
const MODELS = { iot, sts, states, lambda, cloudformation: cloudFormation } as unknown as Record<string, ServiceModel>;

/** How the services say that an input is not what the model has, or can't be read. */
const REFUSALS = new Set([
  'InvalidRequestException',
  'InvalidRequestContentException',
  'InvalidParameterValueException',
  'InvalidArn',
  'InvalidName',
  'SerializationException',
  'ValidationError',
  'ValidationException',
]);

/** Bodies that are no JSON objects, or not to be read with recursion. */
const MALFORMED = ['{', '', 'null', '[]', '5', '"a"', '\u0000', '{"a":', '[['.repeat(10_000), '{"a":'.repeat(20_000)];

interface BadRequest {
  readonly service: string;
  readonly what: string;
  readonly request: WireRequest;
}

const badRequests: fc.Arbitrary<BadRequest> = fc.oneof(
  ...Object.entries(MODELS).flatMap(([service, model]) =>
    Object.keys(model.operations).flatMap((operation) => {
      const broken = brokenInputs(model, operation, model.protocol !== 'query');
      return broken
        ? [
            broken.map(({ what, input }) => ({
              service,
              what: `${service} ${operation}: ${what}`,
              request: encode(model, operation, input),
            })),
          ]
        : [];
    }),
  ),
);

let aws: LocalAws;
let agent: Agent;
beforeAll(async () => {
  aws = await LocalAws.start({ virtualTime: true, callRate: Infinity });
  agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
});
afterAll(async () => {
  agent.destroy();
  await aws.close();
});

/** Sends all of them, a few at a time. */
async function answers(requests: readonly BadRequest[]): Promise<readonly (BadRequest & { answer: WireAnswer })[]> {
  const waiting = requests.values();
  const found: (BadRequest & { answer: WireAnswer })[] = [];
  const work = async (): Promise<void> => {
    for (const each of waiting) {
      found.push({ ...each, answer: await send(aws.endpoint.url, each.service, each.request, agent) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

test(`${REQUESTS} requests that AWS's models forbid, seed ${SEED}: refused, and nothing breaks`, async () => {
  const answered = await answers(fc.sample(badRequests, { seed: SEED, numRuns: REQUESTS }));
  const told = answered.map(({ what, answer: { status, code } }) => ({ what, status, code }));
  expect(told.filter(({ status }) => status >= 500)).toEqual([]);
  expect(answered.filter(({ answer }) => answer.body.length > 8_192).map(({ what }) => what)).toEqual([]);
  const accepted = told.filter(({ code }) => !REFUSALS.has(code));
  expect(accepted.slice(0, accepted.length > REQUESTS / 100 ? undefined : 0)).toEqual([]);
  // What was refused has left nothing that breaks a list.
  const list = (operation: string): Promise<WireAnswer> =>
    send(aws.endpoint.url, 'iot', encode(MODELS.iot!, operation, {}), agent);
  for (const operation of ['ListJobs', 'ListThings', 'ListThingGroups']) {
    expect(await list(operation)).toMatchObject({ status: 200 });
  }
});

test('what they are made of breaks no constraint', async () => {
  const requests = Object.entries(MODELS).flatMap(([service, model]) =>
    Object.keys(model.operations).map((operation) => ({
      service,
      what: `${service} ${operation}`,
      request: encode(model, operation, soundInput(model, operation)),
    })),
  );
  const refused = (await answers(requests)).filter(({ answer }) => /failed to satisfy|not a JSON/.test(answer.body));
  // Its model has two members, of which the service requires one.
  expect(refused.map(({ what }) => what)).toEqual(['cloudformation GetTemplate']);
});

test.each(['iot', 'states', 'lambda'])('%s: bodies that are no JSON objects', async (service) => {
  const model = MODELS[service]!;
  const requests = Object.keys(model.operations).flatMap((operation) => {
    const { method, path, headers } = encode(model, operation, {});
    return MALFORMED.map((body) => ({
      service,
      what: `${operation}: ${body.slice(0, 10)}`,
      request: { method, path: path.replace(/\{[^}]+\}/g, 'a'), headers, body },
    }));
  });
  expect((await answers(requests)).filter(({ answer }) => answer.status >= 500)).toEqual([]);
});

test.each([
  '/functions/%zz/invocations',
  '/jobs/%zz',
  '/%',
  '/jobs/a%0a%1b[31m',
  `/${'a/'.repeat(20)}`,
  '//',
  '/jobs/a?x=%zz',
])('no path breaks it: %s', async (path) => {
  for (const service of Object.keys(MODELS)) {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
      const { status } = await send(aws.endpoint.url, service, { method, path, headers: {}, body: '' }, agent);
      expect([service, method, status < 500 || status]).toEqual([service, method, true]);
    }
  }
});
