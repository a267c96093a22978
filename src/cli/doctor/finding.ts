/** One thing the doctor looked at. `unknown` means that it could not be checked, and `because` says why. */
export type CheckUp = {
  readonly subject: string;
  readonly verdict: 'ok' | 'problem' | 'unknown';
  readonly because: string;
  /** What to do about a problem, or what would be better though it works. */
  readonly remedy?: string;
};

export const ok = (subject: string, because: string): CheckUp => ({ subject, verdict: 'ok', because });
export const unknown = (subject: string, because: string): CheckUp => ({
  subject,
  verdict: 'unknown',
  because,
});
export const problem = (subject: string, because: string, remedy: string): CheckUp => ({
  subject,
  verdict: 'problem',
  because,
  remedy,
});
/** It works, and could be better. */
export const advice = (subject: string, because: string, remedy: string): CheckUp => ({
  subject,
  verdict: 'ok',
  because,
  remedy,
});
