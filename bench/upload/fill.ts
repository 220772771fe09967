/** Fills the database in the folder of the first argument with as many wide rows as the second says, in a process of its own. */
import { openWriter } from '../../store/writer.ts';
import { planOfTable, wideRows } from '../sink/wide-rows.ts';

/** Rows of a transaction. */
const BATCH_ROWS = 1_000;

const [folder = '', rows = '0'] = process.argv.slice(2);
const writer = openWriter(folder);
writer.apply([planOfTable()]);
for (let from = 0; from < Number(rows); from += BATCH_ROWS) writer.apply(wideRows(from, Math.min(Number(rows), from + BATCH_ROWS)));
writer.close();
