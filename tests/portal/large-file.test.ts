import { existsSync } from 'node:fs';
import { test } from 'uvu';
import { skipAloud } from '../support/skip.ts';
import { downloadInTwo } from './large-file.ts';

const name =
  '256 MB through the portal, broken off and resumed: the sum is right, and the server’s memory flat';
if (existsSync('/proc/self/status')) test(name, () => downloadInTwo(256 * 1024 ** 2));
else skipAloud(test, name, 'the memory of another process is read from /proc');

test.run();
