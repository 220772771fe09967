import type { TestProject } from 'vitest/node';
import { openEngine } from './engine.ts';

declare module 'vitest' {
  /** What the tests are told by the setup. */
  export interface ProvidedContext {
    engine: Readonly<Record<string, string>>;
  }
}

/** Finds or starts the engine that the tests share. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const engine = await openEngine();
  project.provide('engine', engine.environment);
  return async () => await engine[Symbol.asyncDispose]();
}
