export type DatabaseErrorCode = 'DATABASE_NEWER' | 'DATABASE_MIGRATION';

/** The database cannot serve this release. */
export class DatabaseError extends Error {
  readonly code: DatabaseErrorCode;

  constructor(code: DatabaseErrorCode, message: string) {
    super(message);
    this.name = 'DatabaseError';
    this.code = code;
  }
}
