/**
 * Files whose whole purpose is to hold a secret. They are never shown to a model, and a change may not add one.
 * Templates such as `.env.example` are meant to be read.
 */
const secretNames = [
  /^\.env(?:rc|\..+)?$/i,
  /\.env$/i,
  /\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|ovpn)$/i,
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?:\..*)?$/i,
  /^\.(?:npmrc|yarnrc|pypirc|netrc|pgpass|htpasswd|git-credentials|dockercfg|my\.cnf|boto|s3cfg)$/i,
  /^(?:credentials|secrets?)\.(?:json|ya?ml|toml|ini|xml|properties)$/i,
  /^service[-_]?account.*\.json$/i,
  /^(?:.*[-_.])?tfstate(?:\.backup)?$|\.tfvars$/i,
  /^_?netrc$|^kubeconfig$|^\.kubeconfig$/i,
];
const templates = /\.(?:example|sample|template|dist|defaults?|schema)(?:\.[a-z]+)?$|^id_[a-z0-9]+\.pub$/i;
const secretFolders = /(?:^|\/)(?:\.ssh|\.aws|\.gnupg|\.docker|\.kube)\//i;

/** Is this file made to hold secrets, by its path alone? */
export function isSecretPath(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (secretFolders.test(path)) return true;
  return !templates.test(name) && secretNames.some((pattern) => pattern.test(name));
}
