import { defineConfig } from 'vitepress';

/** The site of `npm run docs`: the README and the guides, as they are in the repository. */
export default defineConfig({
  title: 'cdk-iot-job-deletion',
  description: 'Delete AWS IoT jobs with the CloudFormation stack that they belong to.',
  srcDir: '..',
  srcExclude: ['**/node_modules/**', '!(README|CHANGELOG|CONTRIBUTING|SECURITY|CODE_OF_CONDUCT).md', '!(docs)/**/*.md'],
  rewrites: { 'README.md': 'index.md' },
  outDir: '../site',
  cacheDir: '../node_modules/.cache/vitepress',
  // Folders and licences are on GitHub, not in the site. `npm run prose` checks that they exist.
  ignoreDeadLinks: [/^\.?\/?(examples|LICENSE|bench|API)/, /results\.json$/],
  markdown: { languageAlias: { mermaid: 'yaml' } },
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    sidebar: [
      { text: 'Get started', items: [page('Overview', '/'), page('Choosing', '/docs/choosing')] },
      {
        text: 'Guides',
        items: [
          page('Rehearse your app', '/docs/rehearse'),
          page('In your own tests', '/docs/local'),
          page('Migrating', '/docs/migrating'),
        ],
      },
      {
        text: 'Operate',
        items: [
          page('Commands', '/docs/commands'),
          page('Logs, metrics and alarms', '/docs/operating'),
          page('Troubleshooting', '/docs/troubleshooting'),
        ],
      },
      {
        text: 'Reference',
        items: [
          page('API', 'https://github.com/cdk-iot-job-deletion/cdk-iot-job-deletion/blob/main/API.md'),
          page('Limits', '/docs/limits'),
          page('Changelog', '/CHANGELOG'),
        ],
      },
      {
        text: 'Explain',
        items: [
          page('How it works', '/docs/how-it-works'),
          page('Security', '/docs/security'),
          page('Measured', '/docs/measured'),
          page('Design', '/docs/design'),
          page('Contributing', '/CONTRIBUTING'),
        ],
      },
    ],
  },
});

function page(text, link) {
  return { text, link };
}
