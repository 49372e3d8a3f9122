import { defineConfig } from 'vitepress';
import { emptyHeadings, siteLinks } from './links.mjs';

const isPage = (file) => /^(docs\/.*|README|API|CHANGELOG|CONTRIBUTING|SECURITY|CODE_OF_CONDUCT)\.md$/.test(file);

/** The site of `npm run docs`: the README and the guides, as they are in the repository. */
export default defineConfig({
  lang: 'en',
  title: 'cdk-iot-job-deletion',
  description: 'Delete AWS IoT jobs with the CloudFormation stack that they belong to.',
  srcDir: '..',
  srcExclude: [
    '**/node_modules/**',
    '!(README|API|CHANGELOG|CONTRIBUTING|SECURITY|CODE_OF_CONDUCT).md',
    '!(docs)/**/*.md',
  ],
  rewrites: { 'README.md': 'index.md' },
  outDir: '../site',
  cacheDir: '../node_modules/.cache/vitepress',
  markdown: {
    languageAlias: { mermaid: 'yaml' },
    // Braces in the API's signatures are text.
    attrs: { disable: true },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: (md) => {
      siteLinks(isPage)(md);
      emptyHeadings(md);
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    sidebar: [
      section('Get started', { Overview: '/', Choosing: '/docs/choosing', 'Rehearse your app': '/docs/rehearse' }),
      section('Guides', {
        "A fleet's teardown": '/docs/guides/fleet',
        'A declared job': '/docs/guides/declared-job',
        'Another account': '/docs/guides/another-account',
        "A pipeline's jobs": '/docs/guides/pipeline',
        'CI gate': '/docs/guides/ci-gate',
        'In your own tests': '/docs/local',
        Migrating: '/docs/migrating',
      }),
      section('Operate', {
        Plan: '/docs/commands#plan',
        'Logs, metrics and alarms': '/docs/operating',
        Troubleshooting: '/docs/troubleshooting',
      }),
      section('Reference', {
        API: '/API',
        CLI: '/docs/commands',
        Limits: '/docs/limits',
        Changelog: '/CHANGELOG',
      }),
      section('Explain', {
        'How it works': '/docs/how-it-works',
        Security: '/docs/security',
        Measured: '/docs/measured',
        Design: '/docs/design',
        Contributing: '/CONTRIBUTING',
      }),
    ],
  },
});

function section(text, pages) {
  return { text, items: Object.entries(pages).map(([name, link]) => ({ text: name, link })) };
}
