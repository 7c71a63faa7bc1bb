import { afterEach, expect } from 'vitest';
import { undocumented } from './documented.ts';

afterEach(() => expect(undocumented.splice(0)).toEqual([]));
