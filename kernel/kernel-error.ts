/** What can be wrong with a request to the kernel. */
export type KernelErrorCode =
  | 'KERNEL_NOT_BUILT'
  | 'KERNEL_OUT_OF_MEMORY'
  | 'BAD_SHAPE'
  | 'BAD_SEED'
  | 'BAD_STRENGTH'
  | 'BAD_COUNT'
  | 'NOT_FINITE';

/**
 * A request that the kernel refuses: a stable `code`, and a message with what was expected and what was
 * found.
 */
export class KernelError extends Error {
  readonly code: KernelErrorCode;

  constructor(code: KernelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KernelError';
    this.code = code;
  }
}
