import { UsageError } from '../usage';

/**
 * The functions are processes of their own, with a plain Node: it can't read what Yarn's Plug'n'Play leaves in zip files.
 *
 * @throws UsageError that says what to set
 */
export function requireFiles(folder: string = __dirname): void {
  if (/\.zip([\\/]|$)/.test(folder)) {
    throw new UsageError(
      "Yarn's Plug'n'Play keeps this package in a zip file, from which its functions can't start. In package.json: " +
        '"dependenciesMeta": { "cdk-iot-job-deletion": { "unplugged": true } }, or in .yarnrc.yml: nodeLinker: node-modules; ' +
        'then yarn install.',
    );
  }
}
