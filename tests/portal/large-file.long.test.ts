import { existsSync } from 'node:fs';
import { test } from 'uvu';
import { skipAloud } from '../support/skip.ts';
import { downloadInTwo } from './large-file.ts';

const name =
  '2 GB through the portal, broken off and resumed: the sum is right, and the server’s memory flat';
if (existsSync('/proc/self/status')) test(name, () => downloadInTwo(2 * 1024 ** 3));
else skipAloud(test, name, 'the memory of another process is read from /proc');

test.run();
