/** What a view of a rollout may know besides the state. */
export type RolloutViewOptions = {
  /** Where the run pages are, without a slash at the end. */
  readonly webUrl?: string;
  /** Slack ids of people on call now; they are mentioned once, with a halt. */
  readonly onCall?: readonly string[];
  /** The picture of a halt: an uploaded file of Slack's, or why there is none. */
  readonly chart?: { readonly file: string } | { readonly problem: string };
};
