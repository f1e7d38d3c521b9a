/** Practice cannot be added: something of the site has a number or a name that it needs. Nothing was changed. */
export class PracticeError extends Error {
  readonly code = 'PRACTICE_TAKEN';

  /** @param taken what is in the way, as `phone 3901` */
  constructor(taken: readonly string[]) {
    super(
      `This site has ${taken.join(', ')} already, so the practice calls of --demo cannot be added. Nothing was changed.`,
    );
    this.name = 'PracticeError';
  }
}
