import { StoreRefused } from '../../application/ports/event-log.js';

/** The files in DATA_DIR cannot be used. The message is one line for an operator: what is wrong, with which file, what to do. */
export class DataFolderRefused extends StoreRefused {
  override readonly name = 'DataFolderRefused';
}
