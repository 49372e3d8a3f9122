import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { inflateRawSync } from 'node:zlib';
import { LocalAws, type LocalAwsOptions } from '../../local';
import { type XmlContent, xmlElement } from '../../local/xml';

/** One answer: its status, its body, and headers that say more about it. */
type Answer = readonly [number, string, Readonly<Record<string, string>>?];

/**
 * An emulator as the CDK Toolkit Library meets one: the embedded AWS, and before it what the library calls over HTTP
 * besides: CloudFormation's operations on stacks, S3 for assets, SSM and STS for what `cdk bootstrap` would have made.
 */
export class Emulator {
  static async start(options: LocalAwsOptions = {}): Promise<Emulator> {
    const emulator: Emulator = new Emulator(
      await LocalAws.start({ ...options, nestedTemplate: (url) => emulator.uploadedTemplate(url) }),
    );
    await new Promise<void>((resolve) => emulator.server.listen(0, '127.0.0.1', resolve));
    return emulator;
  }

  /** The operations that were asked for, in order: `cloudformation CreateStack`, `s3 PUT`. */
  readonly calls: string[] = [];
  private readonly objects = new Map<string, Buffer>();
  private readonly templates = new Map<string, string>();
  private readonly folder = mkdtempSync(join(tmpdir(), 'emulator-'));
  private readonly server: Server;

  private constructor(readonly aws: LocalAws) {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.aws.close();
    rmSync(this.folder, { recursive: true });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const [, service = ''] = /\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(request.headers.authorization ?? '') ?? [];
    const form = new URLSearchParams(service === 's3' ? '' : body.toString());
    const [, target] = String(request.headers['x-amz-target'] ?? '').split('.');
    const action = form.get('Action') ?? target ?? request.method!;
    this.calls.push(`${service} ${action}`);
    const own = this.answer(service, action, form, request, body);
    const [status, text, headers] = own ?? (await this.pass(request, body));
    response.writeHead(status, headers).end(text);
  }

  /** Nothing for what the embedded AWS answers itself. */
  private answer(
    service: string,
    action: string,
    form: URLSearchParams,
    request: IncomingMessage,
    body: Buffer,
  ): Answer | undefined {
    switch (`${service} ${action}`) {
      case 'cloudformation CreateStack':
        return this.createStack(form);
      case 'cloudformation DeleteStack':
        this.begin(this.aws.cloudFormation.deleteStack({ stackName: form.get('StackName')! }));
        return query(action, {});
      case 'cloudformation GetTemplate':
        return query(action, { TemplateBody: this.template(this.aws.cloudFormation.stack(form.get('StackName')!).id) });
      case 'sts AssumeRole':
        // Of a role that `cdk bootstrap` makes: whoever it is, has every permission.
        return query(action, { Credentials: { ...credentials, Expiration: new Date(Date.now() + 3_600_000) } });
      case 'ssm GetParameter':
        return [200, JSON.stringify({ Parameter: { Name: 'version', Value: '30' } })];
      default:
        return service === 's3' ? this.s3(request, body) : undefined;
    }
  }

  private async pass(request: IncomingMessage, body: Buffer): Promise<Answer> {
    const headers = Object.entries(request.headers as Record<string, string>);
    const answer = await fetch(this.aws.endpoint.url + request.url!, {
      method: request.method,
      headers: headers.filter(([name]) => !['host', 'connection', 'content-length'].includes(name)),
      body: body.length > 0 ? new Uint8Array(body) : undefined,
    });
    return [answer.status, await answer.text(), Object.fromEntries(answer.headers)];
  }

  private createStack(form: URLSearchParams): Answer {
    const stackName = form.get('StackName')!;
    const text = form.get('TemplateBody') ?? this.uploaded(form.get('TemplateURL')!).toString();
    const parameters: Record<string, string> = {};
    for (let i = 1; form.has(`Parameters.member.${i}.ParameterKey`); i++) {
      parameters[form.get(`Parameters.member.${i}.ParameterKey`)!] = form.get(`Parameters.member.${i}.ParameterValue`)!;
    }
    this.begin(
      this.aws.cloudFormation.createStack({
        stackName,
        template: JSON.parse(text) as Record<string, unknown>,
        parameters,
        assetDirectory: (hash) => this.unpacked(hash),
      }),
    );
    const { id } = this.aws.cloudFormation.stack(stackName);
    this.templates.set(id, text);
    return query('CreateStack', { StackId: id });
  }

  /** What becomes of it, the stack itself tells. */
  private begin(operation: Promise<unknown>): void {
    operation.catch(() => undefined);
  }

  /** A nested stack's is where its parent says. */
  private template(id: string): string {
    const resources = [...this.templates.keys()].flatMap((parent) => this.aws.cloudFormation.stack(parent).resources);
    const nested = resources.find(({ physicalId }) => physicalId === id);
    return this.templates.get(id) ?? this.uploaded(nested!.properties.TemplateURL as string).toString();
  }

  private s3(request: IncomingMessage, body: Buffer): Answer {
    const { method, url = '' } = request;
    const [path = '', search = ''] = url.split('?');
    if (method === 'PUT') {
      this.objects.set(path, body);
      return [200, ''];
    }
    const prefix = new URLSearchParams(search).get('prefix');
    const isThere = prefix !== null && this.objects.has(`${path.replace(/\/$/, '')}/${prefix}`);
    return [200, xmlElement('Result', isThere ? { Contents: { Key: prefix, Size: '1' } } : {})];
  }

  private uploaded(url: string): Buffer {
    const found = [...this.objects].find(([path]) => basename(path) === basename(url));
    if (!found) {
      throw new Error(`Nothing was uploaded to ${url}.`);
    }
    return found[1];
  }

  private uploadedTemplate(url: string): Record<string, unknown> {
    return JSON.parse(this.uploaded(url).toString()) as Record<string, unknown>;
  }

  private unpacked(hash: string): string {
    const folder = join(this.folder, hash);
    for (const [name, content] of zipEntries(this.uploaded(`${hash}.zip`))) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return folder;
  }
}

const credentials = { AccessKeyId: 'assumed', SecretAccessKey: 'assumed', SessionToken: 'assumed' };

function query(operation: string, result: XmlContent): Answer {
  return [200, xmlElement(`${operation}Response`, { [`${operation}Result`]: result })];
}

/** The files of a zip archive, from its central directory. */
function zipEntries(zip: Buffer): readonly (readonly [string, Buffer])[] {
  const end = zip.lastIndexOf('PK\x05\x06');
  const entries: [string, Buffer][] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size, nameLength] = [10, 20, 28].map((offset) =>
      offset === 20 ? zip.readUInt32LE(at + offset) : zip.readUInt16LE(at + offset),
    ) as [number, number, number];
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(begin, begin + size);
    if (!name.endsWith('/')) {
      entries.push([name, method === 0 ? content : inflateRawSync(content)]);
    }
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}
