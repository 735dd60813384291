// Loaded by `--import` before a process under test: production code knows nothing of faults.
import { register } from 'node:module';
import { installClock } from './clock.ts';
import { openControl } from './control.ts';
import { watchDisk } from './disk.ts';

const { FAULTS_CONTROL: control, FAULTS_DRIVER: driver } = process.env;
register('./hooks.js', import.meta.url);
installClock();
if (driver !== undefined) watchDisk(driver);
if (control !== undefined) openControl(control);
