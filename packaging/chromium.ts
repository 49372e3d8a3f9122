/** The browser of the report's tests, the site's check and the README's picture. Where it is missing, the first two are skipped. */
export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
