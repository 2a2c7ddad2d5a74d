/** `npm run build`: dependencies, generated code and `dist/`, each only if it changed. */
import { bootstrap, run } from './lib/bootstrap.mjs';

run(() => bootstrap());
