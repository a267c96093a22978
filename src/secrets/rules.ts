/**
 * Our own table of secret formats, each written from its issuer's public documentation (the page is named
 * per group). Patterns are RE2 (linear time), are tried only around a keyword, and group 1, when there is
 * one, is the secret. A rule without `entropy` has a prefix or a checksum that chance does not produce.
 */
export type SecretRule = {
  /** Appears in placeholders and findings, so it never changes once released. */
  readonly id: string;
  /** Lower case; one of them must occur in the text. */
  readonly keywords: readonly string[];
  readonly pattern: string;
  /** Least Shannon entropy of the secret, in bits per character. */
  readonly entropy?: number;
  /** How far past its keyword a match may reach, in characters; 400 when absent. */
  readonly reach?: number;
};

const raw = String.raw;

/** A value that only counts when a name that holds `context` is assigned to it. */
function assigned(context: string, value: string): string {
  return `(?i:${context})[\\w.\\- \\t]{0,30}["'\\x60\\]]{0,2}[ \\t]{0,3}(?:=>|:=|=|:|,)\\s{0,3}\\\\?["'\\x60]?(${value})`;
}

const cloud: readonly SecretRule[] = [
  // docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
  {
    id: 'aws-access-key-id',
    keywords: ['akia', 'asia', 'abia', 'acca'],
    pattern: raw`(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}`,
    entropy: 2.8,
  },
  {
    id: 'aws-secret-access-key',
    keywords: ['aws', 'secretaccesskey', 'secret_access_key', 'secret-access-key'],
    pattern: assigned(
      raw`(?:aws[\w.\- ]{0,20}(?:secret|key)|secret[_-]?access[_-]?key)`,
      raw`[A-Za-z0-9/+]{40}`,
    ),
    entropy: 3.8,
  },
  // cloud.google.com/docs/authentication/api-keys, developers.google.com/identity/protocols/oauth2
  { id: 'google-api-key', keywords: ['aiza'], pattern: raw`AIza[\w-]{35}`, entropy: 3 },
  { id: 'google-oauth-secret', keywords: ['gocspx-'], pattern: raw`GOCSPX-[\w-]{28}`, entropy: 3 },
  { id: 'google-access-token', keywords: ['ya29.'], pattern: raw`ya29\.[\w-]{40,}`, entropy: 3 },
  {
    id: 'firebase-cloud-messaging-key',
    keywords: ['aaaa'],
    pattern: raw`AAAA[\w-]{7}:[\w-]{140}`,
    entropy: 3,
  },
  // learn.microsoft.com/azure/storage/common/storage-account-keys-manage, .../entra/identity-platform
  { id: 'azure-storage-key', keywords: ['accountkey='], pattern: raw`(?i:AccountKey)=([A-Za-z0-9+/]{86}==)` },
  {
    id: 'azure-client-secret',
    keywords: ['q~'],
    pattern: raw`(?:^|[^\w.~-])([\w.~-]{3}[0-9]Q~[\w.~-]{31,34})`,
    entropy: 3,
  },
  {
    id: 'azure-sas-signature',
    keywords: ['sig='],
    pattern: raw`[?&](?:sv|se|sp)=[^\s"']{8,200}[?&]sig=([A-Za-z0-9%+/]{40,}(?:%3[dD]|=)?)`,
  },
  // docs.digitalocean.com/reference/api, developers.cloudflare.com/fundamentals/api, devcenter.heroku.com/articles/authentication
  { id: 'digitalocean-token', keywords: ['_v1_'], pattern: raw`do[opr]_v1_[a-f0-9]{64}` },
  {
    id: 'cloudflare-token',
    keywords: ['cloudflare', 'cf_api'],
    pattern: assigned(raw`(?:cloudflare|cf_api)`, raw`[\w-]{40}|[a-f0-9]{37}`),
    entropy: 3.2,
  },
  { id: 'cloudflare-origin-ca-key', keywords: ['v1.0-'], pattern: raw`v1\.0-[a-f0-9]{24}-[a-f0-9]{146}` },
  {
    id: 'heroku-key',
    keywords: ['hrku-', 'heroku'],
    pattern: raw`HRKU-[\w-]{40,}|(?i:heroku)[\w.\- \t]{0,30}["']?[ \t]{0,3}(?:=|:)\s{0,3}["']?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`,
  },
  { id: 'fly-token', keywords: ['fm2_', 'flyv1'], pattern: raw`fm2_[A-Za-z0-9+/=_-]{60,}`, reach: 1500 },
  { id: 'netlify-token', keywords: ['nfp_'], pattern: raw`nfp_[A-Za-z0-9_]{36}` },
  {
    id: 'vercel-token',
    keywords: ['vcp_', 'vci_', 'vck_'],
    pattern: raw`vc[pick]_[A-Za-z0-9]{20,60}`,
    entropy: 3,
  },
  { id: 'planetscale-token', keywords: ['pscale_'], pattern: raw`pscale_(?:tkn|pw|oauth)_[\w.-]{32,64}` },
  {
    id: 'supabase-key',
    keywords: ['sbp_', 'sb_secret_'],
    pattern: raw`sbp_[a-f0-9]{40}|sb_secret_[\w-]{31,}`,
  },
  { id: 'databricks-token', keywords: ['dapi'], pattern: raw`dapi[a-f0-9]{32}(?:-[0-9])?` },
  {
    id: 'doppler-token',
    keywords: ['dp.'],
    pattern: raw`dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]{2,35}\.)?[A-Za-z0-9]{40,44}`,
  },
  // developer.hashicorp.com/vault/docs/concepts/tokens, .../terraform/cloud-docs/users-teams-organizations/api-tokens
  {
    id: 'vault-token',
    keywords: ['hvs.', 'hvb.', 'hvr.'],
    pattern: raw`hv[sbr]\.[\w-]{24,300}`,
    entropy: 3.2,
  },
  {
    id: 'terraform-cloud-token',
    keywords: ['.atlasv1.'],
    pattern: raw`[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70}`,
  },
  { id: 'pulumi-token', keywords: ['pul-'], pattern: raw`pul-[a-f0-9]{40}` },
  { id: 'alibaba-access-key-id', keywords: ['ltai'], pattern: raw`LTAI[A-Za-z0-9]{17,21}`, entropy: 3 },
  { id: 'tailscale-key', keywords: ['tskey-'], pattern: raw`tskey-[a-z]{2,20}-\w{8,40}-\w{16,60}` },
];

const code: readonly SecretRule[] = [
  // docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
  { id: 'github-pat', keywords: ['ghp_'], pattern: raw`ghp_[A-Za-z0-9]{36}` },
  { id: 'github-fine-grained-pat', keywords: ['github_pat_'], pattern: raw`github_pat_\w{82}` },
  { id: 'github-oauth-token', keywords: ['gho_'], pattern: raw`gho_[A-Za-z0-9]{36}` },
  {
    id: 'github-app-token',
    keywords: ['ghu_', 'ghs_'],
    pattern: raw`gh[us]_(?:[0-9]{1,20}_[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}|[A-Za-z0-9]{36})`,
    reach: 2000,
  },
  { id: 'github-refresh-token', keywords: ['ghr_'], pattern: raw`ghr_[A-Za-z0-9]{36,76}` },
  // docs.gitlab.com/security/tokens
  {
    id: 'gitlab-token',
    keywords: ['glpat-', 'gldt-', 'glrt-', 'glptt-', 'glft-', 'glsoat-', 'glagent-', 'glcbt-', 'gloas-'],
    pattern: raw`gl(?:pat|dt|rt|ptt|ft|soat|agent|cbt|oas)-[\w.-]{20,128}`,
    entropy: 3,
  },
  // support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account
  {
    id: 'atlassian-api-token',
    keywords: ['atatt3', 'atctt3', 'atbb'],
    pattern: raw`AT[AC]TT3[\w=-]{100,200}|ATBB[A-Za-z0-9]{32}`,
  },
  {
    id: 'jira-api-token',
    keywords: ['jira', 'atlassian', 'confluence'],
    pattern: assigned('(?:jira|atlassian|confluence)', raw`[A-Za-z0-9]{24}`),
    entropy: 3.4,
  },
  {
    id: 'bitbucket-secret',
    keywords: ['bitbucket'],
    pattern: assigned('bitbucket', raw`[A-Za-z0-9=_-]{64}|[A-Za-z0-9]{32}`),
    entropy: 3.4,
  },
  // docs.npmjs.com/about-access-tokens, pypi.org/help/#apitoken, guides.rubygems.org/api-key-scopes
  { id: 'npm-token', keywords: ['npm_'], pattern: raw`npm_[A-Za-z0-9]{36}` },
  {
    id: 'npmrc-auth',
    keywords: [':_authtoken', ':_password', ':_auth'],
    pattern: raw`:_(?:authToken|password|auth)[ \t]{0,3}=[ \t]{0,3}["']?([A-Za-z0-9+/=_-]{16,})`,
    entropy: 3,
  },
  { id: 'pypi-token', keywords: ['pypi-agei'], pattern: raw`pypi-AgEI[\w-]{50,}`, reach: 1000 },
  { id: 'rubygems-key', keywords: ['rubygems_'], pattern: raw`rubygems_[a-f0-9]{48}` },
  { id: 'nuget-key', keywords: ['oy2'], pattern: raw`oy2[a-z0-9]{43}`, entropy: 3.5 },
  { id: 'crates-token', keywords: ['cio'], pattern: raw`cio[A-Za-z0-9]{32}`, entropy: 3.8 },
  { id: 'docker-token', keywords: ['dckr_'], pattern: raw`dckr_[po]at_[\w-]{27,32}` },
  {
    id: 'artifactory-key',
    keywords: ['akcp', 'cmvmd'],
    pattern: raw`AKCp[A-Za-z0-9]{69}|cmVmd[A-Za-z0-9]{59}`,
  },
  { id: 'sonar-token', keywords: ['squ_', 'sqp_', 'sqa_'], pattern: raw`sq[upa]_[a-f0-9]{40}` },
  { id: 'postman-key', keywords: ['pmak-'], pattern: raw`PMAK-[a-f0-9]{24}-[a-f0-9]{34}` },
  { id: 'figma-token', keywords: ['figd_'], pattern: raw`figd_[\w-]{40,200}` },
  {
    id: 'linear-key',
    keywords: ['lin_api_', 'lin_oauth_'],
    pattern: raw`lin_(?:api_[A-Za-z0-9]{40}|oauth_[a-f0-9]{64})`,
  },
  {
    id: 'notion-token',
    keywords: ['ntn_', 'secret_'],
    pattern: raw`ntn_[0-9]{11}[A-Za-z0-9]{35}|secret_[A-Za-z0-9]{43}`,
    entropy: 3.5,
  },
  { id: 'airtable-token', keywords: ['pat'], pattern: raw`pat[A-Za-z0-9]{14}\.[a-f0-9]{64}` },
  // docs.getunleash.io/reference/api-tokens-and-client-keys
  {
    id: 'unleash-token',
    keywords: [':'],
    pattern: raw`(?:\*|[\w-]{1,60}):(?:\*|[\w-]{1,60})\.[a-f0-9]{56,64}`,
    reach: 200,
  },
  {
    id: 'launchdarkly-key',
    keywords: ['sdk-', 'api-', 'mob-'],
    pattern: raw`(?:sdk|api|mob)-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`,
  },
];

const services: readonly SecretRule[] = [
  // api.slack.com/concepts/token-types, api.slack.com/authentication/verifying-requests-from-slack
  {
    id: 'slack-token',
    keywords: ['xox'],
    pattern: raw`xox[abeoprs](?:\.xox[bp])?-[0-9A-Za-z]{1,20}(?:-[0-9A-Za-z]{1,200}){1,5}`,
    entropy: 2.9,
  },
  {
    id: 'slack-app-token',
    keywords: ['xapp-'],
    pattern: raw`xapp-[0-9]-[A-Z0-9]{6,14}-[0-9]{8,16}-[a-z0-9]{32,128}`,
  },
  {
    id: 'slack-webhook',
    keywords: ['hooks.slack.com'],
    pattern: raw`hooks\.slack\.com/(?:services/T\w{6,14}/B\w{6,14}/|workflows/T\w{6,14}/A\w{6,14}/[0-9]{10,20}/|triggers/T\w{6,14}/[0-9]{8,20}/)([A-Za-z0-9]{18,48})`,
  },
  {
    id: 'slack-signing-secret',
    keywords: ['signing'],
    pattern: assigned(raw`signing[_ .-]?secret`, raw`[a-f0-9]{32}`),
    entropy: 2.8,
  },
  // docs.stripe.com/keys, docs.stripe.com/webhooks
  {
    id: 'stripe-key',
    keywords: ['k_live_', 'k_test_'],
    pattern: raw`[sr]k_(?:live|test)_[A-Za-z0-9]{20,247}`,
    entropy: 3,
  },
  {
    id: 'stripe-webhook-secret',
    keywords: ['whsec_'],
    pattern: raw`whsec_[A-Za-z0-9+/=]{32,64}`,
    entropy: 3,
  },
  // platform.openai.com/docs/api-reference/authentication, docs.anthropic.com/en/api, and the other model makers' own pages
  {
    id: 'openai-key',
    keywords: ['sk-', 't3blbkfj'],
    pattern: raw`sk-(?:(?:proj|svcacct|admin|None)-[\w-]{40,200}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}|[A-Za-z0-9]{48})`,
    entropy: 3.5,
  },
  { id: 'anthropic-key', keywords: ['sk-ant-'], pattern: raw`sk-ant-[a-z]{2,8}[0-9]{2}-[\w-]{80,128}` },
  { id: 'openrouter-key', keywords: ['sk-or-v1-'], pattern: raw`sk-or-v1-[a-f0-9]{64}` },
  {
    id: 'huggingface-token',
    keywords: ['hf_', 'api_org_'],
    pattern: raw`hf_[A-Za-z]{34}|api_org_[A-Za-z]{34}`,
    entropy: 3,
  },
  { id: 'groq-key', keywords: ['gsk_'], pattern: raw`gsk_[A-Za-z0-9]{52}` },
  { id: 'replicate-token', keywords: ['r8_'], pattern: raw`r8_[A-Za-z0-9]{37}` },
  { id: 'perplexity-key', keywords: ['pplx-'], pattern: raw`pplx-[A-Za-z0-9]{48}` },
  { id: 'xai-key', keywords: ['xai-'], pattern: raw`xai-[A-Za-z0-9]{80}` },
  // www.twilio.com/docs/iam/api-keys, docs.sendgrid.com, documentation.mailgun.com, mailchimp.com/developer
  { id: 'twilio-api-key', keywords: ['sk'], pattern: raw`SK[0-9a-f]{32}`, entropy: 3 },
  {
    id: 'twilio-auth-token',
    keywords: ['twilio'],
    pattern: assigned('twilio', raw`[0-9a-f]{32}`),
    entropy: 3,
  },
  { id: 'sendgrid-key', keywords: ['sg.'], pattern: raw`SG\.[\w-]{20,24}\.[\w-]{39,50}` },
  {
    id: 'mailgun-key',
    keywords: ['key-', 'mailgun'],
    pattern: raw`key-[0-9a-f]{32}|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}`,
    entropy: 3,
  },
  { id: 'mailchimp-key', keywords: ['-us'], pattern: raw`[0-9a-f]{32}-us[0-9]{1,2}`, entropy: 3, reach: 40 },
  // discord.com/developers/docs/reference, core.telegram.org/bots/api
  {
    id: 'discord-webhook',
    keywords: ['/api/webhooks/'],
    pattern: raw`discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/([\w-]{60,80})`,
  },
  {
    id: 'discord-bot-token',
    keywords: ['discord', 'bot'],
    pattern: raw`[MNO][A-Za-z0-9_-]{23,27}\.[\w-]{6}\.[\w-]{27,40}`,
    entropy: 3.5,
  },
  { id: 'telegram-bot-token', keywords: [':aa'], pattern: raw`[0-9]{8,10}:AA[\w-]{33}`, entropy: 3 },
  // shopify.dev/docs/apps/auth, developer.squareup.com/docs, developer.paypal.com/braintree
  {
    id: 'shopify-token',
    keywords: ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    pattern: raw`shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}`,
  },
  {
    id: 'square-token',
    keywords: ['sq0', 'eaaa'],
    pattern: raw`sq0(?:atp-[\w-]{22}|csp-[\w-]{43})|EAAA[\w-]{60}`,
    entropy: 3.3,
  },
  {
    id: 'braintree-token',
    keywords: ['access_token$'],
    pattern: raw`access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}`,
  },
  // observability: docs.datadoghq.com, docs.newrelic.com, grafana.com/docs, docs.sentry.io, docs.dynatrace.com
  {
    id: 'datadog-key',
    keywords: ['datadog', 'dd_api', 'dd_app'],
    pattern: assigned('(?:datadog|dd_ap[ip])', raw`[a-f0-9]{40}|[a-f0-9]{32}`),
    entropy: 3,
  },
  {
    id: 'new-relic-key',
    keywords: ['nrak-', 'nrii-', 'nral'],
    pattern: raw`NRAK-[A-Z0-9]{27}|NRII-[\w-]{32}|[0-9a-f]{36}NRAL`,
    entropy: 3,
  },
  {
    id: 'grafana-token',
    keywords: ['glsa_', 'glc_'],
    pattern: raw`glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|glc_[A-Za-z0-9+/]{32,400}={0,2}`,
  },
  {
    id: 'sentry-token',
    keywords: ['sntrys_', 'sntryu_'],
    pattern: raw`sntryu_[a-f0-9]{64}|sntrys_eyJ[A-Za-z0-9+/=_]{60,}`,
    reach: 800,
  },
  { id: 'dynatrace-token', keywords: ['dt0'], pattern: raw`dt0[a-z][0-9]{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}` },
  { id: 'facebook-token', keywords: ['eaa'], pattern: raw`EAA[A-Za-z0-9]{90,250}`, entropy: 3.5 },
  {
    id: 'onepassword-secret',
    keywords: ['a3-', 'ops_eyj'],
    pattern: raw`A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}|ops_eyJ[A-Za-z0-9+/]{250,}={0,3}`,
    reach: 1600,
  },
];

const general: readonly SecretRule[] = [
  // RFC 7468 (PEM), RFC 9580 (OpenPGP), PuTTY's manual, age-encryption.org
  {
    id: 'private-key',
    keywords: ['private key'],
    pattern: raw`-----BEGIN[ A-Z0-9]{0,40} ?PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\:,"'.()-]+?-----END[ A-Z0-9]{0,40} ?PRIVATE KEY(?: BLOCK)?-----|-----BEGIN[ A-Z0-9]{0,40} ?PRIVATE KEY(?: BLOCK)?-----(?:[\s\\rn"'+,]{0,12}[A-Za-z0-9+/=]{40,})+`,
    reach: 17_000,
  },
  {
    id: 'putty-private-key',
    keywords: ['putty-user-key-file'],
    pattern: raw`PuTTY-User-Key-File-[23]:[\s\S]+?Private-Lines:[ 0-9]+\s[A-Za-z0-9+/=\s]{40,}`,
    reach: 4000,
  },
  {
    id: 'age-key',
    keywords: ['age-secret-key-1'],
    pattern: raw`AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}`,
  },
  // RFC 7519
  {
    id: 'jwt',
    keywords: ['eyj'],
    pattern: raw`eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{16,}`,
    entropy: 3.5,
    reach: 7000,
  },
  // RFC 3986 userinfo, in any scheme
  {
    id: 'url-password',
    keywords: ['://'],
    pattern: raw`[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s:/@"'<>\x60]{0,100}:([^\s/@"'<>\x60]{3,200})@[A-Za-z0-9\[]`,
    reach: 450,
  },
  {
    id: 'url-token',
    keywords: ['://'],
    pattern: raw`[A-Za-z][A-Za-z0-9+.-]{1,30}://([\w.~-]{20,255})(?::(?:x-oauth-basic|x-access-token)?)?@[A-Za-z0-9\[]`,
    entropy: 3,
  },
  // RFC 6750, RFC 7617
  {
    id: 'authorization-header',
    keywords: ['authorization'],
    pattern: raw`(?i:authorization)["']?[ \t]{0,3}[:=,][ \t]{0,3}["'\x60]?(?i:bearer|basic|token)[ \t]{1,3}([\w+/=.~-]{16,})`,
    entropy: 3,
    reach: 2200,
  },
  // Microsoft's connection string syntax: Server=...;Password=...;
  {
    id: 'connection-string-password',
    keywords: ['password=', 'pwd='],
    pattern: raw`(?i:server|data source|host|user id|uid)=[^;"'\r\n]{1,100};[^"'\r\n]{0,200}?(?i:password|pwd)=([^;"'\s]{6,128})`,
    reach: 250,
  },
];

export const secretRules: readonly SecretRule[] = [...cloud, ...code, ...services, ...general];
