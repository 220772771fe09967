import type { TestProject } from 'vitest/node';
import { findChromium } from './needs.ts';

declare module 'vitest' {
  /** What the tests are told by the setup. */
  export interface ProvidedContext {
    chromium: string;
  }
}

/** Finds the Chromium that the tests drive. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('chromium', await findChromium());
}
