'use strict';

const { existsSync, readdirSync, readFileSync, rmSync } = require('node:fs');

/** What CDK, tsx and Node leave in the temp folder, whoever uses them. Everybody else has to clean up. */
const OF_OTHERS = /^(cdk\.out|cdk[A-Za-z0-9]{6}$|tsx-|node-compile-cache)/;

/** The files and folders that tests have left in their run's temp folder. */
exports.leftFiles = (folder) => readdirSync(folder).filter((name) => !OF_OTHERS.test(name));

/** The processes of a run, which have its temp folder in their environment: its workers, and whatever those started. */
exports.processes = (folder) => {
  // Only Linux tells.
  const ids = existsSync('/proc/self/environ') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return ids
    .filter((id) => read(id, 'environ').includes(`TMPDIR=${folder}`))
    .map((id) => {
      return { id: Number(id), command: read(id, 'cmdline').join(' ').trim() };
    });
};

/** Ends what belongs to a run, and removes its temp folder. */
exports.remove = (folder) => {
  exports.processes(folder).forEach(({ id }) => kill(id));
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
};

/** A process that is ending has nothing to be read. */
function read(id, file) {
  try {
    return readFileSync(`/proc/${id}/${file}`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function kill(id) {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
