/** The types of link-node.mjs for TypeScript callers. */
export declare function linkNode(root: string, machine?: { readonly platform: string; readonly arch: string }): void;
