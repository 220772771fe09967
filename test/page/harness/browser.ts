import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** A Chromium of a test's own, and what its pages did that they must not. */
export interface Watched extends AsyncDisposable {
  /** A page in a context of its own, which knows no cookie yet. */
  page(options?: BrowserContextOptions): Promise<Page>;
  /** Messages of the console that are errors, violations of the Content-Security-Policy, errors that nobody caught. */
  readonly faults: string[];
  /** Hosts other than this machine that were asked for something. */
  readonly strangers: string[];
}

/** Reports violations of the policy even where the console is silent. */
const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))`;

/** Starts the Chromium at `path`; it ends with all its processes. */
export async function openBrowser(path: string): Promise<Watched> {
  const browser: Browser = await chromium.launch({ executablePath: path });
  const faults: string[] = [];
  const strangers: string[] = [];
  return {
    faults,
    strangers,
    page: async (options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1240, height: 900 }, ...options });
      await context.addInitScript(REPORT_VIOLATIONS);
      const page = await context.newPage();
      page.on('console', (message) => (message.type() === 'error' ? void faults.push(message.text()) : undefined));
      page.on('pageerror', (error) => void faults.push(String(error)));
      page.on('request', (request) => {
        const { hostname, protocol } = new URL(request.url());
        if (!['127.0.0.1', ''].includes(hostname) || !['http:', 'file:', 'data:'].includes(protocol)) strangers.push(request.url());
      });
      return page;
    },
    [Symbol.asyncDispose]: async () => await browser.close(),
  };
}
