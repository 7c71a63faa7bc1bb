import { config } from 'zod';

// Every function imports this first, because a schema looks at it when it is made. Zod would compile a function for each
// object schema at its first use. That is a tenth of the cost of a first answer, and saves microseconds in later ones.
config({ jitless: true });
