import type { Environment } from '@dimmer/core/api';
import { createContext } from 'react';

/** The environment that an editor writes to, for what is deep inside of it. */
export const EnvironmentContext = createContext<Environment | null>(null);
