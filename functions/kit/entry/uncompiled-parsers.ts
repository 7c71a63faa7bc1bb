import { config } from 'zod';

// The first import of every function, since a schema heeds it when it is made. For each schema of an object zod would write
// and compile a function at its first use: a tenth of what a first answer costs, to save microseconds in later ones.
config({ jitless: true });
