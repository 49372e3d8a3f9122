import { execFileSync } from 'node:child_process';

/** Builds the site of the docs into `site/`; with `--serve`, shows it until Ctrl-C. */
const vitepress = (...options: string[]): void => {
  execFileSync('npx', ['--no-install', 'vitepress', ...options], { stdio: 'inherit' });
};

vitepress('build', 'docs');
if (process.argv.includes('--serve')) {
  vitepress('preview', 'docs');
}
