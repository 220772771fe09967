// `npm run setup`: everything a fresh clone lacks, or nothing at all. Must parse on old Nodes, so that they
// get a clear line.

// the oldest Node that npm 10 and this script are tried on; Sluice itself runs on the Node it installs
const OLDEST_NODE_MAJOR = 20;

const major = Number(process.versions.node.split('.')[0]);
if (major < OLDEST_NODE_MAJOR) {
  process.stderr.write(
    'Sluice setup: needs Node ' + OLDEST_NODE_MAJOR + ' or newer to start from, found ' +
    process.versions.node + '. Load or install a newer one (module load nodejs, nvm install 24, ' +
    'conda install nodejs) and run this again.\n');
  process.exitCode = 1;
} else {
  void import('./command.mjs').then((command) => command.runSetupCommand());
}
