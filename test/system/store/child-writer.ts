/**
 * Process of a test: applies batches of BATCH rows from row FROM on, and prints the number of each row it may
 * forget.
 */
import { openForWriting, databasePath } from '../../../store/open.ts';
import { writerOver } from '../../../store/writer.ts';
import { numberedRows, plan } from './numbered-rows.ts';

const [directory = '', journal = 'wal', from = '0', batch = '20'] = process.argv.slice(2);
const connection = openForWriting(directory, { name: 'as the test says', local: journal === 'wal' });
// So small a cache spills into the file long before the commit: a kill then leaves the file half-written.
connection.exec('PRAGMA cache_size = 10');
const writer = writerOver(connection, databasePath(directory));
writer.apply([plan()]);
for (let next = Number(from); ; next += Number(batch)) {
  writer.apply(numberedRows(next, next + Number(batch)));
  process.stdout.write(`${next + Number(batch)}\n`);
}
