import { openStoreIfPresent, type Store } from '../store/store.ts';

/** What `read` finds in the database of the folder `data`, which is open for no longer; undefined stands for none. */
export function readStored<T>(data: string, read: (store: Store | undefined) => T): T {
  using held = new DisposableStack();
  const store = openStoreIfPresent(data);
  held.defer(() => store?.close());
  return read(store);
}
