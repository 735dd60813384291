// Imported before anything else, and written so that old versions of Node can read it.

const NEEDED = [20, 19];

export function checkNode() {
  const parts = process.versions.node.split('.').map(Number);
  if (parts[0] > NEEDED[0] || (parts[0] === NEEDED[0] && parts[1] >= NEEDED[1])) return;
  console.error(`Dimmer needs Node ${NEEDED.join('.')} or newer; this is ${process.versions.node}.`);
  console.error('Get a current one from https://nodejs.org, then run the same command again.');
  process.exit(1);
}
