import fs from 'node:fs';
import path from 'node:path';

/**
 * Links the Node that npm brought into node_modules/.bin where npm has not: npm 10, which comes with Node 20 and 22, takes
 * the link away again with the packages of the other platforms, which it leaves out and which have the same command.
 *
 * @param {string} root the checkout
 * @param {{ platform: string, arch: string }} [machine]
 */
export function linkNode(root, machine = process) {
  const link = path.join(root, 'node_modules', '.bin', 'node');
  const names = ['node', 'node-bin'].map((start) => `${start}-${machine.platform}-${machine.arch}`);
  const name = names.find((one) => fs.existsSync(path.join(root, 'node_modules', one, 'bin', 'node')));
  if (name === undefined || fs.existsSync(link)) return;
  fs.mkdirSync(path.dirname(link), { recursive: true });
  fs.rmSync(link, { force: true }); // one that leads nowhere
  fs.symlinkSync(path.join('..', name, 'bin', 'node'), link);
}
