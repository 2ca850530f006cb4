/**
 * A file that cannot be read: cut short, contradictory, or made by something else. The message says what is wrong
 * and where.
 */
export class FileFormatError extends Error {
  static {
    // defined, since a realm with frozen intrinsics lets nobody assign what Error.prototype has
    Object.defineProperty(this.prototype, 'name', { value: 'FileFormatError', configurable: true, writable: true });
  }
}
