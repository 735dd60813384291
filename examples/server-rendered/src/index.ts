export { startServerRendered, type ServerRendered, type ServerRenderedOptions } from './start-server-rendered.ts';
