export { startLampWall, type LampWall, type LampWallOptions } from './start-lamp-wall.ts';
