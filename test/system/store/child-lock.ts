/** Process of a test: holds the lock on a database until it is ended. */
import { lockForWriting } from '../../../store/lock.ts';

const [directory = ''] = process.argv.slice(2);
lockForWriting(directory);
process.stdout.write('held\n');
setInterval(() => undefined, 60_000);
