/** The types of consumer.mjs for TypeScript callers, who ask whether the bundle is current and never make it. */
export declare const consumerStep: {
  /**
   * Why dist/consumer.mjs of the checkout `root` must not be used, such as "the bundled consumer is older than its
   * sources"; undefined where it is current. Reads only, in milliseconds.
   */
  missing(setup: { readonly root: string }): string | undefined;
};
