/** Finds secrets in text that is about to leave, and takes them out. */
export { isSecretPath } from './paths.ts';
export { createRedactor, placeholderPattern, type Redacted, type Redactor, redact } from './redact.ts';
export { type ScanOptions, type Secret, scan } from './scan.ts';
