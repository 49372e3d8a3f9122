import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { checkSite } from './check-site';
import { serveSite } from './site';

const USAGE = `Usage: npm run docs [-- --serve [--port PORT] | --check [--screenshots FOLDER]]

Builds the site of the docs into site/.

--serve               also shows the site on 127.0.0.1, until Ctrl-C
--port PORT           the port for --serve, by default 4173
--check               also opens every page in Chromium, at 390 and 1280 pixels; fails on a dead link, a request to
                      another host, sideways scrolling, or a finding of axe-core
--screenshots FOLDER  where --check keeps a picture of each page at each width
--help                shows this help
`;

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const options = parse();
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  execFileSync('node_modules/.bin/vitepress', ['build', 'docs'], { stdio: 'inherit' });
  if (options.check) {
    await checkSite(options.screenshots);
  }
  if (options.serve) {
    const { url } = await serveSite(options.port);
    process.stdout.write(`The docs are at ${url}/. Ctrl-C ends.\n`);
  }
}

function parse() {
  try {
    const { values } = parseArgs({
      options: {
        serve: { type: 'boolean', default: false },
        port: { type: 'string', default: '4173' },
        check: { type: 'boolean', default: false },
        screenshots: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new Error(`--port ${values.port}: give a number from 0 to 65535`);
    }
    return { ...values, port };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}
