/** A small disk of its own for one part of the stack, so that it can be filled without filling anything else. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** @throws Error when this account may not mount one */
export function smallDisk(folder: string, sizeMb: number): string {
  const path = join(folder, 'disk');
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=755`, 'ballast-disk', path], {
      stdio: 'pipe',
    });
  } catch (error) {
    throw new Error(`a disk of ${sizeMb} MB can't be mounted: this case needs root on Linux`, {
      cause: error,
    });
  }
  return path;
}

export function releaseDisk(path: string): void {
  execFileSync('umount', ['--lazy', path], { stdio: 'pipe' });
}
